"""A run that is tried again, comes too early, or comes when all is done."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from dean06 import contract, settings
from dean06.errors import ContractError, WarehouseError
from dean06.load import ledger
from dean06.load.extract import extract
from dean06.privacy import retention
from dean06.sources import Endpoint
from tests.lib.loading import land, lines_of, load_police, resident, rows

DAY = "2022-10-31"
POLICE = contract.load("police")
RESIDENT = POLICE.dataset("resident")


def test_a_retry_after_extraction_was_committed_goes_on(warehouse: str) -> None:
    load = land(RESIDENT, "one", DAY, lines_of([resident()]), declared=1)
    nowhere = Endpoint("http://127.0.0.1:9")  # asking again would fail
    extract(nowhere, RESIDENT, "one", date.fromisoformat(DAY))
    assert ledger.current_load(RESIDENT, "one").load_id == load.load_id


def test_a_day_that_has_not_ended_is_refused(warehouse: str) -> None:
    today = datetime.now(settings.TIMEZONE).date()
    with pytest.raises(ContractError, match="has not ended yet"):
        ledger.open_load(POLICE, RESIDENT, "one", today)
    ledger.open_load(POLICE, RESIDENT, "two", today - timedelta(days=1))


def test_a_published_load_is_final(warehouse: str) -> None:
    load = load_police("one", DAY, [resident()])
    with pytest.raises(WarehouseError, match="55000"):
        ledger.mark_landed(load, 1)


def test_a_published_load_leaves_nothing_in_staging(
    warehouse: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEAN06_LANDING", tmp_path.as_uri())
    load_police("one", DAY, [resident()], upto="validate")
    load_police("one", DAY, [resident()])
    assert rows("select status from ops.load where dataset_code = 'resident' order by 1") == [
        ("abandoned",), ("published",)
    ]  # fmt: skip
    given_up = "select load_id from ops.load where status = 'abandoned' and received_count > 0"
    left = {path.parent.name for path in tmp_path.rglob("*.parquet")}
    assert left == {str(load_id) for (load_id,) in rows(given_up)}
    assert left
    retention.keep_house()
    assert not list(tmp_path.rglob("*.parquet"))
