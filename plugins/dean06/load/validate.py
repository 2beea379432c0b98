"""Validate: the expectation suite of a dataset over its staged records, in one scan.

The suite that gates a batch is the rule that quarantines its rows: the records that critical rules
reject are kept beside the staged ones for the next step. Results hold counts and texts, never
values.
"""

import logging
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

import msgspec
from duckdb import DuckDBPyConnection

from dean06.contract import Bilingual, Dataset
from dean06.details.detail import Detail, detail
from dean06.load import ledger, shards
from dean06.load.causes import noting_cause
from dean06.load.held import hold
from dean06.load.ledger import Load
from dean06.load.scan import scan
from dean06.load.shards import Shard, StoredFile
from dean06.load.staging import PROBLEM, WITHDRAWN, keep, staged
from dean06.load.steps import VALIDATE, State
from dean06.reference.tables import known_procedure_codes
from dean06.rules import ahead, violations
from dean06.rules.compiled import CompiledSuite, ScanRule
from dean06.rules.functions import give
from dean06.rules.of_table import keeps
from dean06.rules.spans import unit_spans
from dean06.rules.suite import UNREADABLE, Rule, Suite, read_suite
from dean06.warehouse import Session, sql_file, transaction

log = logging.getLogger(__name__)


def _spans(level: str, codes: set[str]) -> list[tuple[str | None, list[str]]]:
    """The spans of the codes of units; spans that allow the same of ``codes`` are merged."""
    spans: list[tuple[str | None, list[str]]] = []
    for end, held in unit_spans(level):
        allowed = sorted(codes & held)
        if spans and spans[-1][1] == allowed:
            spans.pop()
        spans.append((end, allowed))
    return spans


_KNOWN: dict[str, tuple[str, Callable[[set[str]], list[Any]]]] = {
    "commune_code": ("commune_spans", partial(_spans, "commune")),
    "province_code": ("province_spans", partial(_spans, "province")),
    "procedure_code": ("procedure_codes", lambda codes: sorted(codes & known_procedure_codes())),
}
"""Columns of codes that ``include/reference`` lists: the parameter of their rule, and its value."""


@dataclass(frozen=True)
class RuleResult:
    """What one expectation found in one load."""

    rule: str
    column: str
    expectation: str
    severity: str
    dimension: str
    reason: Bilingual
    success: bool
    elements: int
    unexpected: int
    allowed_share: float | None

    @classmethod
    def of(cls, rule: Rule, *, success: bool, elements: int = 0, unexpected: int = 0) -> Self:
        """The result of one rule of a suite."""
        return cls(
            rule=rule.code,
            column=rule.column,
            expectation=rule.type,
            severity=rule.severity,
            dimension=rule.meta.dimension or "",
            reason=violations.of(Bilingual.of(rule.description, rule.code)),
            success=success,
            elements=elements,
            unexpected=unexpected,
            allowed_share=rule.allowed_share,
        )

    def holds(self, from_records: int) -> bool:
        """Whether it holds the batch: a broken rule of the table, or too many rejected rows.

        A share means nothing in a handful of rows (one bad record of three is 33 %), so fewer
        than ``from_records`` rejected rows are set aside without holding the rest.
        """
        if self.severity != "critical" or self.success:
            return False
        return self.unexpected == 0 or self.unexpected >= from_records


def validate(dataset: Dataset, run_key: str, shard_no: int | None = None) -> bool:
    """Run the suite, record each rule's result, keep the failing records.

    Returns whether every shard of the load is validated now.

    ``shard_no``: over that shard only; whoever validates the last one adds up what was found.
    Whether the batch is held is decided then and written to the ledger; the next step sets the
    records aside first and then stops the run.
    """
    load = ledger.current_load(dataset, run_key)
    is_whole = False
    with noting_cause(load):
        suite = read_suite(dataset)
        compiled = ahead.of_dataset(dataset, suite)
        with transaction() as session:
            load = ledger.claim(session, load)
            ledger.require(load, VALIDATE)
            wanted = [s for s in shards.of_load(session, load) if shard_no in (None, s.number)]
        for shard in wanted:
            failing, broken = find(dataset, load, compiled, shard)
            with transaction() as session:
                load = ledger.claim(session, load)
                ledger.require(load, VALIDATE)
                shards.store_validated(session, shard, failing, broken)
                found = shards.of_load(session, load)
                is_whole = all(each.broken is not None for each in found)
                if is_whole:
                    _conclude(session, dataset, load, suite, compiled, found)
    return is_whole


def find(
    dataset: Dataset, load: Load, compiled: CompiledSuite, shard: Shard
) -> tuple[StoredFile | None, dict[int, int]]:
    """Evaluate a suite over a shard: the file of its records that break a critical rule, and how
    many break each rule, by its number."""
    if not shard.staged:
        return None, {}
    with transaction() as session, staged(session, load, dataset, [shard]) as connection:
        rules = _sparing_withdrawn(dataset, compiled.rules)
        give(connection, rules, _known_codes(connection, dataset) | _window(load))
        with TemporaryDirectory(prefix="dean06-") as folder:
            file = Path(folder) / "failing.parquet"
            broken = scan(connection, dataset, rules, file)
            if not file.exists():
                return None, broken
            with file.open("rb") as body:
                return keep(load, shard, "failing", body), broken


