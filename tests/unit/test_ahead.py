"""Compiled suites: kept under the digest of all that they follow from, so none is ever stale."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pytest

from dean06 import contract, settings
from dean06.errors import ContractError, Dean06Error
from dean06.reference import tables
from dean06.rules import ahead, kept, spans, variables
from dean06.rules.ahead import Answer, Request
from dean06.rules.compiled import CompiledSuite, ScanRule
from dean06.rules.functions import give
from dean06.rules.suite import Rule, read_suite

RESIDENT = contract.load("police").dataset("resident")


class Compiler:
    """Stands for the process that compiles: answers as it is told, and counts."""

    def __init__(self) -> None:
        self.asked: list[Request] = []
        self.refused = ""

    def __call__(self, module: str, given: bytes) -> bytes:
        assert module == "dean06.rules.compiler"
        requests = msgspec.json.decode(given, type=list[Request])
        self.asked += requests
        return msgspec.json.encode([self._answer(request) for request in requests])

    def _answer(self, request: Request) -> Answer:
        if self.refused:
            return Answer(refused=self.refused)
        rules = (ScanRule(1, f"rule {len(self.asked)}", True, "false", "true"),)
        return Answer(CompiledSuite(request.suite.name, "1.0", rules))


@pytest.fixture
def compiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Compiler:
    """An empty folder of compiled suites."""
    made = Compiler()
    monkeypatch.setenv("DEAN06_COMPILED_SUITES", str(tmp_path / "suites"))
    monkeypatch.setattr(ahead, "run_with_great_expectations", made)
    return made


def request(*others: Rule, **changes: Any) -> Request:
    suite = read_suite(RESIDENT)
    suite = msgspec.structs.replace(suite, expectations=(*suite.expectations, *others))
    return msgspec.structs.replace(Request.of_dataset(RESIDENT, suite), **changes)


def test_a_suite_is_compiled_once(compiler: Compiler) -> None:
    first = ahead.compiled(request())
    assert ahead.compiled(request()) == first
    assert len(compiler.asked) == 1


def test_whatever_its_meaning_follows_from_is_compiled_again(
    compiler: Compiler, monkeypatch: pytest.MonkeyPatch
) -> None:
    suite = read_suite(RESIDENT)
    rule = msgspec.structs.replace(suite.expectations[3], kwargs={"column": "x"})
    variants = [
        request(),
        request(rule),
        request(columns=("personal_id",)),
        request(dialect="postgresql"),
        request(spans={"commune_spans": 5}),
    ]
    assert len({each.digest for each in variants}) == len(variants)
    for each in variants:
        ahead.compiled(each)
    assert compiler.asked == variants
    monkeypatch.setattr(ahead, "compiler_version", lambda: "another")
    ahead.compiled(request())
    assert compiler.asked == [*variants, request()]


def test_when_a_batch_is_held_is_no_matter_of_the_compiler() -> None:
    suite = read_suite(RESIDENT)
    assert suite.meta
    patient = msgspec.structs.replace(suite.meta, hold_from_records=1000)
    changed = msgspec.structs.replace(suite, meta=patient, notes=None)
    assert Request.of_dataset(RESIDENT, changed).digest == request().digest


def test_versions_source_and_time_zone_are_part_of_the_digest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def now() -> str:
        return ahead.compiler_version.__wrapped__()

    found = {now()}
    monkeypatch.setattr(ahead, "version", lambda name: f"{name} 9.9")
    found.add(now())
    (tmp_path / "rules.py").write_text("changed", encoding="utf-8")
    monkeypatch.setattr(ahead, "__file__", str(tmp_path / "ahead.py"))
    found.add(now())
    monkeypatch.setattr(settings, "TIMEZONE", "UTC")
    found.add(now())
    assert len(found) == 4


def test_a_damaged_file_is_made_again(compiler: Compiler, tmp_path: Path) -> None:
    ahead.compiled(request())
    [file] = (tmp_path / "suites").glob("police.*")
    whole = file.read_bytes()
    for damaged in (whole[:-9], b"", b"{}", b"\xff"):
        file.write_bytes(damaged)
        ahead.compiled(request())
    assert len(compiler.asked) == 5


def test_a_folder_that_cannot_be_written_costs_time_alone(
    compiler: Compiler, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "suites").write_text("a file", encoding="utf-8")
    for _ in range(2):
        assert ahead.compiled(request()).rules
    assert len(compiler.asked) == 2
    assert "check DEAN06_COMPILED_SUITES" in caplog.text


def test_a_refusal_is_raised_and_not_kept(compiler: Compiler) -> None:
    compiler.refused = "suite x: rule y: no"
    with pytest.raises(ContractError, match=r"^suite x: rule y: no$"):
        ahead.compiled(request())
    compiler.refused = ""
    assert ahead.compiled(request()).rules


def test_preparing_compiles_what_lacks_in_one_process(compiler: Compiler) -> None:
    ahead.compiled(request())
    ahead.prepare([request(columns=("a",))])
    names = [each.suite.name for each in compiler.asked]
    assert sorted(names[1:]) == sorted(
        [*({each.code for each in contract.datasets()} - {RESIDENT.code}), RESIDENT.code]
    )
    ahead.prepare([request(columns=("a",))])
    assert len(compiler.asked) == len(names)


def test_few_versions_of_a_suite_are_kept(compiler: Compiler, tmp_path: Path) -> None:
    for number in range(25):
        ahead.compiled(request(columns=(f"c{number}",)))
    assert len(list((tmp_path / "suites").glob("police.*"))) == 20
    ahead.compiled(request(columns=("c24",)))
    assert len(compiler.asked) == 25


def test_a_compiler_that_fails_is_told_by_its_last_line() -> None:
    with pytest.raises(Dean06Error, match=r"^dean06\.rules\.nothing exited with code 1: .*No mod"):
        ahead.run_with_great_expectations("dean06.rules.nothing", b"")


def given(spans: Sequence[Any], after: str = "") -> dict[str, Any]:
    return {"window_after": after, "window_until": "2025-07-01T00:30:00+07:00",
            "procedure_codes": ["1.0", "a|b"], "commune_spans": spans}  # fmt: skip


def test_each_load_sets_its_variables() -> None:
    names = ["window_after", "window_until-1", "procedure_codes", "commune_spans_1_end",
             "commune_spans_1_codes", "commune_spans_3_end+1", "commune_spans_4_codes"]  # fmt: skip
    one = variables.values(given([["2025-07-01", ["1"]], [None, []]]), names)
    assert list(one.values()) == [
        None, "2025-06-30", r"^(?:1\.0|a\|b)$", "2025-07-01", "^(?:1)$", "2025-07-02",
        r"[^\x00-\x{10FFFF}]",
    ]  # fmt: skip
    two = variables.values(given([[None, ["2"]]], "2025-06-30T17:00:00+00:00"), names)
    assert list(two.values())[3:] == ["1000-01-01", "^(?:2)$", "1000-01-02", "^(?:2)$"]
    after = variables.values(given([[None, []]], "2025-06-30T17:00:00+00:00"), ["window_after+2"])
    assert after == {"window_after+2": "2025-07-03"}


def test_a_variable_of_no_bound_and_of_no_code_mean_what_they_say() -> None:
    rule = ScanRule(
        1, "a", True,
        "coalesce(text > getvariable('window_after'), true), "
        "regexp_matches(text, getvariable('commune_spans_1_codes'))",
    )  # fmt: skip
    with duckdb.connect() as connection:
        give(connection, [rule], given([[None, []]]))
        query = f"select {rule.broken} from (values (''), ('a'), (null)) as given (text)"
        assert connection.execute(query).fetchall() == [(True, False), (True, False), (True, None)]


def test_spans_of_units_are_those_of_the_reference_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read() -> dict[str, spans.Spans]:
        return spans._spans.__wrapped__()

    monkeypatch.setenv("DEAN06_COMPILED_SUITES", str(tmp_path))
    real = {level: tables.unit_spans(level) for level in spans.LEVELS}
    asked: list[str] = []
    monkeypatch.setattr(tables, "unit_spans", lambda level: asked.append(level) or real[level])
    assert [read(), read()] == [real, real]
    assert asked == [*spans.LEVELS]
    monkeypatch.setattr(kept, "digest_of", lambda _: "another")
    assert read() == real
    assert asked == [*spans.LEVELS] * 2


def test_a_digest_is_that_of_the_content_of_files(tmp_path: Path) -> None:
    files = [tmp_path / "a", tmp_path / "b"]
    found = set()
    for texts in (("", ""), ("x", ""), ("", "x"), ("x", "x")):
        for file, text in zip(files, texts, strict=True):
            file.write_text(text, encoding="utf-8")
        found |= {kept.digest_of(files), kept.digest_of(files)}
    assert len(found) == 4
