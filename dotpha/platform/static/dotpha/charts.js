// A chart as a picture: PNG or SVG of what its own page shows, with title, source and legend. Table, CSV and the address
// to embed are links and need no script; without one these two buttons stay hidden.
(function () {
  "use strict";
  var DRAWN = ["fill", "stroke", "stroke-width", "font-size", "font-weight", "font-family", "text-anchor"], SCALE = 2, NAME = "http://www.w3.org/2000/svg";
  function each(list, act) { Array.prototype.forEach.call(list, act); }

  // The drawing of another page inside this one, so that the style sheets of this one paint it; it stays out of sight.
  function brought(address) {
    return fetch(address, { credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.text();
    }).then(function (text) {
      var svg = new DOMParser().parseFromString(text, "text/html").querySelector("svg[data-box]");
      return document.importNode(svg, true);
    });
  }

  // A drawing that needs no style sheet: what the sheets say of each shape is written on it.
  function alone(svg) {
    var place = document.createElement("div"), hatch = document.getElementById("hatch"), box = svg.getAttribute("data-box").split(" ");
    if (hatch) svg.insertBefore(hatch.cloneNode(true), svg.firstChild);
    svg.removeAttribute("data-box");
    svg.setAttribute("viewBox", box.join(" "));
    svg.setAttribute("xmlns", NAME);
    svg.setAttribute("width", box[2]);
    svg.setAttribute("height", box[3]);
    place.className = "vh";
    place.setAttribute("aria-hidden", "true");
    place.appendChild(svg);
    document.body.appendChild(place);
    each(svg.querySelectorAll(".file"), function (part) { part.classList.remove("file"); });
    each(svg.querySelectorAll("rect,text,path,pattern"), function (shape) {
      var style = getComputedStyle(shape);
      DRAWN.forEach(function (name) { var value = style.getPropertyValue(name); if (value) shape.setAttribute(name, value); });
    });
    each(svg.querySelectorAll("[class]"), function (shape) { shape.removeAttribute("class"); });
    each(svg.querySelectorAll("a"), function (link) { link.removeAttribute("href"); });
    var paper = document.createElementNS(NAME, "rect"), behind = getComputedStyle(document.documentElement).getPropertyValue("--dp-paper").trim();
    ["x", "y", "width", "height"].forEach(function (name, at) { paper.setAttribute(name, box[at]); });
    paper.setAttribute("fill", behind || "white");
    svg.insertBefore(paper, svg.firstChild);
    place.remove();
    svg.removeAttribute("class");
    return new XMLSerializer().serializeToString(svg);
  }

  function painted(text, box) {
    return new Promise(function (done, failed) {
      var picture = new Image(), canvas = document.createElement("canvas");
      canvas.width = box[2] * SCALE;
      canvas.height = box[3] * SCALE;
      picture.onload = function () { canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height); canvas.toBlob(done, "image/png"); };
      picture.onerror = failed;
      picture.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(text);
    });
  }

  function save(blob, name) {
    var link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    document.body.appendChild(link);
    link.click();
    link.remove();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 60000);
  }

  each(document.querySelectorAll("[data-picture]"), function (button) {
    var kind = button.getAttribute("data-picture"), address = button.getAttribute("data-chart"), page = new URL(address, location.href);
    button.hidden = false;
    button.addEventListener("click", function () {
      brought(address).then(function (svg) {
        var box = svg.getAttribute("data-box").split(" "), text = alone(svg);
        return kind === "svg" ? new Blob([text], { type: "image/svg+xml" }) : painted(text, box);
      }).then(function (blob) {
        save(blob, "dotpha-chart-" + page.pathname.split("/").filter(Boolean).pop() + "." + kind);
        button.closest("details").open = false;
      }, function () { location.href = address; });  // the page of the chart says what is wrong
    });
  });
})();
