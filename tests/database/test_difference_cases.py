"""Differences from the national portal are cases: with a deadline, closed by a delivery only."""

from datetime import date
from typing import Any

import pytest

from dean06.agencies import reconciliation
from dean06.errors import WarehouseError
from dean06.warehouse import transaction
from tests.lib.corrections import spells
from tests.lib.loading import load_police, load_source, resident, rows
from tests.lib.national import AGREES, PLANTS, Planted, dossiers, load_plan, page, prepare_plan

pytestmark = pytest.mark.usefixtures("warehouse", "lists_root")
MISSING = Planted(1, 7, 0, "not_synced_here")
THERE = Planted(1, 7, 0)
"""The same dossier as both sides have it."""
FIRST, SECOND, THIRD = date(2022, 10, 31), date(2022, 11, 1), date(2022, 11, 2)


def arrives(day: date, status: str) -> None:
    """The province's portal sends the dossier, as it writes it on that day."""
    sent = {**dossiers([THERE])[0], "TrangThaiHoSo": status}
    sent["NgayCapNhat"] = f"{day:%d/%m/%Y} 10:00:00"
    nothing = page([])
    load_source(
        "portal", f"run-{day}", str(day),
        {"dossier": page([sent]), "national_dossier": nothing, "national_count": nothing},
    )  # fmt: skip


def breaks_again() -> None:
    """Missing on 31/10, there on 1/11, cancelled on one side on 2/11."""
    load_plan([MISSING, Planted(2, 7, 1)])
    arrives(SECOND, "2")
    arrives(THIRD, "9")


EXPECTED: dict[str, list[tuple[Any, ...]]] = {
    MISSING.code: [
        # Listed on 1/11; five working days: 2, 3, 4, 7 and 8 November.
        ("31/10", "08/11", "01/11", "corrected", False, False),
        # Listed on 3/11; fifteen working days from 4 to 24 November.
        ("02/11", "24/11", None, None, False, False),
    ]
}


def test_a_difference_is_closed_by_a_delivery_and_opened_when_it_breaks_again() -> None:
    load_plan([MISSING, Planted(2, 7, 1)])
    reconciliation.write_due()
    assert spells() == {MISSING.code: [("31/10", "08/11", None, None, False, False)]}
    arrives(SECOND, "2")
    reconciliation.write_due()
    assert spells() == {MISSING.code: EXPECTED[MISSING.code][:1]}
    arrives(THIRD, "9")
    reconciliation.write_due()
    assert spells() == EXPECTED
    assert rows("select codes, severity from ops.correction_spell order by spell_no") == [
        (["not_synced_here"], "severe"), (["other_status"], "minor")
    ]  # fmt: skip


@pytest.mark.campaign
def test_the_same_list_again_makes_no_other_case_and_no_further_event() -> None:
    breaks_again()
    reconciliation.write_due()
    events = rows("select * from ops.correction_event order by event_id")
    for day in (FIRST, SECOND, THIRD, FIRST):
        reconciliation.write_day(day)
    assert rows("select * from ops.correction_event order by event_id") == events
    assert rows("select count(*) from ops.correction_case") == [(1,)]


@pytest.mark.parametrize("order", [(THIRD, SECOND, FIRST), (SECOND, THIRD, FIRST)])
@pytest.mark.campaign
def test_in_whatever_order_days_are_reconciled_cases_come_out_the_same(
    order: tuple[date, ...],
) -> None:
    breaks_again()
    for day in order:
        reconciliation.write_day(day)
    for day in sorted(order):
        reconciliation.write_day(day)
    assert spells() == EXPECTED


def test_every_kind_but_the_late_is_a_case_with_its_deadline() -> None:
    plan = [Planted(number, 7, 0, plant) for number, plant in enumerate([*PLANTS, AGREES])]
    load_plan(plan)
    reconciliation.write_due()
    found = dict(rows("select codes[1], working_days from ops.correction_spell"))
    assert found == {
        "not_synced_here": 5, "not_known_there": 5, "twice": 10, "other_procedure": 10,
        "other_period": 15, "other_status": 15,
    }  # fmt: skip
    keys = {key for (key,) in rows("select record_key from core.correction_record")}
    assert keys == {each.code for each in plan if PLANTS[each.plant] not in (None, "late")}


@pytest.mark.parametrize("source", ["police", "portal"])
@pytest.mark.one_in(2)
def test_nobody_closes_a_case_by_another_source_or_a_load_that_is_not_published(
    source: str,
) -> None:
    load_plan([MISSING])
    reconciliation.write_due()
    load_police("one", str(FIRST), [resident()])
    prepare_plan([THERE], run="two", day=str(SECOND))
    ((case,),) = rows("select case_id from ops.correction_case")
    ((load,),) = rows(
        "select max(load_id) from ops.load where source_code = :source", source=source
    )
    with pytest.raises(WarehouseError, match="23514"), transaction() as session:
        session.run(
            """insert into ops.correction_event (case_id, event, day, moment, load_id)
               values (:case, 'corrected', '2022-11-01', now(), :load)""",
            case=case,
            load=load,
        )
