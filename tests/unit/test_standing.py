"""One status for each KPI, the worst first."""

from datetime import date
from types import SimpleNamespace

import pytest

from dean06.figures import standing
from dean06.figures.standing import Line, Target

FIRST, LAST = date(2022, 10, 31), date(2022, 12, 31)


def target(name: str, status: str, ends_on: date = LAST, reached: float | None = 0.5) -> Target:
    return Target(
        SimpleNamespace(target_id=name, status=status, ends_on=ends_on, share_reached=reached), None
    )


def line(base: str, *targets: Target, position: int = 1) -> Line:
    value = SimpleNamespace(base_code=base, kpi_code=base, position=position)
    return Line(value, (), targets)


@pytest.mark.parametrize(
    ("targets", "decides"),
    [
        ([target("a", "met"), target("b", "missed")], "b"),
        ([target("a", "missed", LAST), target("b", "met", FIRST)], "b"),
        ([target("a", "not_applicable", FIRST), target("b", "behind", LAST)], "b"),
        ([target("a", "behind", reached=0.9), target("b", "behind", reached=0.2)], "b"),
    ],
    ids=["the farther one of a day", "the one due first", "one in force", "the farther one"],
)
def test_one_target_decides_and_the_others_are_named(targets: list[Target], decides: str) -> None:
    for order in (targets, targets[::-1]):
        (found,) = standing.of([line("kpi", *order)])
        assert found.target.row.target_id == decides
        assert [other.row.target_id for other in found.others] == ["a"]


def test_periods_of_one_kpi_have_one_status() -> None:
    (found,) = standing.of(
        [line("kpi", target("month", "met")), line("kpi", target("b", "missed"))]
    )
    assert found.status == "missed"


def test_the_worst_comes_first_and_every_kpi_is_counted_once() -> None:
    statuses = ["met", "on_track", "open", "behind", "missed", "not_applicable"]
    found = standing.of(line(status, target("a", status)) for status in statuses)
    assert [each.status for each in found] == [
        "missed", "behind", "open", "on_track", "met", "not_applicable",
    ]  # fmt: skip
    assert dict(standing.counts(found)) == dict.fromkeys(statuses, 1)
    assert dict(standing.counts([])) == {"met": 0, "on_track": 0, "behind": 0, "missed": 0}


@pytest.mark.parametrize(
    ("statuses", "kind", "judged"),
    [
        (["met", "on_track", "behind", "missed"], "behind", 4),
        (["met", "on_track", "not_applicable"], "on_track", 2),
        (["met", "open"], "open", 2),
        (["missed", "open"], "behind", 2),
        (["not_applicable"], "open", 0),
        ([], "open", 0),
    ],
)
def test_one_verdict_for_all(statuses: list[str], kind: str, judged: int) -> None:
    found = standing.verdict(
        standing.of(line(f"{at}", target("a", s)) for at, s in enumerate(statuses))
    )
    assert (found.kind, found.judged) == (kind, judged)
    assert (found.behind, found.missed) == (statuses.count("behind"), statuses.count("missed"))