def _conclude(
    session: Session,
    dataset: Dataset,
    load: Load,
    suite: Suite,
    compiled: CompiledSuite,
    found: Sequence[Shard],
) -> None:
    """Record what the rules found in all shards of a load, and whether the batch is held."""
    results = _results(session, dataset, load, suite, compiled, found)
    # A replay is nobody's delivery that could come again: what is still wrong is set aside.
    is_replay = load.corrects is not None
    from_records = suite.hold_from_records
    held = [result for result in results if not is_replay and result.holds(from_records)]
    _store_results(session, load, results)
    if held:
        hold(session, load, [_why_held(result) for result in held])
    else:
        session.run(
            "update ops.load set status = :status, cause = null where load_id = :load_id",
            status=State.VALIDATED,
            load_id=load.load_id,
        )
    broken = sum(1 for result in results if result.unexpected)
    log.info("%s: %d rules checked, %d with failures", load, len(results), broken)


def _results(
    session: Session,
    dataset: Dataset,
    load: Load,
    suite: Suite,
    compiled: CompiledSuite,
    found: Sequence[Shard],
) -> list[RuleResult]:
    items = dict(enumerate(suite.expectations, start=1))
    records = sum(shard.received or 0 for shard in found)
    withdrawn = sum(shard.withdrawn for shard in found)
    broken: Counter[int] = Counter()
    for shard in found:
        broken.update(shard.broken or {})
    of_table = {n: item for n, item in items.items() if n not in compiled.row_rules}
    kept = _kept_by_table(session, dataset, load, of_table, found)
    unreadable = sum(broken[n] for n, item in items.items() if _is_unreadable(item))
    results = []
    for number, item in items.items():
        if number in compiled.row_rules:
            # Of an unreadable record nothing else is said: it is no element of other rules.
            elements = records if _is_unreadable(item) else records - unreadable
            elements -= 0 if _is_of_all(dataset, item) else withdrawn
            results.append(_row_result(item, elements, broken[number]))
        else:
            results.append(RuleResult.of(item, success=kept[number]))
    return results


def _kept_by_table(
    session: Session,
    dataset: Dataset,
    load: Load,
    of_table: dict[int, Rule],
    found: Sequence[Shard],
) -> dict[int, bool]:
    """Whether the load as a whole keeps each rule about the table, by its number in the suite."""
    if not of_table:
        return {}
    with staged(session, load, dataset, found) as connection:
        return {number: keeps(connection, dataset, item) for number, item in of_table.items()}


def _is_of_all(dataset: Dataset, rule: Rule | ScanRule) -> bool:
    """Whether a rule is also for rows that only name a withdrawn record: of that nothing is known
    but key and version."""
    return rule.column in {PROBLEM, dataset.version, *dataset.key}


def _sparing_withdrawn(dataset: Dataset, rules: Sequence[ScanRule]) -> list[ScanRule]:
    """The rules; those that ask more than key and version, of rows that are more than the name of a
    withdrawn record."""
    return [
        rule
        if _is_of_all(dataset, rule)
        else replace(rule, broken=f"({rule.broken}) and not {WITHDRAWN}")
        for rule in rules
    ]


def _is_unreadable(rule: Rule) -> bool:
    return rule.code == UNREADABLE


def _row_result(rule: Rule, elements: int, unexpected: int) -> RuleResult:
    """``mostly`` is a share of the records, also of a column that is mostly empty: a batch is not
    held for a bad value in the few records that have one."""
    allowed = 1.0 if rule.allowed_share is None else rule.allowed_share
    good = elements - unexpected >= allowed * elements
    return RuleResult.of(rule, success=good, elements=elements, unexpected=unexpected)


def _known_codes(connection: DuckDBPyConnection, dataset: Dataset) -> dict[str, list[Any]]:
    """The staged codes that exist, by list: the same verdict as all 10,599 communes, sooner."""
    found = {}
    for column, (parameter, listed) in _KNOWN.items():
        if any(each.name == column for each in dataset.staged):
            codes = connection.execute(f'select distinct "{column}" from staged').fetchall()
            found[parameter] = listed({code for (code,) in codes})
    return found


def _window(load: Load) -> dict[str, Any]:
    """The window that was asked for, as rules compare moments with it; "" for the beginning."""
    since, until = load.window.since, load.window.until
    return {
        "window_after": since.isoformat() if since else "",
        "window_until": until.isoformat(),
    }


def _why_held(result: RuleResult) -> Detail:
    share = result.unexpected / result.elements if result.elements else 1.0
    allowed = 1 - (1.0 if result.allowed_share is None else result.allowed_share)
    return detail(
        "rule_fails_beyond",
        rule=result.rule,
        failing=result.unexpected,
        records=result.elements,
        share=share,
        allowed=allowed,
    )


def _store_results(session: Session, load: Load, results: list[RuleResult]) -> None:
    session.run("delete from ops.validation_result where load_id = :load_id", load_id=load.load_id)
    session.run(
        sql_file("protocol/store_results.sql"),
        load_id=load.load_id,
        results=msgspec.json.encode([_stored(result) for result in results]).decode(),
    )


def _stored(result: RuleResult) -> dict[str, Any]:
    """The columns of ``ops.validation_result`` but the load."""
    found = asdict(result)
    reason = found.pop("reason")
    return {**found, "reason_en": reason["en"], "reason_vi": reason["vi"]}
