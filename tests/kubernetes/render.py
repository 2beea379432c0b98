"""Renders a chart as ``helm template`` does; runs in the environment of ``helm.txt``.

Arguments: the chart (.tgz), the values, the release and namespace. Standard output: JSON with the
chart's name and version, and the objects. A value that the chart's schema does not know ends it.
"""

import json
import sys
from pathlib import Path

import helm_python as helm  # type: ignore[import-not-found]
import yaml

chart_file, values_file, release = sys.argv[1:]
values = yaml.safe_load(Path(values_file).read_text(encoding="utf-8"))
try:
    with helm.Chart.load(chart_file) as chart:
        chart.validate_schema(values)
        made = chart.render(values, name=release, namespace=release)
        names, defaults = f"{chart.name} {chart.version}", chart.values
except helm.HelmError as error:
    sys.exit(f"{chart_file}: {error}")
objects = [
    item
    for name, text in sorted(made.items())
    if name.endswith((".yaml", ".yml"))
    for item in yaml.safe_load_all(text)
    if item
]
json.dump({"chart": names, "objects": objects, "defaults": defaults}, sys.stdout)
