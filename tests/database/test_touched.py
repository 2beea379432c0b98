"""What changed has its own steps replaced, and every day is as if counted from nothing."""

import logging
from datetime import date
from typing import Any

import pytest

from dean06.identity.verify import verify_identities
from dean06.kpi import counting, news, steps, touched, verify
from dean06.kpi.build import build_kpis
from dean06.kpi.family import families
from dean06.kpi.touched import Touched
from dean06.load.publish import publish
from dean06.warehouse import transaction
from tests.lib.loading import lines_of, load_police, load_source, resident, rows
from tests.lib.persons import load, record

DAY = date(2022, 10, 31)
MANY = 3
"""So many days that steps are worth keeping."""
RESIDENTS = "population.permanent_residents"
DOSSIER = {
    "maHoSo": "CC000000000001", "loaiCap": "cap_moi", "maDiemThuNhan": "D017", "maXa": "28249",
    "tiepNhanLuc": "2022-10-20T08:00:00+07:00",
    "capLuc": None, "trangThai": "da_tiep_nhan", "daXoa": False,
    "capNhatLuc": "2022-10-31T08:30:00+07:00",
}  # fmt: skip
LISTING = {
    "listing_code": "l1", "procedure_code": "2.001159", "commune_code": "28249",
    "signed_on": "2022-10-01", "is_deleted": False, "updated_at": "2022-10-02 08:00+07",
}  # fmt: skip


