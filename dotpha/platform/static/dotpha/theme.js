// Before the first paint: the theme chosen here, else the system's, also when it changes; the density chosen here.
(function () {
  "use strict";
  var root = document.documentElement, system = window.matchMedia("(prefers-color-scheme: dark)");
  function kept(name, value) {
    try { if (value) localStorage.setItem(name, value); return localStorage.getItem(name); } catch (e) { return null; /* storage is closed: the system decides */ }
  }
  function paint() { root.setAttribute("data-bs-theme", kept("dotpha-theme") || (system.matches ? "dark" : "light")); }
  paint();
  system.addEventListener("change", paint);
  window.addEventListener("storage", paint);  // chosen in another tab
  document.addEventListener("click", function (event) {
    if (!event.target.closest("[data-theme-toggle]")) return;
    var next = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
    kept("dotpha-theme", next);
    root.setAttribute("data-bs-theme", next);
  });
  if (kept("dotpha-density")) root.setAttribute("data-density", kept("dotpha-density"));
  root.setAttribute("data-js", "1");

  // Shown when it is whole, so that nothing moves under the eye: read to its end and with its fonts, which after a
  // tenth of a second are no longer waited for by the browser itself. On a slow line what is there is shown.
  root.setAttribute("data-coming", "1");
  function show() { root.removeAttribute("data-coming"); }
  setTimeout(show, 3000);
  document.addEventListener("DOMContentLoaded", function () {
    setTimeout(show, 300);
    if (document.fonts) document.fonts.ready.then(show); else show();
  });
  window.addEventListener("load", show);
})();
