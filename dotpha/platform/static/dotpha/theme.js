// Before the first paint: the theme chosen here, else the system's, also when it changes; the density chosen here.
(function () {
  "use strict";
  var root = document.documentElement, system = window.matchMedia("(prefers-color-scheme: dark)");
  function kept(name) { try { return localStorage.getItem(name); } catch (e) { return null; /* storage is closed: the system decides */ } }
  function paint() { root.setAttribute("data-bs-theme", kept("dotpha-theme") || (system.matches ? "dark" : "light")); }
  paint();
  system.addEventListener("change", paint);
  if (kept("dotpha-density")) root.setAttribute("data-density", kept("dotpha-density"));
  root.setAttribute("data-js", "1");
})();