@pytest.fixture(autouse=True)
def always_replaced(warehouse: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps of what changed are replaced, however much of so few records it is."""
    monkeypatch.setattr(news, "_MANY", 1e9)


def person(number: int, **changes: Any) -> dict[str, Any]:
    return resident(soDinhDanh=f"08219{number:07d}", **changes)


def keep(caplog: pytest.LogCaptureFixture) -> tuple[int, int]:
    """As a build does before it counts; families counted as a whole, and families of which what
    changed was replaced."""
    verify_identities()
    caplog.clear()
    with (
        caplog.at_level(logging.INFO),
        transaction(isolation="REPEATABLE READ") as session,
    ):
        counting.prepare(session, DAY, families())
        steps.keep(session, DAY, families(), MANY)
    told = [each.args for each in caplog.records if "daily changes computed" in str(each.msg)]
    assert verify.verify([date(2022, 10, 1), DAY]).differences == ()
    return (told[0][1], told[0][3]) if told else (0, 0)  # type: ignore[index,return-value]


def stored() -> list[tuple[Any, ...]]:
    return rows(
        "select place_code, day, counted from ops.kpi_step where kpi_code = :code", code=RESIDENTS
    )


def reading(*tables: str) -> int:
    """Families that keep steps, have a key, and read one of these tables."""
    return sum(
        bool(family.tables & set(tables)) and family.independent_by is not None
        for family in families()
        if counting.keeps_steps(family)
    )


def test_a_late_record_replaces_its_own_steps(caplog: pytest.LogCaptureFixture) -> None:
    load_police("one", str(DAY), [person(1), person(2, maXa="28252")])
    assert keep(caplog)[1] == 0
    assert keep(caplog) == (0, 0)
    load_police(
        "late",
        str(DAY),
        [person(1, ngayHieuLuc="2022-01-02", capNhatLuc="2022-10-31T08:00:00+07:00")],
    )
    assert keep(caplog) == (0, reading("police__resident"))
    [(early,)] = rows(
        """select sum(counted) from ops.kpi_step
           where kpi_code = :code and day <= '2022-01-02' and place_code = '28249'""",
        code=RESIDENTS,
    )
    assert early == 1


def test_a_thing_that_is_gone_leaves_no_steps(caplog: pytest.LogCaptureFixture) -> None:
    load_police("one", str(DAY), [person(1), person(2)])
    keep(caplog)
    load_police("gone", str(DAY), [person(2, daXoa=True, capNhatLuc="2022-10-31T09:00:00+07:00")])
    keep(caplog)
    assert stored() == [("28249", date(2022, 10, 1), 1)]
    assert rows("select count(*) from ops.kpi_step where counted = 0 and considered = 0") == [(0,)]


def test_what_a_load_overwrites_is_taken_out(caplog: pytest.LogCaptureFixture) -> None:
    """Of two contents of one version, one wins: whichever it is, it replaces the other once."""
    one, other = {"maXa": "28249"}, {"maXa": "28252"}
    load_police("one", str(DAY), [person(1, **one), person(2, **other)])
    keep(caplog)
    load_police("other", str(DAY), [person(1, **other), person(2, **one)])
    assert rows("select count(*) > 0 from core.replaced_version") == [(True,)]
    assert keep(caplog) == (0, reading("police__resident"))
    load_police("again", str(DAY), [person(3)])
    build_kpis()
    # Kept for whoever computes a publication again, until retention removes it.
    assert rows("select count(*) > 0 from core.replaced_version") == [(True,)]


def test_who_is_overwritten_away_is_touched_too(caplog: pytest.LogCaptureFixture) -> None:
    """A dossier is of another person in the same version: the first one has none any more."""
    load_police("one", str(DAY), [person(1), person(2)])
    keep(caplog)
    for number, whose in enumerate((1, 2, 1)):
        dossier = {**DOSSIER, "soDinhDanh": f"08219{whose:07d}"}
        body = lines_of([dossier])
        load_source("police", f"dossier-{number}", str(DAY), {"id_card_dossier": (body, 1)})
        keep(caplog)
    assert rows("select count(*) from core.replaced_version") == [(1,)]


def test_a_person_met_elsewhere_too_is_still_one_person(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Of a late visit, only the day from which its person is met in two communes changes."""
    load_police("one", str(DAY), [resident(hoTen="Nguyễn Thị Hòa")])
    load("health.encounter", record("health.encounter"))
    keep(caplog)
    assert persons() == [("28249", None, date(2022, 10, 1), 1)]
    late = {"encounter_id": "e2", "started_at": "2022-10-03", "commune_code": "28252"}
    load("health.encounter", record("health.encounter", **late))
    assert keep(caplog) == (0, reading("health__encounter"))
    assert persons() == [
        ("28249", None, date(2022, 10, 1), 1),
        ("28249", None, date(2022, 10, 3), -1),
        (None, ["0/28249", "0/28252"], date(2022, 10, 3), 1),
    ]


def persons() -> list[tuple[Any, ...]]:
    return rows(
        """select place_code, members, day, counted from ops.kpi_step
           where kpi_code = 'health.id_card_persons' order by day, counted"""
    )


def test_another_verdict_replaces_the_steps_of_its_record(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A participant whom the registry did not know: it comes to know them."""
    load_police("one", str(DAY), [person(1)])
    load("insurance.participant", record("insurance.participant"))
    keep(caplog)
    verified = "select sum(counted) from ops.kpi_step where kpi_code = 'insurance.verified_share'"
    assert rows(verified) == [(0,)]
    known = resident(hoTen="Nguyễn Thị Hòa")
    load_police("two", str(DAY), [known])
    assert keep(caplog) == (0, reading("police__resident", "insurance__participant"))
    assert rows(verified) == [(1,)]
    other = {"bhxh_code": "7900000002", "personal_id": "082190000099"}
    load("insurance.participant", record("insurance.participant", **other))
    keep(caplog)
    assert rows("select count(*), count(verdict) from core.replaced_verdict") == [(2, 1)]
    build_kpis()
    # That a record had none is in the history of verdicts too.
    assert rows("select count(*), count(verdict) from core.replaced_verdict") == [(1, 1)]


def test_the_first_verdicts_of_a_dataset_are_counted_whole(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """No record had one before the registry came: nothing says what was before."""
    load("insurance.participant", record("insurance.participant"))
    keep(caplog)
    load_police("one", str(DAY), [resident(hoTen="Nguyễn Thị Hòa")])
    whole, _ = keep(caplog)
    assert whole > 0


def test_a_load_that_is_committed_late_is_not_missed(caplog: pytest.LogCaptureFixture) -> None:
    """It was opened before another one that steps take into account already."""
    load_police("slow", str(DAY), [person(1)], upto="quarantine")
    load_police("quick", str(DAY), [person(2)])
    keep(caplog)
    publish("police", "slow")
    assert keep(caplog) == (0, reading("police__resident"))
    assert stored() == [("28249", date(2022, 10, 1), 2)]


def test_steps_of_no_use_are_forgotten(caplog: pytest.LogCaptureFixture) -> None:
    """Those of a family that is defined no more, and those that a short build would have to count
    as a whole."""
    load_police("one", str(DAY), [person(1), person(2, maXa="28252")])
    keep(caplog)
    load_police("other", str(DAY), [person(1, maXa="28252"), person(2)])
    load("portal.listed_procedure", LISTING)
    with transaction(role="") as session:
        session.run("insert into ops.kpi_step_family values ('gone', 'x', now(), '{}', 0)")
    verify_identities()
    with transaction(isolation="REPEATABLE READ") as session:
        counting.prepare(session, DAY, families())
        kept = steps.keep(session, DAY, families(), 1)
    whole = {family.name for family in families() if family.counts == "rows"} - kept
    assert whole == {
        f.name
        for f in families()
        if f.counts == "rows"
        and f.independent_by is None
        and "portal__listed_procedure" in f.tables
    }
    assert {name for (name,) in rows("select family from ops.kpi_step_family")} == kept


def test_a_family_without_a_key_is_counted_whole(caplog: pytest.LogCaptureFixture) -> None:
    load_police("one", str(DAY), [person(1)])
    keep(caplog)
    load("portal.listed_procedure", LISTING)
    keyless = sum(
        f.counts == "rows" and f.independent_by is None and "portal__listed_procedure" in f.tables
        for f in families()
    )
    assert keyless > 0
    assert keep(caplog) == (keyless, reading("portal__listed_procedure"))


def test_versions_of_touched_records_are_looked_up_by_key() -> None:
    """As in core. Without, a family that looks up other versions reads all for each record."""
    load_police("one", str(DAY), [person(1)])
    [(load_id,)] = rows("select load_id from ops.load where dataset_code = 'resident'")
    read = touched.datasets_of([each for each in families() if each.independent_by == "record"])
    with transaction() as session:
        touched.prepare(session, Touched("record", read, (load_id,), 0))
        found = session.rows(
            """select table_of.relname::text as name, array_agg(pg_get_indexdef(indexrelid)) as by
               from pg_index
               inner join pg_class as table_of on indrelid = table_of.oid
               where table_of.relnamespace = pg_my_temp_schema()
               group by table_of.relname"""
        )
    indexed = {row.name: row.by for row in found}
    for dataset in read:
        for when in ("now", "before"):
            [by] = indexed[f"{when}_{dataset.table}"]
            assert by.endswith(f"({', '.join(dataset.key)})")


def test_shares_of_things_change_what_the_whole_changes() -> None:
    """Each share has other things; together they have all, each once."""
    load_police("one", str(DAY), [person(n) for n in range(1, 9)])
    verify_identities()
    found = [family for family in families() if family.name == "quality_consistent"]
    loads = tuple(load for (load,) in rows("select load_id from ops.load"))
    whole = Touched(found[0].independent_by or "", touched.datasets_of(found), loads, 0)
    assert len(whole.in_shares(3)) == 3
    things = [_things(each) for each in (whole, *whole.in_shares(3))]
    assert len(things[0]) == 8
    assert sorted(things[0]) == sorted(things[1] + things[2] + things[3])
    assert max(map(len, things[1:])) < 8
    by_record = Touched("record", whole.datasets, loads, 0)
    assert by_record.in_shares(3) == [by_record]


def _things(found: Touched) -> list[str]:
    with transaction() as session:
        touched.prepare(session, found)
        return [row.thing for row in session.rows("select thing from touched_thing")]
