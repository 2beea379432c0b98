"""A warehouse with something of everything that operators watch."""

from datetime import datetime

import pytest

from dean06 import contract, settings
from dean06.errors import BatchHeldError, Cause
from dean06.identity.verify import verify_identities
from dean06.load import ledger
from dean06.warehouse import transaction
from dean06.watch import watchdog
from tests.lib import published
from tests.lib.loading import load_police, load_source, resident

DAY, NEXT_DAY = "2022-10-31", "2022-11-01"
PERSON, NAME = "082190000009", "Trần Văn Giấu Kín"
"""Whose record is quarantined."""
RESIDENTS = 11


def fill() -> None:
    """A good day with one rejected record, KPIs and verdicts; then a held batch, a failed load, a
    held build, and a check of the watchdog that finds them."""
    good = [resident(soDinhDanh=f"0821900001{n:02}") for n in range(RESIDENTS - 1)]
    load_police("one", DAY, [*good, resident(soDinhDanh=PERSON, hoTen=NAME, maXa="99999")])
    for source in contract.sources():
        if source != "police":
            load_source(source, "one", DAY, {})
    verify_identities()
    published.publish(DAY)
    bad = [resident(soDinhDanh=f"0821900{n:05d}", maXa="99999") for n in range(100)]
    with pytest.raises(BatchHeldError):
        load_police("two", NEXT_DAY, bad)
    _fail()
    with transaction() as session:
        session.run(
            """insert into ops.kpi_build (as_of_date, state, source_codes, reason, cause)
               values (:day, 'held', '{police}', 'test', 'test')""",
            day=NEXT_DAY,
        )
    watchdog.check(datetime.now(settings.TIMEZONE))


def _fail() -> None:
    agreed = contract.load("programme")
    day = datetime.fromisoformat(NEXT_DAY).date()
    load = ledger.open_load(agreed, agreed.datasets[0], "two", day)
    ledger.mark_landed(load, 0)
    ledger.note_cause(load, f"{NAME} is not here", Cause.PROGRAM_ERROR, None)
