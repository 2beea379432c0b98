"""A real Prometheus scrapes the real address; the dashboard's queries and the alert rules are
evaluated by it."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from dean06.metrics import endpoint
from tests.conftest import Cluster
from tests.lib import operated
from tests.lib.prometheus import DASHBOARD, RULES, Prometheus, promtool, scraping

_SCRAPES = 2
RULE_TESTS = Path(__file__).resolve().parents[1] / "data" / "dean06.rules.test.yaml"
PANELS = json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
QUERIES = {
    f"{panel['title']} {target['refId']}": target["expr"]
    for panel in PANELS
    for target in panel["targets"]
}
ALERTS = [rule["alert"] for rule in yaml.safe_load(RULES.read_text())["groups"][0]["rules"]]


@pytest.fixture(scope="module")
def prometheus(
    cluster: Cluster, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Prometheus]:
    """It has scraped a warehouse with something of everything a few times."""
    with cluster.copy(migrated):
        operated.fill()
        server = endpoint.serving(":0")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            with scraping(server.server_address[1], tmp_path_factory.mktemp("tsdb")) as found:
                found.wait_for(_has_scraped)
                yield found
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def _has_scraped(prometheus: Prometheus) -> bool:
    counted = prometheus.query("count_over_time(dean06_build_info[1m])")
    return bool(counted) and float(counted[0]["value"][1]) >= _SCRAPES


def rules(prometheus: Prometheus) -> list[dict[str, Any]]:
    (group,) = prometheus.ask("rules")["groups"]
    return group["rules"]


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_of_the_dashboard_returns_data(prometheus: Prometheus, name: str) -> None:
    assert prometheus.query(QUERIES[name]), QUERIES[name]


@pytest.mark.parametrize(
    ("title", "value"),
    [
        ("Stale sources", 6),
        ("Held batches", 1),
        ("Failed loads", 1),
        ("Held KPI builds", 1),
    ],
)
def test_a_panel_shows_the_number(prometheus: Prometheus, title: str, value: float) -> None:
    (query,) = (expr for name, expr in QUERIES.items() if name.endswith(f"· {title} A"))
    assert prometheus.number(query) == value


def test_titles_are_in_both_languages() -> None:
    assert [panel["title"] for panel in PANELS if " · " not in panel["title"]] == []
    assert len({panel["id"] for panel in PANELS}) == len(PANELS)


def test_every_metric_is_on_the_dashboard_or_in_a_rule(prometheus: Prometheus) -> None:
    scraped = {
        series["metric"]["__name__"] for series in prometheus.query('{__name__=~"dean06_.*"}')
    }
    used = " ".join([*QUERIES.values(), RULES.read_text(encoding="utf-8")])
    assert scraped
    assert {name for name in scraped if name not in used} == set()


def test_every_rule_is_evaluated_without_error(prometheus: Prometheus) -> None:
    prometheus.wait_for(lambda each: all(rule["health"] != "unknown" for rule in rules(each)))
    assert [(rule["name"], rule["health"]) for rule in rules(prometheus)] == [
        (name, "ok") for name in ALERTS
    ]


def test_rules_see_what_is_wrong_and_nothing_else(prometheus: Prometheus) -> None:
    wrong = {"Dean06SourceStale", "Dean06BatchHeld", "Dean06LoadFailed", "Dean06KpiBuildHeld"}
    prometheus.wait_for(
        lambda each: {rule["name"] for rule in rules(each) if rule["alerts"]} == wrong
    )
    (held,) = (rule for rule in rules(prometheus) if rule["name"] == "Dean06BatchHeld")
    (alert,) = held["alerts"]
    assert (alert["state"], alert["labels"]["source"]) == ("firing", "police")
    assert "police.resident is held" in alert["annotations"]["summary"]
    assert operated.NAME not in json.dumps(rules(prometheus), ensure_ascii=False)


def test_promtool_accepts_the_rules_and_their_stories() -> None:
    assert f"{len(ALERTS)} rules found" in promtool("check", "rules", RULES)
    promtool("test", "rules", RULE_TESTS)
    told = yaml.safe_load(RULE_TESTS.read_text(encoding="utf-8"))["tests"]
    fired = {
        test["alertname"] for each in told for test in each["alert_rule_test"] if test["exp_alerts"]
    }
    assert fired == set(ALERTS), "each rule has a story in which it fires"
