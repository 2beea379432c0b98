"""A source's promise: ``include/contracts/<source>.yaml`` (Open Data Contract Standard v3).

Shape lives here: datasets, columns, keys, classification, service levels. Rules live in the
expectation suites; meaning lives in the core SQL.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from open_data_contract_standard.model import (
    CustomProperty,
    OpenDataContractStandard,
    SchemaObject,
    SchemaProperty,
)

from dean06 import kinds, settings
from dean06.declaration import declared
from dean06.details.detail import detail
from dean06.errors import ContractError, MissingContractError
from dean06.person_columns import Person
from dean06.terms import LEVELS, DatasetTerms, Terms

CLASSIFICATIONS = ("public", "internal", "personal", "sensitive")
"""From the lowest to the highest."""
PERSONAL = ("personal", "sensitive")
"""Of columns that are about a person."""


@dataclass(frozen=True)
class Bilingual:
    """A text in English and Vietnamese, written ``English. | Tiếng Việt.`` in the contracts."""

    en: str
    vi: str

    @classmethod
    def of(cls, text: str | None, where: str) -> "Bilingual":
        """Split a contract text. Raises ContractError when one of the languages is missing."""
        en, separator, vi = (text or "").partition(" | ")
        if not (en.strip() and separator and vi.strip()):
            raise ContractError(f"{where}: write the text as 'English | Tiếng Việt'")
        return cls(en.strip(), vi.strip())

    def __str__(self) -> str:
        return f"{self.en} | {self.vi}"


@dataclass(frozen=True)
class Column:
    """One column: its name here, on the wire, its type in core and who may see it."""

    name: str
    wire_name: str | None
    """The field's name in the source; None for a column that core SQL derives."""
    label: Bilingual
    description: Bilingual
    type: str
    """PostgreSQL type in core; in staging every column is text as received."""
    required: bool
    classification: str
    derived_from: tuple[str, ...]
    """Columns from which core SQL derives it; empty for one that comes on the wire."""
    accepts: kinds.Accepts
    """As which JSON values it may come."""
    values: kinds.Values
    """What it may hold, beside its type."""
    always_sent: bool
    """Whether every delivery that has records has it, be it empty."""


@dataclass(frozen=True)
class Dataset:
    """One dataset of a source: what it is called here and there, its columns, how it ages."""

    source: str
    name: str
    wire_name: str
    label: Bilingual
    description: Bilingual
    grain: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    version: str
    """Core column that orders the versions of one record."""
    dated_by: str
    """Core column that says from which day a record counts."""
    history: Literal["state", "event"]
    """``state``: versions hold one after another in time; ``event``: the latest version is true."""
    deleted: str | None
    person: Person | None
    """Who its records are about; None when they are not checked against the registry."""

    @property
    def code(self) -> str:
        """``police.resident``: how people and the ledger name the dataset."""
        return f"{self.source}.{self.name}"

    @property
    def table(self) -> str:
        """``police__resident``: its table in core."""
        return f"{self.source}__{self.name}"

    @property
    def classification(self) -> str:
        """The highest of its columns: a record is as sensitive as its most sensitive field."""
        return max((c.classification for c in self.columns), key=CLASSIFICATIONS.index)

    @property
    def about_person(self) -> tuple[str, ...]:
        """Columns of core that are about a person, and whether the record is withdrawn."""
        return tuple(
            column.name
            for column in self.columns
            if column.classification in PERSONAL or column.name == self.deleted
        )

    @property
    def bound(self) -> tuple[str, ...]:
        """Columns of core that a correction changes with a second person only: those about a person
        or whether one is meant and lives, and since when a state holds."""
        told = self.person.columns if self.person else set()
        since = {self.dated_by} if self.history == "state" else set()
        return tuple({*self.about_person, *told, *since})

    @property
    def staged(self) -> tuple[Column, ...]:
        """The columns that arrive on the wire, in contract order."""
        return tuple(c for c in self.columns if c.wire_name is not None)


@dataclass(frozen=True)
class Contract:
    """A source's contract."""

    source: str
    version: str
    purpose: Bilingual
    usage: Bilingual
    limitations: Bilingual
    owner: Bilingual
    datasets: tuple[Dataset, ...]
    fresh_for: timedelta
    """Service level: what was synced longer ago than this is stale."""
    terms: Terms
    legal_basis: tuple[str, ...]

    def dataset(self, name: str) -> Dataset:
        """The dataset of that name. Raises ContractError when the contract has none."""
        for dataset in self.datasets:
            if dataset.name == name:
                return dataset
        raise ContractError(detail("no_dataset", source=self.source, dataset=name))

    @property
    def tables_sql_path(self) -> Path:
        """Folder of the SQL that gives this source's columns their meaning."""
        return settings.SQL / "core" / self.source


def sources() -> list[str]:
    """The sources that this installation takes, in alphabetical order: those of its level."""
    return [source for source in known() if load(source).terms.level == settings.level()]


def known() -> list[str]:
    """Every source that this warehouse has tables of, in alphabetical order. A national warehouse
    also has the tables of the ministries, which stay empty: views and KPIs are written over them.

    Raises ContractError for a level that there is not.
    """
    if settings.level() not in LEVELS:
        raise ContractError(detail("level_invalid"))
    found = sorted(path.stem for path in settings.CONTRACTS.glob("*.yaml"))
    taken = {"province", settings.level()}
    return [source for source in found if load(source).terms.level in taken]


def datasets() -> list[Dataset]:
    """Every dataset of every known source, in the order of the contracts."""
    return [dataset for source in known() for dataset in load(source).datasets]


