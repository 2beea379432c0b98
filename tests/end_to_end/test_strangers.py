"""A day on which all six ministries send what strangers send: the same facts, the same truth."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from ministries.faults import load_profile
from ministries.servers import running
from tests.conftest import Cluster
from tests.end_to_end.conftest import SMALL
from tests.lib.loading import rows
from tests.lib.syncing import (
    given_verdicts,
    published_kpis,
    sync,
    true_kpis,
    true_verdicts,
    truth,
)

DAY, PROFILE = "2022-10-31", "strangers"
Place = tuple[str, str]


@pytest.fixture(scope="module")
def expected(cluster: Cluster, migrated: str) -> Iterator[dict[str, Any]]:
    """One day synced under the profile; yields what the world says is true of it."""
    with cluster.copy(migrated), running("tien_giang_2022", SMALL) as ministries:
        for fault in load_profile(PROFILE):
            ministries.faults.add(fault)
        sync(ministries, DAY)
        assert ministries.faults.unseen() == []
        yield truth(SMALL, DAY, faults=PROFILE)


@pytest.mark.campaign
def test_the_kpis_are_those_of_the_plain_world(expected: dict[str, Any]) -> None:
    values = true_kpis(expected)
    assert values == true_kpis(truth(SMALL, DAY))
    assert len({place[0] for place in values}) == 110
    assert published_kpis(DAY) == values


@pytest.mark.campaign
def test_the_verdicts_are_those_of_the_plain_world(expected: dict[str, Any]) -> None:
    verdicts = true_verdicts(expected)
    assert sum(verdicts.values()) > 1000
    assert given_verdicts() == {place: count for place, count in verdicts.items() if count}


def test_every_record_without_a_meaning_is_quarantined_and_no_other(
    expected: dict[str, Any],
) -> None:
    strange = {(row["dataset"], row["key"]): row["rule"] for row in expected["strange"]}
    assert len(strange) == 16
    found: dict[Place, str] = {}
    others: Counter[Place] = Counter()
    for dataset, rules, payload in rows(
        """select distinct source_code || '.' || dataset_code, rule_codes, payload::text
           from ops.quarantine"""
    ):
        # As in test_truth: bad records of the world may break a rule of order beside their own.
        own = "+".join(rule for rule in rules if not rule.endswith("_not_in_future"))
        keys = [key for of, key in strange if of == dataset and key in payload]
        if keys:
            found[dataset, keys[0]] = own
        else:
            others[dataset, own] += 1
    assert found == strange
    plain: Counter[Place] = Counter()
    for row in expected["quarantine"]:
        plain[row["dataset"], row["rule"]] += row["records"]
    assert dict(others) == dict(plain)
