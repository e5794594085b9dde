// What pages do beyond plain HTML. Everything works without this file.
(function () {
  "use strict";
  function all(selector, from) { return Array.prototype.slice.call((from || document).querySelectorAll(selector)); }
  function kept(name) { try { return localStorage.getItem(name); } catch (e) { return null; } }
  function typing(event) {
    var at = event.target;
    if (/^(checkbox|radio)$/.test(at.type)) return false;  // nothing is typed there
    return event.isComposing || event.keyCode === 229 || at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName);
  }

  // Keys: / search, g + letter go, J K rows, ? these keys (Ctrl or Command + K: palette.js)
  // Who speaks to the computer, or whose hand shakes, turns single keys off (WCAG 2.1.4) and finds them in the menu again.
  var gone = 0, keys = document.getElementById("keys"), single = document.querySelector("[data-keys-single]");
  if (single) {
    single.checked = kept("dotpha-keys") !== "off";
    single.addEventListener("change", function () { try { localStorage.setItem("dotpha-keys", single.checked ? "on" : "off"); } catch (e) { /* storage is closed: for this page only */ } });
    document.querySelector("[data-keys-open]").addEventListener("click", function () { keys.showModal(); });
  }
  document.addEventListener("keydown", function (event) {
    if (typing(event) || event.ctrlKey || event.metaKey || event.altKey || (single && !single.checked)) return;
    if (Date.now() - gone < 1500) {
      gone = 0;
      var item = document.querySelector('.side a[data-letter="' + CSS.escape(event.key) + '"]');
      if (item) { event.preventDefault(); item.click(); }
      return;
    }
    if (event.key === "/") { event.preventDefault(); search(); }
    else if (event.key === "g") gone = Date.now();
    else if (event.key === "?" && keys) { event.preventDefault(); keys.showModal(); }
    else if (event.key === "j" || event.key === "k") moveRow(event.key === "j" ? 1 : -1);
  });
  function search() {
    var q = document.getElementById("search-q") || document.getElementById("q");
    if (!q) return;
    q.focus();
    if (document.activeElement !== q) location.href = q.form.action;  // a phone has no room for the field
  }
  function moveRow(step) {
    var links = all("tbody tr td a[href]:first-of-type").filter(function (a) { return a.closest("tr").querySelector("a[href]") === a; });
    if (!links.length) return;
    var at = links.indexOf(document.activeElement);
    links[Math.max(0, Math.min(links.length - 1, at + step))].focus();
  }

  // Selection of rows: counted with what was chosen on other pages; kept in the address, so that Back brings it back
  all("[data-bulk]").forEach(function (bulk) {
    var form = bulk.closest("form");
    function tell() {
      var chosen = new FormData(form).getAll("picked");
      bulk.setAttribute("data-bulk", chosen.length);
      bulk.querySelector("[data-count]").textContent = chosen.length;
      return chosen;
    }
    form.addEventListener("change", function (event) {
      var head = event.target.closest("[data-select-all]"), address = new URL(location.href);
      if (head) all('tbody input[type="checkbox"]', form).forEach(function (box) { box.checked = head.checked; });
      address.searchParams.delete("picked");
      tell().forEach(function (key) { address.searchParams.append("picked", key); });
      history.replaceState(history.state, "", address);
    });
    tell();
  });

  // An act is answered at once: a line on top from the click to the next page. A file leaves the page where it is.
  var page = document.documentElement;
  function going() { page.setAttribute("data-going", "1"); setTimeout(stay, 10000); }
  function stay() { page.removeAttribute("data-going"); }
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    var here = link.pathname === location.pathname && link.search === location.search;
    if (link.origin === location.origin && !here && !link.target && !link.hasAttribute("download") && !/[?&]export=/.test(link.search) && !/\/files?\//.test(link.pathname)) going();
  });
  document.addEventListener("submit", function (event) { if (!event.defaultPrevented && event.target.method !== "dialog") going(); });
  window.addEventListener("pageshow", stay);

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
    function come() { gone = false; tell(); clearInterval(timer); timer = setInterval(tell, 4000); }
    // A beacon is sent while the page goes, holds nobody up, and keeps the page fit for the browser's way back.
    window.addEventListener("pagehide", function () { gone = true; clearInterval(timer); if (navigator.sendBeacon) navigator.sendBeacon("/desk/presence/", said(true)); });
    window.addEventListener("pageshow", function (event) { if (event.persisted) come(); });
    document.addEventListener("visibilitychange", tell);
    come();
  });
})();