def person_datasets() -> list[Dataset]:
    """Datasets whose records are checked against the population registry, by code."""
    return [d for d in datasets() if d.person and not d.person.is_registry]


def registry() -> Dataset:
    """The dataset that is the population registry. Raises ContractError unless there is one."""
    found = [d for d in datasets() if d.person and d.person.is_registry]
    if len(found) != 1:
        raise ContractError(f"{len(found)} contracts declare the registry; exactly one must")
    return found[0]


@cache
def load(source: str) -> Contract:
    """Read and check one contract.

    Raises MissingContractError when there is none, ContractError naming file and field: not ODCS, a
    text in one language only, a column without classification, an unknown key or version column.
    """
    path = settings.CONTRACTS / f"{source}.yaml"
    if not path.is_file():
        raise MissingContractError(detail("no_contract", source=source, file=path.name))
    return parse(path.read_text(encoding="utf-8"), path.name)


def parse(text: str, file_name: str) -> Contract:
    """Build a contract from YAML text; ``file_name`` is used in error messages."""
    try:
        odcs = OpenDataContractStandard.model_validate(yaml.load(text, yaml.CSafeLoader))
    except (ValueError, yaml.YAMLError) as error:
        raise ContractError(f"{file_name}: not a valid ODCS document: {error}") from None
    if odcs.description is None or not odcs.name or not odcs.version:
        raise ContractError(f"{file_name}: name, version and description are required")
    where = f"{file_name}: customProperties"
    terms = declared(_custom(odcs.customProperties, where), Terms, where)
    return Contract(
        source=odcs.name,
        version=odcs.version,
        purpose=Bilingual.of(odcs.description.purpose, f"{file_name}: description.purpose"),
        usage=Bilingual.of(odcs.description.usage, f"{file_name}: description.usage"),
        limitations=Bilingual.of(
            odcs.description.limitations, f"{file_name}: description.limitations"
        ),
        owner=Bilingual.of(terms.owner, f"{file_name}: owner"),
        datasets=tuple(_dataset(odcs.name, item, file_name) for item in odcs.schema_ or []),
        fresh_for=_freshness(odcs, file_name),
        terms=terms,
        legal_basis=tuple(
            definition.url or ""
            for definition in odcs.authoritativeDefinitions or []
            if definition.type == "legalBasis"
        ),
    )


def _custom(properties: list[CustomProperty] | None, where: str) -> dict[str, Any]:
    names = [str(item.property) for item in properties or []]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ContractError(f"{where}: {twice[0]} is given twice")
    return {str(item.property): item.value for item in properties or []}


def _freshness(odcs: OpenDataContractStandard, file_name: str) -> timedelta:
    for level in odcs.slaProperties or []:
        if level.property == "freshness":
            if level.unit != "h":
                raise ContractError(f"{file_name}: freshness must be given in hours (unit: h)")
            return timedelta(hours=float(level.value or 0))
    raise ContractError(f"{file_name}: slaProperties must include freshness")


def _dataset(source: str, item: SchemaObject, file_name: str) -> Dataset:
    where = f"{file_name}: {item.name}"
    place = f"{where}: customProperties"
    terms = declared(_custom(item.customProperties, place), DatasetTerms, place)
    columns = tuple(_column(prop, where) for prop in item.properties or [])
    keyed = sorted(
        (prop for prop in item.properties or [] if prop.primaryKey),
        key=lambda prop: prop.primaryKeyPosition or 0,
    )
    dataset = Dataset(
        source=source,
        name=str(item.name),
        wire_name=str(item.physicalName or item.name),
        label=Bilingual.of(item.businessName, f"{where}: businessName"),
        description=Bilingual.of(item.description, f"{where}: description"),
        grain=str(item.dataGranularityDescription),
        columns=columns,
        key=tuple(str(prop.name) for prop in keyed),
        version=terms.version,
        dated_by=terms.dated_by,
        history=terms.history,
        deleted=terms.deleted,
        person=terms.person,
    )
    _check(dataset, where)
    return dataset


def _column(prop: SchemaProperty, where: str) -> Column:
    place = f"{where}.{prop.name}"
    if prop.classification not in CLASSIFICATIONS:
        raise ContractError(f"{place}: classification must be one of {', '.join(CLASSIFICATIONS)}")
    if (prop.physicalName is None) == (prop.transformSourceObjects is None):
        raise ContractError(f"{place}: give either physicalName or transformSourceObjects")
    return Column(
        name=str(prop.name),
        wire_name=prop.physicalName,
        label=Bilingual.of(prop.businessName, f"{place}: businessName"),
        description=Bilingual.of(prop.description, f"{place}: description"),
        type=str(prop.physicalType),
        required=bool(prop.required) and prop.physicalName is not None,
        classification=str(prop.classification),
        derived_from=tuple(map(str, prop.transformSourceObjects or ())),
        accepts=kinds.read(prop, place),
        values=kinds.read_values(prop, place),
        always_sent=kinds.is_always_sent(prop, place) and prop.physicalName is not None,
    )


def _check(dataset: Dataset, where: str) -> None:
    names = {column.name for column in dataset.columns}
    if not dataset.key:
        raise ContractError(f"{where}: no column is marked primaryKey")
    wanted = {*dataset.key, dataset.version, dataset.dated_by}
    if dataset.deleted is not None:
        wanted.add(dataset.deleted)
    if dataset.person is not None:
        wanted |= dataset.person.columns
    if missing := sorted(wanted - names):
        raise ContractError(f"{where}: unknown column(s) {', '.join(missing)}")
