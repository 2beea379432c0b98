// Light or dark as Airflow: its choice is kept under this key; "system" and none follow the browser.
(function () {
  "use strict";
  function apply() {
    var chosen = null;
    try { chosen = window.localStorage.getItem("theme"); } catch (refused) { chosen = null; }
    if (chosen === "dark" || chosen === "light") {
      document.documentElement.dataset.theme = chosen;
    } else {
      delete document.documentElement.dataset.theme;
    }
    document.dispatchEvent(new Event("themechange"));
  }
  apply();
  window.addEventListener("storage", apply);
})();
