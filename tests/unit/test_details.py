"""What exactly happened is said in both languages from the same code and parameters."""

import ast
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import chain
from pathlib import Path
from string import Formatter
from typing import Any
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st

from dean06 import settings
from dean06.details import texts
from dean06.details.detail import Detail, detail, kinds_of, restored, within
from dean06.details.texts import TEXTS
from dean06.errors import ContractError, SourceError, around, at, together
from dean06.failures.particulars import particulars
from dean06.kpi.family import families
from dean06.reference import tables
from tests.lib.errors import every_error

CODE = settings.PROJECT / "plugins" / "dean06"
NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40)
LEAF = st.just(detail("page", page=3))
KINDS: dict[str, st.SearchStrategy[Any]] = {
    "count": st.integers(0, 10**18),
    "number": st.integers(0, 10**18),
    "decimal": st.floats(0, 1e9),
    "share": st.floats(0, 1),
    "day": st.dates(),
    "moment": st.datetimes(timezones=st.just(timezone(timedelta(hours=7)))),
    "name": NAMES,
    "said": NAMES,
    "names": st.lists(NAMES, min_size=1, max_size=3),
    "part": LEAF,
    "parts": st.lists(LEAF, min_size=1, max_size=3),
    "faults": st.lists(LEAF, min_size=1, max_size=3),
}  # fmt: skip
ENGLISH = re.compile(
    r"\b(the|a|an|is|are|was|were|of|to|and|or|has|have|not|no|for|with|from|that|which|it|its|"
    r"file|files|record|records|page|pages|source|missing|ask|agency|then|clear|again|held|"
    r"returned|"
    r"after|attempts|at|in|must|be|than|more|failed|error|unknown|refused|server)\b",
    re.I,
)
QUOTED = re.compile(
    r"`[^`]*`|--[a-z][a-z-]*|\bnew-source\b"
    r"|\{[^}]*\}|'[^']*'|\"[^\"]*\"|python -m dean06[ \w-]*|(?:postgresql|include)\S*|\(\.\w+\)"
    r"|\b(?:Airflow \(Admin, Connections\)|alter role|OpenID Connect|in FHIR|Content-\w+|X-[\w-]+)"
)
"""What has no language: parameters, commands, names of files and settings."""


def uncoded() -> dict[str, int]:
    """By module, how many errors are made with an English sentence instead of a detail."""
    errors = {kind.__name__ for kind in every_error()}
    found: Counter[str] = Counter()
    for path in sorted(CODE.rglob("*.py")):
        room = path.relative_to(CODE)
        if room.parts[0] in ("cli", "ui"):
            continue  # They end on a terminal or a page, never in the ledger.
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in errors and node.args:
                found[str(room)] += _is_sentence(node.args[0])
    return {room: count for room, count in found.items() if count}


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _is_sentence(message: ast.expr) -> bool:
    if isinstance(message, ast.Constant) and message.value in TEXTS:
        return False  # of a workbook, whose reader has a process without texts
    if isinstance(message, ast.Constant | ast.JoinedStr | ast.BinOp | ast.Subscript):
        return True
    return isinstance(message, ast.Call) and _name(message.func) in ("str", "join", "cause_of")


DEVELOPER_ONLY: dict[str, dict[str, int]] = {
    "a contract that is written wrongly: it is read at import, and make test reads all of them": {
        "contract.py": 11, "declaration.py": 5, "kinds.py": 10, "identity/parts.py": 1,
        "schema/contract_diff.py": 2,
    },
    "a suite, or a rule, that is written wrongly: it is compiled by migrate, before any load": {
        "rules/columns.py": 1, "rules/conditions.py": 1, "rules/derived.py": 2,
        "rules/duckdb_sql.py": 4, "rules/engine.py": 3, "rules/patterns.py": 1, "rules/suite.py": 5,
    },
    "a KPI that is written wrongly: make test reads the front matter and the names of all": {
        "kpi/family.py": 3, "kpi/front_matter.py": 8, "reports/semantic_model.py": 1,
    },
    "a reference file that is written wrongly: make test reads all of them": {
        "reference/calendar.py": 3, "reference/error_groups.py": 2,
        "reference/service_checks.py": 9, "reference/tables.py": 2,
        "reference/unit_checks.py": 5, "schema/targets.py": 1,
    },
    "a migration, view or function that is written wrongly: no warehouse can be made with it": {
        "schema/migrations.py": 1, "schema/relations.py": 2,
    },
}  # fmt: skip
"""Errors that nobody meets but who has just edited a file of the project, by the reason."""
STILL_TO_DO: dict[str, int] = {}
"""Errors that a user of pages, mails, reports or watch can meet, in English alone."""


def test_only_errors_of_developers_have_an_english_sentence_alone() -> None:
    """The lists may only become shorter: a new error that can end in the ledger has a detail."""
    known = Counter(STILL_TO_DO)
    for modules in DEVELOPER_ONLY.values():
        known.update(modules)
    assert uncoded() == known


@pytest.mark.parametrize("code", TEXTS)
def test_every_code_has_a_vietnamese_text_without_english_words(code: str) -> None:
    english, between, vietnamese = TEXTS[code].partition(" | ")
    assert between
    assert " | " not in vietnamese
    words = QUOTED.sub(" ", vietnamese)
    assert not ENGLISH.search(words), ENGLISH.search(words)
    has_words = re.search(r"[a-z]{2}", QUOTED.sub(" ", english))
    if has_words and code not in ("sftp", "page"):  # "trang" has no mark
        assert re.search(r"[\u0300-\u0323đ]", normalize("NFD", words))
    kinds = {language: _kinds(text) for language, text in (("en", english), ("vi", vietnamese))}
    assert "said" not in kinds["vi"].values(), "English words of a library in a Vietnamese text"
    assert set(kinds_of(code).values()) <= set(KINDS)


