// Links into Airflow lead out of the frame that Airflow shows these pages in. The frame may not
// navigate the window around it, so that window's own document is asked to follow the link.
document.addEventListener("click", function (event) {
  "use strict";
  var link = event.target.closest("a[data-airflow]");
  if (!link || window.parent === window || event.ctrlKey || event.metaKey || event.shiftKey) {
    return;
  }
  event.preventDefault();
  var outside = window.parent.document;
  var copy = outside.createElement("a");
  copy.href = link.href;
  outside.body.append(copy);
  copy.click();
  copy.remove();
});
