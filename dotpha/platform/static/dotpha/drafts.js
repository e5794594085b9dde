// What is typed stays on this device until the server has kept it: a lost connection or session loses nothing.
// Each person has drafts of their own. A form with `data-autosave` sends that name along; the answer to what was kept
// sets the cookie `dotpha_kept` to it (platform/middleware.py), and only then is the draft let go.
(function () {
  "use strict";
  var desk = document.querySelector("[data-person]"), COOKIE = "dotpha_kept=";
  if (!desk) return;
  var own = "dotpha-draft:" + desk.getAttribute("data-person") + ":";
  function read(name) { try { return JSON.parse(localStorage.getItem(own + name)); } catch (e) { return null; } }
  function write(name, draft) { try { localStorage.setItem(own + name, JSON.stringify(draft)); return true; } catch (e) { return false; } }
  function drop(name) { try { localStorage.removeItem(own + name); } catch (e) { /* nothing is kept there */ } }

  document.cookie.split("; ").forEach(function (each) {
    if (each.indexOf(COOKIE) !== 0) return;
    drop(decodeURIComponent(each.slice(COOKIE.length)));
    document.cookie = COOKIE + "; Max-Age=0; Path=/; SameSite=Lax";
  });

  function fieldsOf(form) {
    return Array.prototype.filter.call(form.elements, function (at) {
      return at.name && at.name !== "csrfmiddlewaretoken" && /^(text|search|url|email|tel|number|textarea|select-one|date)$/.test(at.type);
    });
  }
  function first(at) {
    if (at.tagName !== "SELECT") return at.defaultValue;
    var chosen = Array.prototype.filter.call(at.options, function (option) { return option.defaultSelected; })[0] || at.options[0];
    return chosen ? chosen.value : "";
  }

  Array.prototype.forEach.call(document.querySelectorAll("form[data-autosave]"), function (form) {
    var name = form.getAttribute("data-autosave"), status = form.querySelector("[data-saved]"), discard = form.querySelector("[data-discard]"), timer, unsaved = false;
    var told = document.createElement("input");
    told.type = "hidden"; told.name = "autosave"; told.value = name;
    form.appendChild(told);

    // Taken back only where the server still shows what it showed when this was typed. A refused page shows what was
    // typed: of such a field the draft goes on to say what the server showed before.
    var held = read(name), refused = form.querySelector(".err"), base = {};
    fieldsOf(form).forEach(function (at) {
      var draft = held && held.fields && held.fields[at.name];
      base[at.name] = draft && (refused || draft.typed === at.value) ? draft.shown : first(at);
    });
    if (held && !refused) {
      var taken = 0;
      fieldsOf(form).forEach(function (at) {
        var draft = held.fields && held.fields[at.name];
        if (draft && draft.typed !== at.value && draft.shown === first(at)) { at.value = draft.typed; taken += 1; }
      });
      if (taken && status) { status.textContent = status.getAttribute("data-saved") + " " + held.at; discard.hidden = false; }
    }
    // Thrown away: the form is again as the server shows it.
    if (discard) discard.addEventListener("click", function () {
      clearTimeout(timer);
      drop(name);
      unsaved = false;
      fieldsOf(form).forEach(function (at) { at.value = first(at); });
      discard.hidden = true;
      status.textContent = "";
      form.querySelector("input:not([type=hidden]), select, textarea").focus();
    });
    // Kept with every key, since a tab that is killed tells nobody; said once typing stops.
    function keep() {
      var fields = {}, at = new Date().toTimeString().slice(0, 5);
      fieldsOf(form).forEach(function (each) {
        var shown = each.name in base ? base[each.name] : first(each);
        if (each.value !== shown) fields[each.name] = { typed: each.value, shown: shown };
      });
      unsaved = !write(name, { at: at, fields: fields });
      return at;
    }
    function tell(at) { if (status && !unsaved) status.textContent = status.getAttribute("data-saved") + " " + at; }
    form.addEventListener("input", function () { var at = keep(); clearTimeout(timer); timer = setTimeout(tell, 800, at); });
    form.addEventListener("submit", function (event) {
      clearTimeout(timer);
      tell(keep());
      if (navigator.onLine || !status) { unsaved = false; return; }
      event.preventDefault();
      status.textContent = status.getAttribute("data-offline");
    });
    window.addEventListener("beforeunload", function (event) { if (unsaved) { keep(); if (unsaved) event.preventDefault(); } });
  });
})();
