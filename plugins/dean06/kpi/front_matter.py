"""KPI files: one SQL file per family, with what it computes and for whom in its front matter.

The query of a file knows no day. It returns each thing that is counted with the span of days on
which it counts so: from ``counts_from`` until the day before ``counts_to`` (null: no end). Beside
them stand ``kpi_code``, ``commune_code`` (``province_code`` when the family is
``located_by: province``), ``is_counted`` (false: only considered, in the denominator), the thing's
key (``dataset_code``, ``record_key`` as in ``core.identity_verdict``), and ``written_on``, the day
of the record's code, since codes change. Families that count persons also return ``person_id``, and
families with a breakdown ``members``, a text array of ``'<breakdown>:<member>'``. For ``also_by``,
``falls_on`` is the day that tells the periods of a thing (``periods``).

A thing of which any of this changes has several spans, which do not overlap. A span that ends
before it begins holds no day (``docs/decisions/0046-spans.md``). Things that count alike may be one
row with their number, ``thing_count``, unless ``:by_thing`` (``0052-things-that-count-alike.md``).

A query may name parts that families share, ``{person_statement}``: the text of
``include/sql/kpi_build/person_statement.sql`` stands there, and so belongs to the definition.
"""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import yaml

from dean06 import contract
from dean06.declaration import Declaration, declared
from dean06.errors import ContractError
from dean06.kpi import periods
from dean06.kpi.periods import Period, Span
from dean06.kpi.spans import of_every_day, of_the_day, with_parts, wrong_query

_FRONT_MATTER = ("/*---", "---*/")
_RESTATEMENT_OF_PERIODS = 1.0

RECORD, PERSON = "record", "person"
"""Things that are told apart by record; by the ``claimed_id`` of its verdict, if there is one."""

Located = Literal["commune", "province"]
Share = Annotated[float, msgspec.Meta(gt=0)]


class Kpi(Declaration, frozen=True, omit_defaults=True):
    """One KPI: what it is, who owns it, and what the audit lets its values do."""

    code: str
    version: Annotated[int, msgspec.Meta(ge=1)]
    """Grows whenever the definition changes: published values keep their meaning."""
    name_en: str
    name_vi: str
    unit: str
    grain: Located
    additivity: Literal["additive", "ratio", "non_additive"]
    has_denominator: bool
    owner_agency: str
    legal_basis: str
    formula_en: str
    formula_vi: str
    period: Period
    """The days that a value covers."""
    also_by: tuple[Span, ...] = ()
    """Further periods that it is published by."""
    counts_from: date | None = None
    """Legal first day: the periods that it lies in begin on it."""
    event_en: str | None = None
    """What happens on the days of a period ("Dossiers received"), for the words of ``also_by``."""
    event_vi: str | None = None
    base_code: str | None = None
    """What the codes of further periods begin with, where the code has its own period in it."""
    breakdowns: tuple[str, ...] = ()
    ceiling: str | None = None
    """The KPI that this one is part of (cards ≤ dossiers)."""
    is_cumulative: bool = False
    """Falls only when rows were corrected."""
    daily_change: Share | None = None
    """The share by which a province's value may change in a day before a build is held."""
    restatement: Share = 0.2
    """By what share a province's value may be restated at once."""

    @property
    def base(self) -> str:
        """What all periods of the KPI have in common in their codes."""
        return self.base_code or self.code

    @property
    def counted_as(self) -> str:
        """The code that its facts have in the query."""
        return self.code


class PeriodKpi(Kpi, frozen=True, omit_defaults=True, kw_only=True):
    """A KPI for a further period, made of one that says ``also_by``."""

    of: str
    """The KPI whose facts it counts."""

    @property
    def counted_as(self) -> str:
        """The code that its facts have in the query."""
        return self.of


def _by_period(kpi: Kpi) -> Iterator[PeriodKpi]:
    """The KPI for each of its further periods."""
    for period in kpi.also_by:
        yield PeriodKpi(
            **msgspec.structs.asdict(kpi)
            | {
                "of": kpi.code,
                "code": f"{kpi.base}.{period}",
                "base_code": kpi.base,
                "period": period,
                "also_by": (),
                **_words(kpi, period, "en"),
                **_words(kpi, period, "vi"),
                "ceiling": None,
                "is_cumulative": False,
                "daily_change": None,
                # A period begins with few; what is restated at large shows in the base KPI.
                "restatement": max(kpi.restatement, _RESTATEMENT_OF_PERIODS),
            }
        )


