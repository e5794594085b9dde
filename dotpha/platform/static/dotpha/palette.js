// The command palette: Ctrl or Command + K, some letters, arrows to choose, Enter to go. The server says what fits
// and what this person may do; the menu and the search do the same without this file.
(function () {
  "use strict";
  var desk = document.querySelector("[data-palette]"), box = document.getElementById("palette");
  if (!desk || !box) return;
  var field = document.getElementById("palette-q"), list = document.getElementById("palette-list"), none = box.querySelector("[data-none]");
  var asking = null, chosen = -1, going = false;

  function lines() { return Array.prototype.slice.call(list.querySelectorAll("a")); }
  function choose(at) {
    var all = lines();
    chosen = all.length ? (at + all.length) % all.length : -1;
    all.forEach(function (line, number) { line.setAttribute("aria-selected", String(number === chosen)); });
    if (chosen < 0) { field.removeAttribute("aria-activedescendant"); return; }
    field.setAttribute("aria-activedescendant", all[chosen].id);
    all[chosen].scrollIntoView({ block: "nearest" });
  }
  function go() {
    if (asking) { going = true; return; }  // Enter came before the answer: go as soon as it is there
    if (chosen >= 0) location.href = lines()[chosen].href;
  }
  function line(item, number) {
    var row = document.createElement("li"), link = document.createElement("a");
    [[item.title, ""], [item.kind, "muted sm"]].forEach(function (part) {
      var words = document.createElement("span");
      words.textContent = part[0]; words.className = part[1];
      link.appendChild(words);
    });
    link.href = item.url; link.id = "palette-" + number; link.tabIndex = -1;
    link.setAttribute("role", "option"); row.setAttribute("role", "presentation");
    row.appendChild(link);
    return row;
  }
  function show(said) {
    list.replaceChildren.apply(list, said.items.map(line));
    field.setAttribute("aria-expanded", String(said.items.length > 0));
    none.hidden = said.items.length > 0;
    choose(0);
  }
  function ask() {
    if (asking) asking.abort();
    var mine = asking = new AbortController();
    going = false;
    list.setAttribute("aria-busy", "true");  // what is shown still answers what was typed before
    fetch(desk.getAttribute("data-palette") + "?q=" + encodeURIComponent(field.value), { headers: { Accept: "application/json" }, signal: mine.signal })
      .then(function (answer) { return answer.json(); })
      .then(show)
      .catch(function () { if (asking === mine) going = false; })  // the line is cut: nothing answers what was typed
      .then(function () { if (asking !== mine) return; asking = null; list.setAttribute("aria-busy", "false"); if (going) go(); });
  }

  document.addEventListener("keydown", function (event) {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "k") return;
    event.preventDefault();
    if (box.open) return;
    box.showModal();
    field.value = "";
    ask();
  });
  field.addEventListener("input", ask);
  field.addEventListener("keydown", function (event) {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen - 1);
    else if (event.key === "Enter") go();
    else return;
    event.preventDefault();
  });
})();
