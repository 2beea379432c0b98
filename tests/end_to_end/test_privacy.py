"""No personal ID, name or card number in logs, exceptions, results or mart."""

import logging
from datetime import date

import pytest

from dean06 import contract
from dean06.errors import BatchHeldError, Dean06Error, WarehouseError
from dean06.privacy.readers import ANALYST, reachable
from dean06.warehouse import transaction
from ministries.faults import Fault
from ministries.servers import Running
from tests.lib.identities import identities, occurring_in
from tests.lib.loading import load_police, resident
from tests.lib.syncing import load_dataset, sync

pytestmark = pytest.mark.usefixtures("warehouse")
PLANTED = {"soDinhDanh": "082190777777", "hoTen": "Hoàng Thị Không Lộ", "maHo": "H28249777777"}


def test_a_planted_identity_stays_out_of_everything_but_core(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    bad = [
        resident(**{**PLANTED, "soDinhDanh": f"0821907777{n:02d}", "maXa": "99999"})
        for n in range(30)
    ]
    load_police("one", "2022-10-30", [resident(**PLANTED)])
    with pytest.raises(BatchHeldError) as held:
        load_police("two", "2022-10-31", [resident(**PLANTED), *bad])
    known = identities()
    assert {"082190777777", "Hoàng Thị Không Lộ", "082190777712"} <= known
    with transaction() as session:
        texts = {
            table: "\n".join(str(tuple(row)) for row in session.rows(f"select * from {table}"))
            for table in ("ops.load", "ops.validation_result", "ops.landing_file", "ops.watermark")
        }
    texts |= {"log": caplog.text, "exception": str(held.value)}
    assert "commune_code_known" in texts["ops.validation_result"]
    assert occurring_in(texts, known) == {}
    # The search itself can find: the payload of quarantine holds what it must.
    with transaction() as session:
        payloads = str(session.rows("select payload from ops.quarantine"))
    assert "payloads" in occurring_in({"payloads": payloads}, known)


@pytest.mark.parametrize(
    "statement",
    [
        "select '082190777777'::date",
        "insert into ops.watermark values ('x', '082190777777', now(), -1)",
        "insert into ops.quarantine values (1, 1, 'Hoàng Thị Không Lộ', null, '{}', '{}')",
        "select cast('Hoàng Thị Không Lộ' as bigint)",
        "do $$ begin raise exception 'Hoàng Thị Không Lộ'; end $$",
    ],
)
def test_database_errors_name_objects_and_codes_only(statement: str) -> None:
    with pytest.raises(WarehouseError) as refused, transaction() as session:
        session.connection.exec_driver_sql(statement)
    shown = f"{refused.value} {refused.value.__cause__} {refused.value.__context__ and ''}"
    assert "082190777777" not in shown
    assert "Hoàng" not in shown
    assert refused.value.__suppress_context__
    assert "PostgreSQL error" in shown


@pytest.mark.campaign
def test_a_whole_sync_with_faults_tells_no_identity(
    ministries: Running, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told = []
    police = contract.load("police").dataset("resident")
    for number, kind in enumerate(("server_error", "cut_body", "missing_field", "wrong_digest")):
        args = {"column": "commune_code"} if kind == "missing_field" else {}
        ministries.faults.add(Fault("police", "resident", kind, args=args))
        with pytest.raises(Dean06Error) as error:
            load_dataset(ministries, police, f"fault-{number}", date(2022, 10, 31))
        told.append(str(error.value))
        ministries.faults.clear()
    sync(ministries, "2022-10-31")
    known = identities()
    read_by_bi = {grant.name for grant in reachable(ANALYST) if grant.kind == "relation"}
    assert "mart.kpi_latest" in read_by_bi
    # Names of places, from a public list: one is the name of a person too.
    read_by_bi -= {"mart.dim_admin_unit", "mart.unit_now"}
    with transaction() as session:
        texts = {
            table: "\n".join(str(tuple(row)) for row in session.rows(f"select * from {table}"))
            for table in ("ops.load", "ops.validation_result", *read_by_bi)
        }
    texts |= {"log": caplog.text, "exceptions": "\n".join(told)}
    assert len(told) == 4
    assert len(known) > 5_000
    assert occurring_in(texts, known) == {}


def test_bi_reads_mart_and_nothing_else() -> None:
    with transaction(role="dean06_bi") as session:
        session.rows("select * from mart.kpi_latest")
    for table in ("core.police__resident", "ops.quarantine", "ops.load"):
        with (
            pytest.raises(WarehouseError, match="permission denied"),
            transaction("dean06_bi") as s,
        ):
            s.rows(f"select * from {table}")