def _words(kpi: Kpi, period: Span, language: periods.Language) -> dict[str, str]:
    """Name and formula of a KPI for a further period."""
    name, formula, event = (getattr(kpi, f"{x}_{language}") for x in ("name", "formula", "event"))
    base = f"the KPI “{name}”" if language == "en" else f"chỉ tiêu “{name}”"
    return {
        f"name_{language}": periods.named(name, kpi.period, period, language),
        f"formula_{language}": periods.formula(
            formula, base, event, period, kpi.counts_from, language
        ),
    }


class FrontMatter(Declaration, frozen=True):
    """What a file says of its family of KPIs."""

    sources: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    counts: Literal["rows", "persons"]
    """``rows``: communes add up to the province; ``persons``: people met twice count once."""
    kpis: Annotated[tuple[Kpi, ...], msgspec.Meta(min_length=1)]
    position: int = 1000
    """Order in which families are shown."""
    group: Literal[1, 2, 3, 4, 5] | None = None
    """Its group of QĐ 06/QĐ-TTg (``members.csv``), for pages. Not part of the definition."""
    located_by: Located = "commune"
    """``province`` where facts belong to no commune."""
    independent_by: str | None = None
    """``record``, ``person``, or the column of core (``personal_id``) that tells things apart: no
    row of another thing changes its spans. None: new rows recount the whole family."""
    commune_breakdowns: tuple[str, ...] = ()
    """Breakdowns that communes are published by too; the others are the province's alone."""
    small_cells: Literal["hidden", "shown"] = "hidden"
    """``shown`` where nothing that is counted belongs to a person."""


class Family(FrontMatter, frozen=True, kw_only=True):
    """One SQL file: the sources it reads, the KPIs it computes, its query."""

    name: str
    query: str

    @property
    def has_days(self) -> bool:
        """Whether facts say on which day they happened, so that periods can be counted."""
        return "falls_on" in self.query

    def starts_on(self, kpi: Kpi, day: date) -> date | None:
        """From which day on the facts of a KPI count; None: all that the query returns do."""
        return periods.starts_on(kpi.period, kpi.counts_from, day) if self.has_days else None

    @property
    def tables(self) -> frozenset[str]:
        """The tables of core that the query reads."""
        return frozenset(re.findall(r"\bcore\.([a-z_]+)", self.query))

    @property
    def codes(self) -> tuple[str, ...]:
        """The KPIs it computes."""
        return tuple(kpi.code for kpi in self.kpis)

    @property
    def relations(self) -> frozenset[str]:
        """The relations beside core that the query reads: reference data."""
        return frozenset(re.findall(r"\b((?:mart|ops)\.[a-z_]+)", self.query))

    @property
    def spans(self) -> str:
        """The query of all spans of the family, of all days."""
        return self._whole(of_every_day(self.query))

    @property
    def spans_of_day(self) -> str:
        """The query of the spans that hold the day ``as_of``, among others."""
        return self._whole(of_the_day(self.query))

    @property
    def counts_of_spans(self) -> str:
        """As ``spans``; a row may stand for several things that count alike (``thing_count``)."""
        return self._whole(of_every_day(self.query, by_thing=False))

    @property
    def counts_of_day(self) -> str:
        """As ``spans_of_day``, and so."""
        return self._whole(of_the_day(self.query, by_thing=False))

    def _whole(self, spans: str) -> str:
        """With the columns that a query may leave out."""
        if not any(kpi.breakdowns for kpi in self.kpis):
            spans = f"select plain.*, null::text [] as members from ({spans}) as plain"
        if not self.has_days:
            spans = f"select plain.*, null::date as falls_on from ({spans}) as plain"
        if "thing_count" not in self.query:
            spans = f"select plain.*, 1 as thing_count from ({spans}) as plain"
        return spans


def read_family(path: Path) -> Family:
    """Read a KPI file. Raises ContractError naming the file, the KPI and the key."""
    text = path.read_text(encoding="utf-8")
    before, opened, rest = text.partition(_FRONT_MATTER[0])
    header, closed, query = rest.partition(_FRONT_MATTER[1])
    if before.strip() or not (opened and closed):
        raise ContractError(f"{path.name}: begin the file with front matter /*--- … ---*/")
    front = declared(_with_kpis(header, path.name), FrontMatter, path.name)
    family = Family(name=path.stem, query=with_parts(query), **msgspec.structs.asdict(front))
    if unknown := sorted(set(family.sources) - set(contract.known())):
        raise ContractError(f"{path.name}: sources: {unknown[0]} has no contract")
    _check(family, path.name)
    further = tuple(other for kpi in family.kpis for other in _by_period(kpi))
    return msgspec.structs.replace(family, kpis=(*family.kpis, *further))


