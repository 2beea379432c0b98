// Logs in as Airflow's own page does: asks Airflow for a token, keeps it in the cookie that Airflow
// reads, and goes back to where the reader came from.
(function () {
  "use strict";
  var form = document.querySelector("form[data-token]");
  var told = Array.from(document.querySelectorAll("[data-for]"));
  function tell(status) {
    var which = told.find(function (each) { return each.dataset.for === String(status); });
    told.forEach(function (each) { each.hidden = true; });
    (which || told[told.length - 1]).hidden = false;
  }
  function keep(token, path) {
    var secure = window.location.protocol === "http:" ? "" : "; Secure";
    if (path !== "/") { document.cookie = "_token=; Path=/; Max-Age=0"; }
    document.cookie = "_token=" + token + "; Path=" + path + "; SameSite=Lax" + secure;
  }
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    var button = form.querySelector("button");
    button.disabled = true;
    window.fetch(form.dataset.token, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ username: form.elements.username.value, password: form.elements.password.value })
    }).then(function (answer) {
      if (!answer.ok) { tell(answer.status); return null; }
      return answer.json().then(function (found) {
        var back = new URL(form.dataset.back, window.location.origin);
        keep(found.access_token, form.dataset.path);
        window.location.replace(back.origin === window.location.origin ? back.href : form.dataset.path);
      });
    }).catch(function () { tell(""); }).then(function () { button.disabled = false; });
  });
})();
