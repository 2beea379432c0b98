"""The semantic model: a metric for each KPI that can be added up, and MetricFlow's own answers."""

import os
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from bench.place import CACHE
from sqlalchemy import make_url

from dean06.errors import ContractError
from dean06.kpi import family
from dean06.kpi.front_matter import Kpi
from dean06.reports import semantic_model
from dean06.warehouse import transaction
from tests.conftest import Cluster
from tests.lib import newest_day
from tests.lib.newest_day import NEWEST, PROVINCE
from tests.metricflow.program import MetricFlow

LOGIN, PASSWORD = "asks_for_metrics", "of-an-analyst"


@pytest.fixture
def written(tmp_path: Path) -> dict[str, Any]:
    semantic_model.write(tmp_path)
    text = (tmp_path / "models" / "kpis.yml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


def kpis() -> list[Kpi]:
    return [kpi for each in family.families() for kpi in each.kpis]


def test_every_kpi_is_a_metric_with_words_in_both_languages(written: dict[str, Any]) -> None:
    metrics = {metric["name"]: metric for metric in written["metrics"]}
    assert len(metrics) == len(written["metrics"])
    assert len({metric["label"] for metric in written["metrics"]}) == len(metrics)
    for kpi in kpis():
        metric = metrics[kpi.code.replace(".", "_")]
        assert metric["type"] == ("ratio" if kpi.has_denominator else "simple")
        assert kpi.name_en in metric["label"]
        assert kpi.name_vi in metric["description"]
    assert all(re.fullmatch(r"(?!.*__)[a-z][a-z0-9_]*[a-z0-9]", name) for name in metrics)


def test_persons_are_not_added_up_over_communes(written: dict[str, Any]) -> None:
    by_commune = {m["name"] for m in written["metrics"] if "_of_communes" in m["name"]}
    assert "eid_accounts_of_communes" in by_commune
    assert not any(name.startswith("insurance_participants") for name in by_commune)
    assert not any(name.startswith("programme_") for name in by_commune)


def test_two_kpis_of_one_metric_are_refused() -> None:
    with pytest.raises(ContractError, match="both be the metric eid_accounts: rename"):
        semantic_model._distinct([{"name": "eid_accounts"}, {"name": "eid_accounts"}])


@pytest.fixture
def asked(cluster: Cluster, migrated: str, tmp_path: Path) -> Iterator[MetricFlow]:
    """MetricFlow with a BI login of a warehouse with three days."""
    with newest_day.published(cluster, migrated):
        with transaction(role="") as session:
            session.run(f"create role {LOGIN} login password '{PASSWORD}' in role dean06_bi")
        semantic_model.write(tmp_path)
        warehouse = make_url(os.environ["DEAN06_WAREHOUSE_DSN"])
        yield MetricFlow(CACHE, tmp_path, warehouse.set(username=LOGIN, password=PASSWORD))
        with transaction(role="") as session:  # roles outlive the test's warehouse
            session.run(f"drop role {LOGIN}")


@pytest.mark.campaign
def test_metricflow_answers_what_mart_says(asked: MetricFlow) -> None:
    asked.validate()
    told = newest_day.told(NEWEST)
    accounts, share = ("eid.accounts", "insurance.verified_share")
    (row,) = asked.query(["eid_accounts", "insurance_verified_share"])
    of_accounts, of_share = told[accounts, "province", PROVINCE], told[share, "province", PROVINCE]
    assert Decimal(row["eid_accounts"]) == of_accounts[0]
    assert Decimal(row["insurance_verified_share"]) == pytest.approx(
        Decimal(of_share[0]) / of_share[1]
    )
    found = asked.query(
        ["eid_accounts_of_communes", "insurance_verified_share_of_communes"], ["commune__unit_code"]
    )
    by_unit = {row["commune__unit_code"]: row for row in found if row["commune__unit_code"]}
    for (code, level, unit), (numerator, denominator, *_) in told.items():
        if level == "commune" and code == accounts:
            assert Decimal(by_unit[unit]["eid_accounts_of_communes"]) == numerator
        if level == "commune" and code == share and denominator:
            answer = Decimal(by_unit[unit]["insurance_verified_share_of_communes"])
            assert answer == pytest.approx(Decimal(numerator) / denominator)