def _with_kpis(header: str, file_name: str) -> Any:
    """The front matter; its KPIs are read one by one, so that an error names its KPI."""
    front = yaml.load(header, yaml.CSafeLoader)
    if isinstance(front, dict) and isinstance(front.get("kpis"), list):
        front["kpis"] = [declared(item, Kpi, _named(item, file_name)) for item in front["kpis"]]
    return front


def _named(item: Any, file_name: str) -> str:
    code = item.get("code", "?") if isinstance(item, dict) else "?"
    return f"{file_name}: KPI {code}"


def _check(family: Family, file_name: str) -> None:
    if problem := wrong_query(family.query):
        raise ContractError(f"{file_name}: {problem}")
    for kpi in family.kpis:
        if kpi.grain != family.located_by:
            raise ContractError(
                f"{file_name}: KPI {kpi.code}: grain must equal located_by ({family.located_by})"
            )
        if problem := _wrong_periods(family, kpi) or _wrong_sum(family, kpi):
            raise ContractError(f"{file_name}: KPI {kpi.code}: {problem}")
    has_breakdowns = any(kpi.breakdowns for kpi in family.kpis)
    if family.counts == "persons" and (family.located_by == "province" or has_breakdowns):
        raise ContractError(
            f"{file_name}: a KPI that counts persons must be by commune, without breakdowns"
        )
    if problem := _wrong_key(family):
        raise ContractError(f"{file_name}: independent_by: {problem}")
    published_by = {name for kpi in family.kpis for name in kpi.breakdowns}
    if unknown := sorted(set(family.commune_breakdowns) - published_by):
        raise ContractError(f"{file_name}: no KPI has the commune breakdown {unknown[0]}")


def _wrong_key(family: Family) -> str | None:
    """What is wrong with the key of independent things, if anything is."""
    key = family.independent_by
    if key is not None and (key == PERSON) != (family.counts == "persons"):
        return "person and counts: persons belong together"
    read = [dataset for dataset in contract.datasets() if dataset.table in family.tables]
    if key in {None, RECORD, PERSON, *(column.name for d in read for column in d.columns)}:
        return None
    return f"no dataset that the query reads has the column {key}"


def _wrong_periods(family: Family, kpi: Kpi) -> str | None:
    """What is wrong with the periods of a KPI, if anything is."""
    if kpi.counts_from and not (kpi.also_by or kpi.period in periods.BOUNDED):
        return "counts_from needs a recurring period: month, quarter or year"
    if kpi.base_code and not kpi.code.startswith(kpi.base_code):
        return f"the code must begin with base_code {kpi.base_code}"
    if not kpi.also_by:
        return None
    if kpi.period in kpi.also_by:
        return f"also_by repeats its period {kpi.period}"
    if not (kpi.event_en and kpi.event_vi):
        return "also_by needs event_en and event_vi"
    if not family.has_days or family.located_by != "commune":
        return "also_by needs a query by commune that returns falls_on"
    return _wrong_name(kpi)


def _wrong_sum(family: Family, kpi: Kpi) -> str | None:
    """What is wrong with what readers are told about adding up units, if anything is."""
    if family.counts == "persons" and kpi.additivity != "non_additive":
        return "additivity must be non_additive: a person may count in several communes"
    if (kpi.additivity == "ratio") != (kpi.unit == "share"):
        return "unit: share and additivity: ratio belong together, since shares do not add up"
    if kpi.additivity == "ratio" and not kpi.has_denominator:
        return "additivity: ratio needs has_denominator: true"
    return None


def _wrong_name(kpi: Kpi) -> str | None:
    """A name that says its period has to end with the words that other periods replace."""
    names: dict[periods.Language, str] = {"en": kpi.name_en, "vi": kpi.name_vi}
    for language, name in names.items():
        words = periods.WORDS.get((kpi.period, language))
        if words and not name.endswith(f", {words.name}"):
            return f"name_{language} must end with ', {words.name}'"
    return None
