// What pages do beyond plain HTML. Everything works without this file.
(function () {
  "use strict";
  var root = document.documentElement;
  function all(selector, from) { return Array.prototype.slice.call((from || document).querySelectorAll(selector)); }
  function kept(name, value) {
    try { if (value === undefined) return localStorage.getItem(name); if (value === null) localStorage.removeItem(name); else localStorage.setItem(name, value); } catch (e) { return null; }
  }
  function typing(event) {
    var at = event.target;
    return event.isComposing || event.keyCode === 229 || at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName);
  }

  // Theme
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-theme-toggle]");
    if (!button) return;
    var next = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
    root.setAttribute("data-bs-theme", next);
    kept("dotpha-theme", next);
  });

  // Keys: / search, g + letter go, J K rows, ? these keys, Ctrl or Command + K palette
  var gone = 0;
  document.addEventListener("keydown", function (event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") { event.preventDefault(); openPalette(); return; }
    if (typing(event) || event.ctrlKey || event.metaKey || event.altKey || kept("dotpha-keys") === "off") return;
    if (Date.now() - gone < 1500) {
      gone = 0;
      var item = document.querySelector('.side a[data-letter="' + CSS.escape(event.key) + '"]');
      if (item) { event.preventDefault(); item.click(); }
      return;
    }
    if (event.key === "/") { var q = document.getElementById("q"); if (q) { event.preventDefault(); q.focus(); } }
    else if (event.key === "g") gone = Date.now();
    else if (event.key === "?") { var keys = document.getElementById("keys"); if (keys) { event.preventDefault(); keys.showModal(); } }
    else if (event.key === "j" || event.key === "k") moveRow(event.key === "j" ? 1 : -1);
  });
  function moveRow(step) {
    var links = all("tbody tr td a[href]:first-of-type").filter(function (a) { return a.closest("tr").querySelector("a[href]") === a; });
    if (!links.length) return;
    var at = links.indexOf(document.activeElement);
    links[Math.max(0, Math.min(links.length - 1, at + step))].focus();
  }

  // Palette
  var items = [];
  function openPalette() {
    var box = document.getElementById("palette");
    if (!box || box.open) return;
    box.showModal();
    document.getElementById("palette-q").value = "";
    fill("");
  }
  function fill(text) {
    var desk = document.querySelector("[data-palette]");
    fetch(desk.getAttribute("data-palette") + "?q=" + encodeURIComponent(text), { headers: { Accept: "application/json" } })
      .then(function (answer) { return answer.json(); })
      .then(function (said) {
        var plain = function (s) { return s.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/g, "d"); };
        items = said.items.filter(function (item) { return item.found || !text || plain(item.title + " " + item.keys).indexOf(plain(text)) >= 0 || /\d/.test(item.keys); }).slice(0, 12);
        var list = document.getElementById("palette-list");
        list.textContent = "";
        items.forEach(function (item) {
          var li = document.createElement("li"), a = document.createElement("a"), kind = document.createElement("span");
          a.href = item.url; a.textContent = item.title; kind.className = "muted sm"; kind.textContent = " " + item.kind;
          li.appendChild(a); li.appendChild(kind); list.appendChild(li);
        });
      });
  }
  document.addEventListener("input", function (event) { if (event.target.id === "palette-q") fill(event.target.value); });
  document.addEventListener("keydown", function (event) {
    if (event.target.id === "palette-q" && event.key === "Enter" && !event.isComposing && items[0]) location.href = items[0].url;
  });

  // Selection of rows
  document.addEventListener("change", function (event) {
    var head = event.target.closest("[data-select-all]");
    if (head) all('tbody input[type="checkbox"]', head.closest("table")).forEach(function (box) { box.checked = head.checked; });
    var count = all("tbody input[type=checkbox]:checked").length;
    all("[data-bulk]").forEach(function (bulk) { bulk.hidden = !count; var n = bulk.querySelector("[data-count]"); if (n) n.textContent = count; });
  });
  all("[data-bulk]").forEach(function (bulk) { bulk.hidden = true; });

  // Copy this address
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-copy]");
    if (button && navigator.clipboard) navigator.clipboard.writeText(button.getAttribute("data-copy") || location.href).then(function () { button.textContent = button.getAttribute("data-done") || button.textContent; });
  });

  // Somebody else is here
  all("[data-presence]").forEach(function (place) {
    var timer, gone = false;
    function said(leaves) {
      var body = new FormData();
      body.append("subject", place.getAttribute("data-presence"));
      body.append("csrfmiddlewaretoken", (document.querySelector("[name=csrfmiddlewaretoken]") || {}).value || "");
      if (leaves) body.append("leaves", "1");
      return body;
    }
    function tell() {
      if (document.hidden || gone) return;
      fetch("/desk/presence/", { method: "POST", body: said(false) }).then(function (a) { return a.json(); }).then(function (told) { place.textContent = told.sentence; place.hidden = !told.sentence; }).catch(function () { place.hidden = true; });
    }
    function come() { gone = false; tell(); clearInterval(timer); timer = setInterval(tell, 5000); }
    // A beacon is sent while the page goes, holds nobody up, and keeps the page fit for the browser's way back.
    window.addEventListener("pagehide", function () { gone = true; clearInterval(timer); if (navigator.sendBeacon) navigator.sendBeacon("/desk/presence/", said(true)); });
    window.addEventListener("pageshow", function (event) { if (event.persisted) come(); });
    document.addEventListener("visibilitychange", tell);
    come();
  });
})();
