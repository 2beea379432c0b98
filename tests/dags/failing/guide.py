"""What the operations guide and the watchdog name, and where each is forced."""

import re
from collections.abc import Iterator

from dean06 import settings
from dean06.errors import Cause
from dean06.watch.problem import Kind

_WATCH = "tests/database/test_watch.py"
_NO_CONTRACT = "tests/database/test_remove_source.py::test_a_missing_contract_is_reported"
ELSEWHERE: dict[str | Kind | Cause, str] = {
    # Pages answer these; no task fails with them.
    "any page ConflictError": "tests/database/test_replay_attacks.py",
    Cause.CONFLICT: "tests/database/test_replay_attacks.py",
    Cause.ALREADY_DECIDED: "tests/database/test_publications.py",
    Cause.AWAITS_APPROVAL: "tests/database/test_failures.py",
    # The same error from another step, or a delivery that no simulated ministry makes.
    "extract ContractError": "tests/database/test_strangers_answers.py",
    "stage ContractError": "tests/database/test_strangers_workbooks.py::test_what_is_no_workbook",
    Cause.CONTRACT_BROKEN: "tests/database/test_strangers_answers.py",
    "publish BatchHeldError": "tests/database/test_unreadable.py::test_many_of_them_hold",
    "any EngineError": "tests/database/test_unreadable.py::test_an_error_of_duckdb",
    Cause.ENGINE_FAILED: "tests/database/test_unreadable.py::test_an_error_of_duckdb",
    # What the ledger alone shows, with the time that has to pass.
    Kind.STALE: f"{_WATCH}::test_people_are_notified_of_a_problem_once_a_day",
    Kind.UNFINISHED: f"{_WATCH}::test_a_run_that_came_to_no_end",
    Kind.LATE_REPLAY: "tests/database/test_failures.py::test_a_correction_that_fails",
    Kind.CORRECTIONS_DUE: "tests/database/test_correction_followup.py",
    Kind.CORRECTIONS_OVERDUE: "tests/database/test_correction_followup.py",
    Kind.UNBALANCED: f"{_WATCH}::test_books_that_were_changed",
    Kind.UNPUBLISHED: f"{_WATCH}::test_kpis_that_do_not_follow",
    Kind.CREDENTIAL: f"{_WATCH}::test_credentials_that_end",
    Kind.UNSEALED: f"{_WATCH}::test_a_chain_that_nobody_has_signed",
    Kind.LOGGED: f"{_WATCH}::test_a_log_that_keeps",
    Kind.NO_CONTRACT: _NO_CONTRACT,
    Cause.CONTRACT_MISSING: _NO_CONTRACT,
    "any MissingContractError": _NO_CONTRACT,
    Kind.UNEXPLAINED: "tests/database/test_reconciliation.py::test_a_count_that_is_not_its_list",
}
"""What no case of this folder forces: where a test does. A name is the beginning of a test's."""


def rows() -> Iterator[str]:
    """``task symptom`` of every line of the guide's table, once for each of its tasks."""
    guide = (settings.PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")
    table = guide.partition("\n| task | error or symptom |")[2].partition("\n\n")[0]
    for line in table.splitlines()[2:]:
        tasks, symptom = (cell.strip() for cell in line.split("|")[1:3])
        step = tasks.partition(" of ")[0]
        for task in re.findall(r"`(\w+)`", step) or [step]:
            yield f"{task} {symptom.replace('`', '')}"


def missing_tests() -> list[str]:
    """Of the tests named in ``ELSEWHERE`` those that are not there."""
    found = []
    for place in ELSEWHERE.values():
        file, _, test = place.partition("::")
        path = settings.PROJECT / file
        if not path.exists() or f"def {test}" not in path.read_text(encoding="utf-8"):
            found.append(place)
    return found
