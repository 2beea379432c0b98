"""The dashboard's export asks only for what mart has and BI may read; ``make superset`` runs it."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import make_url

from dean06 import settings
from dean06.privacy import readers
from dean06.warehouse import transaction

EXPORT = settings.PROJECT / "include" / "superset"
_COLUMN_LISTS = ("all_columns", "groupby")
_METRIC_LISTS = ("metrics",)

pytestmark = pytest.mark.usefixtures("warehouse")


def read(folder: str) -> dict[str, dict[str, Any]]:
    found = {
        file.stem: yaml.safe_load(file.read_text(encoding="utf-8"))
        for file in (EXPORT / folder).rglob("*.yaml")
    }
    assert found, f"nothing in {folder}"
    return found


DATASETS, CHARTS = read("datasets"), read("charts")
(DASHBOARD,) = read("dashboards").values()


@pytest.mark.parametrize("name", DATASETS)
def test_bi_can_read_every_column_and_metric_of_a_dataset(name: str) -> None:
    dataset = DATASETS[name]
    assert dataset["sql"] is None, "a dataset is a view of mart as it is"
    asked = [column["expression"] or column["column_name"] for column in dataset["columns"]]
    measured = [metric["expression"] for metric in dataset["metrics"]]
    table = f"{dataset['schema']}.{dataset['table_name']}"
    with transaction(role=readers.BI) as session:
        session.run(f"select {', '.join(asked)} from {table}".replace(":", "\\:"))
        session.run(f"select {', '.join(measured)} from {table}".replace(":", "\\:"))


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_asks_for_what_its_dataset_has(name: str) -> None:
    chart, parameters = CHARTS[name], CHARTS[name]["params"]
    (dataset,) = (one for one in DATASETS.values() if one["uuid"] == chart["dataset_uuid"])
    columns = {column["column_name"] for column in dataset["columns"]}
    asked = {
        column
        for key in _COLUMN_LISTS
        for given in [parameters.get(key, [])]
        for column in ([given] if isinstance(given, str) else given)
    }
    asked |= {filtered["subject"] for filtered in parameters["adhoc_filters"]}
    asked |= {parameters["x_axis"]} if "x_axis" in parameters else set()
    asked |= {yaml.safe_load(order)[0] for order in parameters.get("order_by_cols", [])}
    metrics = {metric for key in _METRIC_LISTS for metric in parameters.get(key, [])}
    metrics |= {parameters["metric"]} if "metric" in parameters else set()
    assert asked <= columns
    assert metrics <= {metric["metric_name"] for metric in dataset["metrics"]}
    assert asked | metrics


def test_the_targets_come_first() -> None:
    rows = DASHBOARD["position"]["GRID_ID"]["children"]
    assert DASHBOARD["position"][rows[0]]["children"] == ["CHART-targets"]


def test_numbers_and_titles_are_vietnamese() -> None:
    """1.234,5 and 89,4%: of texts by SQL, of charts by the locale of the server (how-to)."""
    datasets = "".join(str(dataset) for dataset in DATASETS.values())
    assert "' %'" not in datasets
    assert datasets.count("'.', ','") == datasets.count("FM990.0") > 0
    titles = [chart["slice_name"] for chart in CHARTS.values()]
    titles += [column["verbose_name"] for each in DATASETS.values() for column in each["columns"]]
    titles += [metric["verbose_name"] for each in DATASETS.values() for metric in each["metrics"]]
    plain = [title for title in titles if title.isascii()]
    assert set(plain) <= {"Cam", "Sai"}, plain


def test_the_dashboard_shows_every_chart_and_filters_by_columns_there_are() -> None:
    shown = [
        part["meta"]["uuid"]
        for part in DASHBOARD["position"].values()
        if isinstance(part, dict) and part["type"] == "CHART"
    ]
    assert sorted(shown) == sorted(chart["uuid"] for chart in CHARTS.values())
    filters = DASHBOARD["metadata"]["native_filter_configuration"]
    assert {one["name"] for one in filters} >= {"Ngày", "Địa giới", "Cấp đơn vị", "Đơn vị"}
    for one in filters:
        (target,) = one["targets"]
        (dataset,) = (d for d in DATASETS.values() if d["uuid"] == target["datasetUuid"])
        assert target["column"]["name"] in {column["column_name"] for column in dataset["columns"]}


def test_every_kpi_that_a_chart_or_filter_names_is_defined() -> None:
    with transaction() as session:
        rows = session.rows("select kpi_code, name_vi from mart.kpi_definition")
    filters = DASHBOARD["metadata"]["native_filter_configuration"]
    named = {
        code
        for asking in [*(chart["params"] for chart in CHARTS.values()), *filters]
        for filtered in asking.get("adhoc_filters", [])
        if filtered["subject"] == "kpi_code"
        for code in (
            filtered["comparator"]
            if isinstance(filtered["comparator"], list)
            else [filtered["comparator"]]
        )
    }
    assert len(named) > 5
    assert named <= {row.kpi_code for row in rows}
    (chosen,) = (one for one in filters if one["id"].endswith("kpi"))
    assert chosen["defaultDataMask"]["filterState"]["value"][0] in {row.name_vi for row in rows}


def test_there_is_no_password_in_the_export() -> None:
    (database,) = read("databases").values()
    assert make_url(database["sqlalchemy_uri"]).password == "XXXXXXXXXX"
    assert "password" not in database
    text = "".join(file.read_text(encoding="utf-8") for file in Path(EXPORT).rglob("*.yaml"))
    assert "password" not in text.lower()
