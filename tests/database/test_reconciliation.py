"""Reconciliation with the national portal: what was planted is found, each with its kind, and
nothing is left over."""

import csv
import os
import signal
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from dean06.agencies import reconciliation
from dean06.cli.app import app
from dean06.errors import Dean06Error
from dean06.load.publish import publish
from dean06.warehouse import transaction
from dean06.watch import problems
from dean06.watch.problem import Kind
from tests.conftest import Cluster
from tests.lib.loading import load_source, rows
from tests.lib.national import (
    AGREES,
    CANCELLED_LATER,
    PLANTS,
    Planted,
    deliveries,
    dossiers,
    entries,
    expected_counts,
    expected_kinds,
    load_plan,
    page,
    prepare_plan,
)

pytestmark = pytest.mark.usefixtures("lists_root")
DAY = date(2022, 10, 31)
NOW = datetime.fromisoformat("2022-11-01T02:00+07:00")
EVERYTHING = [
    Planted(number, 7 + number % 2, number // 2, plant)
    for number, plant in enumerate([*PLANTS, *PLANTS, *[AGREES] * 10])
]


def found_kinds() -> dict[str, list[str]]:
    """Dossiers by kind, as of the end of the day."""
    found: dict[str, list[str]] = {}
    for kind, code in rows(
        "select kind, dossier_code from core.portal_difference_at('2022-11-01+07') order by 2"
    ):
        found.setdefault(kind, []).append(code)
    return found


def figures(day: date = DAY) -> list[tuple[Any, ...]]:
    return rows(
        """select period_month, procedure_id, figure, dossier_count, effect
           from ops.portal_reconciliation_figure where day = :day order by 1, 2, 3""",
        day=day,
    )


def assert_explained(plan: list[Planted]) -> None:
    """Every planted difference is found, no other, and the counts add up in every cell."""
    reconciled = reconciliation.write_day(DAY)
    expected = expected_kinds(plan)
    assert found_kinds() == expected
    assert reconciled.kinds == {kind: len(codes) for kind, codes in expected.items()}
    assert reconciled.unexplained == 0
    national, province = expected_counts(plan)
    told: dict[str, Counter[Any]] = {"national": Counter(), "province": Counter()}
    left: Counter[Any] = Counter()
    for month, procedure, figure, count, effect in figures():
        left[month, procedure] += effect
        if figure in told:
            told[figure][month, procedure] += count
    assert (+told["national"], +told["province"]) == (national, province)
    assert set(left.values()) <= {0}


@pytest.mark.usefixtures("warehouse")
def test_every_plant_is_found_with_its_kind() -> None:
    load_plan(EVERYTHING)
    assert_explained(EVERYTHING)
    assert found_kinds().keys() == {kind for kind in PLANTS.values() if kind}


@settings(
    max_examples=8, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(
    st.lists(
        st.tuples(st.sampled_from([7, 8]), st.integers(0, 2), st.sampled_from(list(PLANTS))),
        min_size=1,
        max_size=60,
    )
)
@pytest.mark.campaign
def test_whatever_is_planted_is_found(
    cluster: Cluster, migrated: str, drawn: list[tuple[int, int, str]]
) -> None:
    plan = [Planted(number, *each) for number, each in enumerate(drawn)]
    with cluster.copy(migrated):
        load_plan(plan)
        assert_explained(plan)


@pytest.mark.usefixtures("warehouse")
def test_a_count_that_is_not_its_list_is_unexplained_and_a_problem() -> None:
    load_source("portal", "one", str(DAY), deliveries(EVERYTHING, DA06_06=2, Q422_01=-1))
    reconciled = reconciliation.write_day(DAY)
    assert reconciled.unexplained == 3
    left = [row[:2] + row[3:] for row in figures() if row[2] == "unexplained"]
    assert left == [(date(2022, 7, 1), "DA06-06", 2, -2), (date(2022, 7, 1), "Q422-01", 1, 1)]
    with transaction() as session:
        (problem,) = [
            each for each in problems.detect(session, NOW)
            if each.kind is Kind.UNEXPLAINED
        ]  # fmt: skip
    assert problem.key == "unexplained:portal"
    assert "counts that differ: 2; unexplained difference in dossiers: 3" in problem.message.en
    load_source("portal", "two", str(DAY), deliveries(EVERYTHING))
    reconciliation.write_due()


@pytest.mark.usefixtures("warehouse")
def test_a_quarantined_line_of_the_list_is_not_dropped_silently() -> None:
    sent = deliveries(EVERYTHING)
    lines = entries(EVERYTHING)
    lines[-1]["NgayGhiNhan"] = "31/02/2022 09:00:00"
    load_source("portal", "one", str(DAY), {**sent, "national_dossier": page(lines)})
    reconciled = reconciliation.write_day(DAY)
    assert reconciled.unexplained == 1
    assert (
        reconciled.kinds["not_known_there"]
        == len(expected_kinds(EVERYTHING)["not_known_there"]) + 1
    )


@pytest.mark.usefixtures("warehouse")
def test_as_of_a_moment_only_what_was_known_then_counts() -> None:
    plan = [Planted(1, 7, 0, "late"), Planted(2, 7, 0, CANCELLED_LATER), Planted(3, 7, 0)]
    load_plan(plan)

    def kinds_at(moment: str) -> dict[str, str]:
        return {
            code[-1]: kind
            for kind, code in rows(
                """select kind, dossier_code
                   from core.portal_difference_at(cast(:at as timestamptz))""",
                at=moment,
            )
        }

    # The list of July is out on 3 August, the late line comes on the 5th, cancelling on the 20th.
    assert kinds_at("2022-08-03T04:59+07:00") == {}, "July is not closed"
    assert kinds_at("2022-08-04T00:00+07:00") == {"1": "not_known_there"}
    assert kinds_at("2022-08-06T00:00+07:00") == {"1": "late"}
    assert kinds_at("2022-08-20T10:00+07:00") == {"1": "late", "2": "late"}


@pytest.mark.usefixtures("warehouse")
def test_a_month_that_is_not_closed_is_not_compared() -> None:
    plan = [Planted(1, 8, 0, "not_known_there")]
    sent = deliveries(plan)
    october = {**dossiers(plan)[0], "MaHoSo": "000.00.18.H58-221010-00001"}
    october |= {"NgayTiepNhan": "10/10/2022 09:00:00", "NgayCapNhat": "10/10/2022 10:00:00"}
    load_source("portal", "one", str(DAY), {**sent, "dossier": page([*dossiers(plan), october])})
    assert found_kinds() == expected_kinds(plan)


@pytest.mark.usefixtures("warehouse")
def test_of_two_lines_the_one_that_agrees_is_compared() -> None:
    plan = [Planted(1, 7, 0)]
    (line,) = entries(plan)
    wrong = {**line, "MaDong": "QG82-000000001", "KyDoiSoat": "08/2022"}
    other = {**line, "MaDong": "QG82-000000002", "MaTTHC": "1.004222"}
    load_source(
        "portal", "one", str(DAY),
        {**deliveries(plan), "national_dossier": page([wrong, other, line])},
    )  # fmt: skip
    found = rows(
        "select kind, entry_code from core.portal_difference_at('2022-11-01+07') order by 2"
    )
    assert found == [("twice", "QG82-000000001"), ("twice", "QG82-000000002")]


@pytest.mark.usefixtures("warehouse")
def test_codes_of_one_procedure_are_one_procedure() -> None:
    """2.001194 and 2.001195 both name DA06-02."""
    plan = [Planted(1, 7, 0)]
    (line,), (first, second) = entries(plan), dossiers(plan)
    line["MaTTHC"] = "2.001194"
    load_source(
        "portal", "one", str(DAY),
        {
            "dossier": page([{**first, "MaTTHC": "2.001195"}, {**second, "MaTTHC": "2.001195"}]),
            "national_dossier": page([line]),
            "national_count": page([
                {"KyDoiSoat": "07/2022", "MaTTHC": "2.001194", "SoHoSo": "1",
                 "NgayChotKy": "03/08/2022 00:00:00", "NgayCapNhat": "03/08/2022 05:00:00"},
            ]),
        },
    )  # fmt: skip
    assert reconciliation.write_day(DAY).kinds == {}
    assert [row[1:] for row in figures()] == [
        ("DA06-02", "national", 1, 1), ("DA06-02", "province", 1, -1)
    ]  # fmt: skip


def files_of(root: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(root.rglob("portal_*"))}


@pytest.mark.usefixtures("warehouse")
def test_the_list_names_each_dossier_and_what_to_do(lists_root: Path) -> None:
    load_plan(EVERYTHING)
    reconciled = reconciliation.write_day(DAY)
    text = (lists_root / reconciled.csv_name).read_text(encoding="utf-8-sig")
    lines = list(csv.DictReader(text.splitlines(), delimiter=";"))
    assert len(lines) == sum(reconciled.kinds.values())
    by_kind = Counter(line["Loại chênh lệch"] for line in lines)
    assert by_kind["Tỉnh chưa có"] == reconciled.kinds["not_synced_here"]
    (moved, _) = [line for line in lines if line["Loại chênh lệch"] == "Khác kỳ"]
    assert moved["Kỳ (Cổng quốc gia)"] != moved["Kỳ (tỉnh)"]
    assert moved["Thủ tục (tỉnh)"]
    assert moved["How to resolve"].startswith("Compare the day of receipt")
    book = openpyxl.load_workbook(lists_root / reconciled.xlsx_name)
    summary = [[cell for cell in row if cell is not None] for row in book["Tóm tắt"].values]
    assert ["Tỉnh chưa có", reconciled.kinds["not_synced_here"]] in summary
    months = [row for row in summary if len(row) == 5 and row[0] != "Kỳ"]
    assert [row[0] for row in months] == ["07/2022", "08/2022", "09/2022"]
    for _, national, explained, province, unexplained in months:
        assert national - explained - unexplained == province
    assert book["Chênh lệch"].max_row == len(lines) + 1
    headings = [cell.value for cell in book["Chênh lệch"][1]]
    assert headings[-1] == "Số hồ sơ"
    assert not {"Reason", "How to resolve"} & set(headings)
    modes = {oct(path.stat().st_mode)[-3:] for path in lists_root.rglob("portal_*")}
    assert modes == {"600"}


@pytest.mark.usefixtures("warehouse")
@pytest.mark.campaign
def test_the_same_again_changes_nothing(lists_root: Path) -> None:
    load_plan(EVERYTHING)
    (first,) = reconciliation.write_due()
    before, kept = files_of(lists_root), rows("select * from ops.portal_reconciliation")
    told = figures()
    assert first.is_other
    assert reconciliation.write_due() == []
    assert not reconciliation.write_day(DAY).is_other
    load_plan(EVERYTHING, "again")
    (again,) = reconciliation.write_due()
    assert (again.kinds, again.is_other) == (first.kinds, False)
    assert (files_of(lists_root), figures()) == (before, told)
    made = [(row[0], row[-1]) for row in rows("select * from ops.portal_reconciliation")]
    assert made == [(row[0], row[-1]) for row in kept]


@pytest.mark.usefixtures("warehouse")
def test_killed_before_it_commits_it_is_due_again(
    lists_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_plan(EVERYTHING)

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(reconciliation, "_remember", killed)
        with pytest.raises(KeyboardInterrupt):
            reconciliation.write_due()
    assert rows("select * from ops.portal_reconciliation") == []
    before = files_of(lists_root)
    (reconciled,) = reconciliation.write_due()
    assert files_of(lists_root) == before
    assert reconciled.kinds == {k: len(c) for k, c in expected_kinds(EVERYTHING).items()}


@pytest.mark.usefixtures("warehouse")
def test_a_day_that_comes_later_makes_later_days_due_again() -> None:
    sent = deliveries(EVERYTHING)
    load_source("portal", "one", "2022-10-31", {**sent, "dossier": page([])})
    (first,) = reconciliation.write_due()
    assert "not_known_there" not in first.kinds
    load_source("portal", "late", "2022-10-30", {"dossier": sent["dossier"]})
    days = [each.day for each in reconciliation.write_due()]
    assert days == [date(2022, 10, 30), DAY]
    assert_explained(EVERYTHING)


@pytest.mark.usefixtures("warehouse")
def test_nothing_is_reconciled_before_it_is_published() -> None:
    prepare_plan(EVERYTHING)
    assert reconciliation.write_due() == []
    with pytest.raises(
        Dean06Error, match="no load of the portal has been published for 2022-10-31"
    ):
        reconciliation.write_day(DAY)
    publish("portal", "one")
    assert len(reconciliation.write_due()) == 1


@pytest.mark.usefixtures("warehouse")
def test_the_command_prints_counts_and_no_dossier() -> None:
    load_plan(EVERYTHING)
    done = CliRunner().invoke(app, ["reconcile"])
    assert done.exit_code == 0, done.output
    assert "portal_2022-10-31_reconciliation.xlsx" in done.output.replace("\n", "")
    assert "H58" not in done.output
    assert "Every day is reconciled" in CliRunner().invoke(app, ["reconcile"]).output


def dying(place: str, when: str) -> int:
    """Reconcile in a process of its own that is killed at a place; the signal that ended it."""
    child = os.fork()
    if child == 0:
        right = getattr(reconciliation, place)

        def killed(*given: Any) -> Any:
            if when == "before":
                os.kill(os.getpid(), signal.SIGKILL)
            done = right(*given)
            os.kill(os.getpid(), signal.SIGKILL)
            return done

        setattr(reconciliation, place, killed)
        reconciliation.write_due()
        os._exit(0)
    return os.WTERMSIG(os.waitpid(child, 0)[1])


@pytest.mark.usefixtures("warehouse")
@pytest.mark.campaign
def test_killed_anywhere_it_ends_the_same(lists_root: Path) -> None:
    load_plan(EVERYTHING)
    (expected,) = reconciliation.write_due()
    files, told = files_of(lists_root), figures()
    for place in ("_compare", "_lines", "stored_file", "_remember", "_write"):
        for when in ("before", "after"):
            with transaction() as session:
                session.run("delete from ops.portal_reconciliation_figure")
                session.run("delete from ops.portal_reconciliation")
            for path in lists_root.rglob("portal_*"):
                path.unlink()
            assert dying(place, when) == signal.SIGKILL
            # Killed after its commit there is nothing left to do.
            made = reconciliation.write_due()
            assert [each.kinds for each in made] in ([expected.kinds], [])
            assert (files_of(lists_root), figures()) == (files, told), f"{when} {place}"
