"""A suite with a gap: what core SQL cannot read is set aside, the rest of the load goes on."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import pytest

from dean06.contract import Dataset
from dean06.errors import BatchHeldError, CoreSqlError, EngineError, WarehouseError
from dean06.load import core_sql, publish, typed, unreadable, validate
from dean06.rules.suite import Suite, read_suite
from dean06.warehouse import sql_file
from tests.lib.loading import books, load_police, resident, rows

pytestmark = pytest.mark.usefixtures("warehouse", "compiled_here")

DAY = "2022-10-31"


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Takes the rules about a column out of every suite."""
    real = read_suite

    def leave_out(column: str) -> None:
        def shorter(dataset: Dataset) -> Suite:
            suite = real(dataset)
            kept = tuple(rule for rule in suite.expectations if rule.column != column)
            return msgspec.structs.replace(suite, expectations=kept)

        monkeypatch.setattr(validate, "read_suite", shorter)

    return leave_out


def residents(count: int, **odd: Any) -> list[Mapping[str, Any] | str]:
    """So many residents; the last shows the odd fields."""
    people: list[Mapping[str, Any] | str] = [
        resident(soDinhDanh=f"0821900{n:05}") for n in range(count)
    ]
    return [*people[:-1], resident(soDinhDanh=f"0821900{count - 1:05}", **odd)]


@pytest.mark.parametrize(
    ("column", "odd"),
    [
        ("effective_on", {"ngayHieuLuc": "2022-02-31"}),
        ("effective_on", {"ngayHieuLuc": "hôm qua"}),
        ("birth_date", {"ngaySinh": "1990-13-01"}),
        ("birth_date", {"ngaySinh": "năm 1990"}),
        ("updated_at", {"capNhatLuc": None}),
        ("updated_at", {"capNhatLuc": "2022-10-31T25:00:00+07:00"}),
    ],
)
def test_one_value_that_core_cannot_read_stops_nothing(
    without: Callable[[str], None], column: str, odd: dict[str, Any]
) -> None:
    without(column)
    load = load_police("one", DAY, residents(101, **odd))
    assert rows("select row_no, rule_codes, payload ->> 'personal_id' from ops.quarantine") == [
        (101, [unreadable.RULE], "082190000100")
    ]
    assert rows("select count(*), max(personal_id) from core.police__resident") == [
        (100, "082190000099")
    ]
    counts = books(load)
    assert (counts["received"], counts["inserted"], counts["quarantined"]) == (101, 100, 1)
    ((english, vietnamese),) = rows("select reason_en, reason_vi from ops.quarantine_reason")
    assert english == unreadable.REASON.en
    assert vietnamese == unreadable.REASON.vi
    assert rows(
        """select element_count, unexpected_count from ops.validation_result
           where rule_code = 'unreadable_by_core'"""
    ) == [(101, 1)]
    publish.publish("police", "one")
    assert books(load) == counts


def test_scattered_rows_are_found_beside_rows_that_rules_reject(
    without: Callable[[str], None],
) -> None:
    without("effective_on")
    people = residents(400)
    odd = {0, 1, 57, 199, 200, 398, 399}
    for place in odd:
        people[place] = resident(soDinhDanh=f"0821900{place:05}", ngayHieuLuc="2022-02-30")
    people[300] = resident(soDinhDanh="082190000300", gioiTinh="9")
    load_police("one", DAY, people)
    found = dict(rows("select row_no - 1, rule_codes[1] from ops.quarantine"))
    assert found == {**dict.fromkeys(odd, unreadable.RULE), 300: "sex_code_known"}
    assert rows("select count(*) from core.police__resident") == [(392,)]


def test_many_of_them_hold_the_batch(without: Callable[[str], None]) -> None:
    load_police("before", "2022-10-30", [resident(capNhatLuc="2022-10-30T08:30:00+07:00")])
    without("effective_on")
    people = [
        resident(soDinhDanh=f"0821901{n:05}", ngayHieuLuc="x" if n < 20 else "2022-10-01")
        for n in range(100)
    ]
    with pytest.raises(BatchHeldError, match="unreadable_by_core fails for 20 of 100 records"):
        load_police("one", DAY, people)
    assert rows("select count(*) from core.police__resident") == [(1,)]
    assert rows(
        "select status, cause from ops.load where run_key = 'one' and dataset_code = 'resident'"
    ) == [("held", "batch held: rule unreadable_by_core fails for 20 of 100 records")]
    assert rows("select count(*) from ops.quarantine") == [(20,)]
    with pytest.raises(BatchHeldError):
        publish.publish("police", "one")


def test_an_error_that_no_record_is_to_blame_for_is_raised(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = sql_file

    def broken(path: str) -> str:
        return real(path).replace("count(*) as records", "1 / (count(*) - count(*)) as records")

    load_police("before", DAY, [resident()])
    monkeypatch.setattr(publish, "sql_file", broken)
    with pytest.raises(WarehouseError, match="22012"):
        load_police("one", DAY, [resident()])
    assert rows("select count(*) from ops.quarantine") == [(0,)]
    assert rows(
        "select status from ops.load where dataset_code = 'resident' and run_key = 'one'"
    ) == [("quarantined",)]


def cause_of_failure() -> list[tuple[Any, ...]]:
    return rows(
        """select cause_code, cause from ops.load join ops.load_cause using (load_id)
           where dataset_code = 'resident'"""
    )


def test_an_error_of_duckdb_is_not_blamed_on_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    real = sql_file

    def broken(path: str) -> str:
        return real(path).replace("from typed", "from typed where error('082190000001') is null")

    monkeypatch.setattr(typed, "sql_file", broken)
    with pytest.raises(EngineError, match="DuckDB failed: InvalidInputException"):
        load_police("one", DAY, [resident()])
    ((code, cause),) = cause_of_failure()
    assert code == "engine_failed"
    assert "082190000001" not in cause


def test_core_sql_that_became_wrong_is_named_when_it_is_published(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = core_sql.read
    monkeypatch.setattr(core_sql, "read", lambda each: real(each).replace("full_name", "ful_name"))
    with pytest.raises(CoreSqlError, match=r"core/police/resident\.sql, line \d+, character \d+: "):
        load_police("one", DAY, [resident()])
    ((code, cause),) = cause_of_failure()
    assert code == "core_sql_wrong"
    assert "unknown column ful_name" in cause
    assert rows("select count(*) from ops.quarantine") == [(0,)]
