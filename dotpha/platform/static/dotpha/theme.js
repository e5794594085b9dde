// Before the first paint: the theme chosen here, else the system's; the density chosen here.
(function () {
  "use strict";
  var root = document.documentElement, kept = {};
  try { kept = { theme: localStorage.getItem("dotpha-theme"), density: localStorage.getItem("dotpha-density") }; } catch (e) { /* storage is closed: the system decides */ }
  var dark = window.matchMedia && window.matchMedia("(prefers-color-scheme: dark)").matches;
  root.setAttribute("data-bs-theme", kept.theme || (dark ? "dark" : "light"));
  if (kept.density) root.setAttribute("data-density", kept.density);
  root.setAttribute("data-js", "1");
})();
