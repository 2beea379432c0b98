"""A month of synced days with late, corrected and withdrawn records; then past publications, drawn
at random, are computed again and compared value by value.

Days come over the real protocols with all rules. After half of the month the keys of tokens change,
a build that waits for approval is released by two people, and the schema is migrated again.
"""

import time
from contextlib import suppress
from datetime import date, timedelta

from dean06.errors import AuditError
from dean06.identity import tokens
from dean06.identity.verify import verify_identities
from dean06.kpi import recompute, release
from dean06.kpi.build import build_kpis
from dean06.schema import migrate
from ministries.servers import running
from tests.conftest import pointed_at, private_cluster
from tests.faults.summary import Summary
from tests.lib.loading import rows
from tests.lib.syncing import sync

FIRST = date(2022, 10, 1)
DAYS = 30
SAMPLE = 100
SCALE = 0.001


def campaign(seed: int) -> Summary:
    """Thirty days, then a hundred publications."""
    summary = Summary("recomputed")
    with private_cluster() as machine, pointed_at(machine.database()):
        migrate.migrate()
        live(summary, DAYS, seed)
        compute_again(summary, SAMPLE, seed)
    return summary


def live(summary: Summary, days: int, seed: int) -> None:
    """Sync day after day; what happens in between is said in the module's first lines."""
    with running("tien_giang_2022", SCALE, seed=seed) as ministries:
        for number in range(days):
            day = FIRST + timedelta(days=number)
            began = time.monotonic()
            with suppress(AuditError):  # held: released below
                sync(ministries, str(day))
            verify_identities()
            release_held()
            with suppress(AuditError):
                build_kpis()
            if number == days // 2:
                tokens.rotate()
                migrate.migrate()
            (publications,) = rows("select count(*) from mart.kpi_publication")
            took = time.monotonic() - began
            print(f"{day}: {publications[0]} publications, {took:.0f} s", flush=True)
    release_held()
    summary.add("days", days)


def release_held() -> None:
    """Two people release what waits for approval."""
    for build in release.held():
        for name in ("db:lan", "db:minh"):
            with suppress(AuditError):
                release.sign(build.build_id, name, "đã kiểm tra số liệu")


def compute_again(summary: Summary, size: int, seed: int) -> None:
    """Publications drawn at random, all of them where there are fewer."""
    (counted,) = rows("select count(*), count(distinct as_of_date) from mart.kpi_publication")
    summary.add("publications", counted[0])
    summary.add("of them, publications that restate a day", counted[0] - counted[1])
    began = time.monotonic()
    for number in recompute.draw(size, seed).publications:
        found = recompute.recompute(number, "db:lan")
        summary.add("publications computed again")
        summary.add("values that are equal", found.values if found.outcome == "equal" else 0)
        if found.outcome != "equal":
            what = "; ".join((*found.differences[:3], *(each.text("en") for each in found.missing)))
            summary.failures.append(f"publication {number} of {found.day}: {what}")
    summary.add("seconds for that", round(time.monotonic() - began))
    if summary.counts.get("publications computed again", 0) < min(size, counted[0]):
        summary.failures.append("fewer publications than wanted could be computed again")
