// Has Airflow start on a replay that was just asked for, as the user who asked. When that fails the
// hourly run takes it.
(function () {
  "use strict";
  var notice = document.querySelector("[data-start-replay]");
  var told = notice.querySelector("span");
  fetch(notice.dataset.startReplay, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ dag_run_id: notice.dataset.run, logical_date: null, conf: {} })
  }).then(function (answer) {
    // 409: started already, by an earlier look at this page.
    told.textContent = answer.ok || answer.status === 409 ? notice.dataset.started : notice.dataset.later;
  }, function () {
    told.textContent = notice.dataset.later;
  });
})();
