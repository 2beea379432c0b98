"""Contract diff: what changed between two versions of a contract, and whom it breaks.

A change is compatible when every delivery that keeps the old contract keeps the new one too, and
whoever reads core, facts and KPIs finds what was there, with the same meaning. Everything else is
breaking. The version says which it is: breaking changes raise its first number, others the second.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import msgspec

from dean06.contract import Column, Contract, Dataset
from dean06.errors import ContractError
from dean06.kinds import WIDER, Accepts
from dean06.terms import ADJUSTABLE

_SIZED = re.compile(r"(varchar|numeric)\((\d+)(?:,\s*(\d+))?\)")
_WORDS = ("label", "description")
"""What is said of a column or dataset, without changing it."""
_TEXTS = ("purpose", "usage", "limitations", "owner", "legal_basis")


@dataclass(frozen=True)
class Change:
    """One change of a contract."""

    dataset: str
    """Empty: of the contract as a whole."""
    column: str
    """Empty: of the dataset as a whole."""
    what: str
    is_breaking: bool

    def __str__(self) -> str:
        place = ".".join(filter(None, (self.dataset, self.column)))
        return f"{place}: {self.what}" if place else self.what


def changes(old: Contract, new: Contract) -> list[Change]:
    """Every change from one contract of a source to another, in the order of the contract.

    Raises ContractError when they are contracts of different sources.
    """
    if old.source != new.source:
        raise ContractError(f"{old.source} and {new.source} are different sources")
    found = list(_of_contract(old, new))
    before, after = _by_name(old.datasets), _by_name(new.datasets)
    for name in [*before, *(n for n in after if n not in before)]:
        if name not in after:
            found.append(Change(name, "", "the dataset is gone", True))
        elif name not in before:
            found.append(Change(name, "", "a new dataset", False))
        else:
            found += _of_dataset(before[name], after[name])
    return found


def wrong_version(old: Contract, new: Contract, found: Sequence[Change]) -> str | None:
    """What is wrong with the new version's number, if anything is.

    Raises ContractError when a version is not of the form 1.2.3.
    """
    before, after = _numbers(old.version), _numbers(new.version)
    if not found or after[0] > before[0]:
        return None
    if any(change.is_breaking for change in found):
        return f"{old.version} → {new.version}: a breaking change needs version {before[0] + 1}.0.0"
    if after > before:
        return None
    return f"{old.version} → {new.version}: a change needs version {before[0]}.{before[1] + 1}.0"


def _numbers(version: str) -> tuple[int, ...]:
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        raise ContractError(f"version {version} is not of the form 1.2.3")
    return tuple(map(int, version.split(".")))


def _by_name(datasets: Sequence[Dataset]) -> dict[str, Dataset]:
    return {dataset.name: dataset for dataset in datasets}


def _of_contract(old: Contract, new: Contract) -> Iterator[Change]:
    for name in _TEXTS:
        if getattr(old, name) != getattr(new, name):
            yield Change("", "", f"text of {name} changed", False)
    if old.fresh_for != new.fresh_for:
        yield Change("", "", f"freshness: {old.fresh_for} → {new.fresh_for}", True)
    before, after = msgspec.structs.asdict(old.terms), msgspec.structs.asdict(new.terms)
    for name in before:
        if name != "owner" and before[name] != after[name]:
            said = f"{name}: {before[name]} → {after[name]}"
            yield Change("", "", said, name not in (*ADJUSTABLE, "protocol"))


def _of_dataset(old: Dataset, new: Dataset) -> Iterator[Change]:
    for each in fields(Dataset):
        before, after = getattr(old, each.name), getattr(new, each.name)
        if each.name == "columns" or before == after:
            continue
        is_word = each.name in (*_WORDS, "grain")
        said = f"text of {each.name} changed" if is_word else f"{each.name}: {before} → {after}"
        yield Change(old.name, "", said, not is_word)
    before_by = {column.name: column for column in old.columns}
    after_by = {column.name: column for column in new.columns}
    for name, column in before_by.items():
        if name not in after_by:
            yield Change(old.name, name, "the column is gone", True)
        else:
            yield from _of_column(old.name, column, after_by[name])
    for name, column in after_by.items():
        if name not in before_by:
            is_due = column.required or column.always_sent
            kind = "required" if is_due else "optional"
            yield Change(old.name, name, f"a new {kind} column", is_due)


def _of_column(dataset: str, old: Column, new: Column) -> Iterator[Change]:
    for each in fields(Column):
        before, after = getattr(old, each.name), getattr(new, each.name)
        if before == after:
            continue
        if each.name in _WORDS:
            yield Change(dataset, old.name, f"text of {each.name} changed", False)
        elif each.name == "type":
            said = f"type: {before} → {after}"
            yield Change(dataset, old.name, said, not is_wider(before, after))
        elif each.name in ("required", "always_sent"):
            said = f"{each.name}: {'yes' if after else 'no longer'}"
            yield Change(dataset, old.name, said, bool(after))
        elif each.name == "accepts":
            is_less = not _takes_all(before, after)
            said = "accepts fewer or different types" if is_less else "accepts more types"
            yield Change(dataset, old.name, said, is_less)
        else:
            yield Change(dataset, old.name, f"{each.name}: {before} → {after}", True)


def is_wider(old: str, new: str) -> bool:
    """Whether a PostgreSQL type holds every value of another one, exactly."""
    if new in WIDER.get(old, ()):
        return True
    before, after = _SIZED.fullmatch(old), _SIZED.fullmatch(new)
    if before is None:
        return False
    if after is None:
        return new == {"varchar": "text", "numeric": "numeric"}[before[1]]
    if before[1] != after[1]:
        return False
    (size, scale), (new_size, new_scale) = (
        (int(each[2]), int(each[3] or 0)) for each in (before, after)
    )
    return new_scale >= scale and new_size - new_scale >= size - scale


def _takes_all(old: Accepts, new: Accepts) -> bool:
    """Whether whatever was accepted still is, and means the same."""
    return (
        old.kinds <= new.kinds
        and old.is_number == new.is_number
        and old.nothing == new.nothing
        and _reads_all(old, new)
        and all(
            name in new.members and _takes_all(member, new.members[name])
            for name, member in old.members.items()
        )
    )


def _reads_all(old: Accepts, new: Accepts) -> bool:
    if not old.spellings:
        return not new.spellings
    return old.spellings.items() <= new.spellings.items()
