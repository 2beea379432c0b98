// Draws every <canvas data-chart="id of a JSON script"> with Chart.js, in the colours of the page.
(function () {
  "use strict";
  var DAY = 86400000;
  var language = document.documentElement.lang;
  var words = language === "vi"
    ? { value: "Giá trị", target: "Mục tiêu", forecast: "Dự báo theo tiến độ hiện tại", ahead: "Dự báo" }
    : { value: "Value", target: "Target", forecast: "Forecast at the current pace", ahead: "Forecast" };
  var number = new Intl.NumberFormat(language === "vi" ? "vi-VN" : "en-GB", { maximumFractionDigits: 6 });
  var share = new Intl.NumberFormat(language === "vi" ? "vi-VN" : "en-GB", { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
  var drawn = [];

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }
  function day(count) {
    var at = new Date(Math.round(count) * DAY);
    var two = function (n) { return String(n).padStart(2, "0"); };
    return two(at.getUTCDate()) + "/" + two(at.getUTCMonth() + 1) + "/" + at.getUTCFullYear();
  }
  function dataset(line, order) {
    var own = { value: "--series-1", target: "--target", forecast: "--series-1", series: "--series-" + (order % 5 + 1) };
    var shade = colour(own[line.kind]);
    return {
      data: line.points.map(function (p) { return { x: Date.parse(p.x) / DAY, y: p.y }; }),
      borderColor: shade, backgroundColor: shade, borderWidth: 2, tension: 0,
      borderDash: { target: [2, 3], forecast: [7, 5] }[line.kind] || [],
      pointRadius: line.kind === "value" || line.kind === "series" ? (line.points.length > 60 ? 0 : 3) : 0,
      pointHoverRadius: 5
    };
  }
  // Several targets have names; on a phone the name alone, or its end would be cut off.
  function label(line, narrow) {
    if (!line.name) { return words[line.kind]; }
    var before = { target: narrow ? "" : words.target + ": ", forecast: words.ahead + ": " };
    return (before[line.kind] || "") + line.name;
  }
  function draw(canvas) {
    var data = JSON.parse(document.getElementById(canvas.dataset.chart).textContent);
    var format = data.isShare ? share : number;
    var ink = colour("--soft"), line = colour("--line");
    var narrow = canvas.parentElement.clientWidth < 500;
    var days = data.lines.flatMap(function (l) { return l.points.map(function (p) { return Date.parse(p.x) / DAY; }); });
    return new window.Chart(canvas, {
      type: "line",
      data: { datasets: data.lines.map(function (line, order) { return Object.assign(dataset(line, order), { label: label(line, narrow) }); }) },
      options: {
        animation: false, maintainAspectRatio: false, responsive: true,
        interaction: { mode: "nearest", intersect: false },
        scales: {
          x: { type: "linear", min: Math.min.apply(null, days) - 1, max: Math.max.apply(null, days) + 1, ticks: { color: ink, precision: 0, maxTicksLimit: narrow ? 3 : 6, stepSize: days.length && Math.max.apply(null, days) - Math.min.apply(null, days) < 5 ? 1 : undefined, maxRotation: 0, callback: day }, grid: { color: line } },
          y: { ticks: { color: ink, precision: data.isShare ? undefined : 0, callback: function (v) { return format.format(v); } }, grid: { color: line } }
        },
        plugins: {
          legend: { display: data.lines.length > 1, labels: { color: ink, usePointStyle: true, pointStyle: "line", font: { size: narrow ? 11 : 12 } } },
          tooltip: { callbacks: {
            title: function (items) { return items.length ? day(items[0].parsed.x) : ""; },
            label: function (item) { return item.dataset.label + ": " + format.format(item.parsed.y); }
          } }
        }
      }
    });
  }
  function drawAll() {
    drawn.forEach(function (chart) { chart.destroy(); });
    drawn = Array.from(document.querySelectorAll("canvas[data-chart]"), draw);
  }
  drawAll();
  document.addEventListener("themechange", drawAll);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
})();