def _kinds(text: str) -> dict[str, str]:
    return {name: kind or "" for _, name, kind, _ in Formatter().parse(text) if name}


@settings_of_hypothesis(max_examples=8)
@given(st.data())
@pytest.mark.parametrize("code", TEXTS)
def test_every_code_is_written_in_both_languages_and_kept_whatever_its_parameters(
    code: str, data: st.DataObject
) -> None:
    values = {name: data.draw(KINDS[kind]) for name, kind in kinds_of(code).items()}
    found = detail(code, **values)
    again = restored(code, json.loads(json.dumps(found.stored())))
    assert again is not None
    for language in ("en", "vi"):
        assert found.text(language).isprintable()
        assert again.text(language) == found.text(language)
    assert str(ContractError(found)) == found.text("en")
    assert ContractError(found).vi == found.text("vi")


def test_a_detail_of_another_version_is_not_shown_but_the_english_text_is() -> None:
    for code, parameters in (
        (None, None), ("of_the_future", {}), ("page", {}), ("page", {"page": "three"}),
        ("page", {"page": True}), ("page", {"page": 3, "more": 1}), ("page", [3]),
        ("drop_sent_again", {"day": "yesterday"}), ("within", {"place": "x", "fault": {}}),
    ):  # fmt: skip
        assert restored(code, parameters) is None
        shown = particulars("page 3", code, parameters)
        assert shown is not None
        assert shown.vi is None
        assert shown.text.vi == "Nội dung gốc bằng tiếng Anh: page 3"
    assert particulars(None, "page", {"page": 3}) is None


def test_numbers_and_days_are_written_as_the_language_writes_them() -> None:
    found = detail("count_differs", file="page-00001", declared=1_234_567, received=1_234_566)
    assert "declared 1234567 records, the file holds 1234566;" in str(found)
    assert "khai báo 1.234.567 bản ghi nhưng tệp có 1.234.566 bản ghi;" in found.text("vi")
    load = detail(
        "first_load", dataset="police.resident", load=12345, run="r",
        until=datetime(2022, 10, 31, 17, tzinfo=UTC),
    )  # fmt: skip
    assert load.text("vi").startswith("police.resident (từ đầu đến 00:00 ngày 01/11/2022; ")
    assert "2,5 giây" in detail("takes_too_long", seconds=2.5).text("vi")


def test_errors_go_on_from_one_another_in_both_languages() -> None:
    place, fault = detail("page", page=3), detail("http_status", status=503)
    error = SourceError(around("after_attempts", SourceError(within(place, fault)), attempts=3))
    assert str(error) == "page 3: HTTP 503 (after 3 attempts)"
    assert error.vi == "trang 3: máy chủ trả về HTTP 503 (đã thử 3 lần)"
    assert within(place, fault).without(place) == fault
    plain = SourceError("said in English")
    assert around("after_attempts", plain, attempts=3) == "said in English (after 3 attempts)"
    assert at(place, plain) == "page 3: said in English"
    assert together([fault, "x"]) == "HTTP 503; x"
    assert isinstance(together([fault, fault]), Detail)


def test_what_breaks_a_line_does_not_reach_a_text() -> None:
    assert detail("file", file="a\nb\u202e").text("vi") == "a\ufffdb\ufffd"


def _calls() -> Iterator[tuple[Path, str, set[str] | None]]:
    """Every place that makes a detail: code, and parameters where they are written out."""
    made = {"detail", "around", "RefusedError", "partial"}
    for path in CODE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and _name(node.func) in made and node.args):
                continue
            code = node.args[0]
            if isinstance(code, ast.Constant) and isinstance(code.value, str):
                named = {str(keyword.arg) for keyword in node.keywords}
                if _name(node.func) == "around":
                    named.add("fault")
                yield path, code.value, None if "None" in named else named


def test_every_place_names_a_code_and_all_of_its_parameters() -> None:
    for path, code, named in _calls():
        assert code in TEXTS, f"{path}: no text for {code}"
        if named is not None:
            assert named == kinds_of(code).keys(), f"{path}: {code}"


def test_every_text_is_of_one_room_and_used() -> None:
    rooms = [room.TEXTS for room in texts._ROOMS]
    assert len(TEXTS) == len(list(chain.from_iterable(rooms)))
    source = "".join(
        path.read_text(encoding="utf-8")
        for path in CODE.rglob("*.py")
        if not path.name.startswith("of_")
    )
    composed = ("breakdown_", "refused_", "sqlstate_", "severity_", "state_", "old_")
    unused = {c for c in TEXTS if f'"{c}"' not in source and not c.startswith(composed)}
    assert unused == set()


def test_days_may_be_dates_or_texts() -> None:
    assert detail("manifest_of", day=date(2022, 10, 31)).text("vi") == "bản kê khai ngày 31/10/2022"
    assert detail("manifest_of", day="2022-10-31").text("vi") == "bản kê khai ngày 31/10/2022"


def test_every_breakdown_of_a_kpi_has_a_text() -> None:
    breakdowns = {name for family in families() for kpi in family.kpis for name in kpi.breakdowns}
    assert len(breakdowns) > 10
    assert not [name for name in breakdowns if f"breakdown_{name}" not in TEXTS]


def test_every_kind_of_data_with_a_retention_period_has_a_text() -> None:
    kinds = {rule.what for rule in tables.retention()} | {"correction"}  # cases: closed_cases.sql
    assert len(kinds) > 4
    assert not [kind for kind in kinds if f"old_{kind}" not in TEXTS]
