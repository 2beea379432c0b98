// Light or dark as Airflow: its choice is kept under this key; "system" and none follow the browser.
// On paper: light, charts drawn again in the width of the sheet, lists unfolded that are marked so.
(function () {
  "use strict";
  var root = document.documentElement;
  function apply() {
    var chosen = null;
    try { chosen = window.localStorage.getItem("theme"); } catch (refused) { chosen = null; }
    if (chosen === "dark" || chosen === "light") {
      root.dataset.theme = chosen;
    } else {
      delete root.dataset.theme;
    }
    document.dispatchEvent(new Event("themechange"));
  }
  function print(starts) {
    if (starts) { root.dataset.paper = ""; } else { delete root.dataset.paper; }
    document.querySelectorAll(starts ? "details[data-paper]:not([open])" : "details[data-paper=open]")
      .forEach(function (each) { each.open = starts; each.dataset.paper = starts ? "open" : ""; });
    document.dispatchEvent(new Event("themechange"));
  }
  if (window.parent !== window) { root.dataset.framed = ""; }
  apply();
  window.addEventListener("storage", apply);
  window.addEventListener("beforeprint", function () { print(true); });
  window.addEventListener("afterprint", function () { print(false); });
})();
