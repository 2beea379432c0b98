"""Who a record is about: the columns a contract declares for identity verification.

A dataset of persons says so in its custom property ``person``::

    id: personal_id                 # what the source wrote as personal identification number
    name: full_name
    born_on: born_on                # with birth_year; both left out where the source has none
    birth_year: birth_year
    sex: {column: sex_code, male: "1", female: "2"}
    only: {applicant_type: "1"}     # which records are about a natural person; left out: all
    unique: {where: {participation_status: dang_tham_gia}, per: [exam_year]}
    registry: true                  # the population registry itself
"""

from dataclasses import dataclass
from typing import Any

from dean06.errors import ContractError

_KNOWN = {"id", "name", "born_on", "birth_year", "sex", "only", "unique", "registry"}


@dataclass(frozen=True)
class Person:
    """Which columns of a dataset say who a record is about, and how its codes are read."""

    id: str
    name: str
    born_on: str | None
    birth_year: str | None
    sex: str | None
    male: str | None
    female: str | None
    only: tuple[tuple[str, str], ...]
    """(column, value) pairs that a record must show to be about a natural person."""
    is_unique: bool
    """Whether two records that carry the same id contradict each other."""
    unique_where: tuple[tuple[str, str], ...]
    """(column, value) pairs of the records that are looked at for that."""
    unique_per: tuple[str, ...]
    """Columns within whose values an id may stand once."""
    is_registry: bool
    """The population registry, which every other record is compared with."""

    @classmethod
    def read(cls, value: Any, where: str) -> "Person":
        """Read the custom property. Raises ContractError naming the dataset when it is unclear."""
        if not isinstance(value, dict) or not {"id", "name"} <= set(value) <= _KNOWN:
            raise ContractError(
                f"{where}: person needs id and name, and knows {', '.join(sorted(_KNOWN))}"
            )
        if ("born_on" in value) != ("birth_year" in value):
            raise ContractError(f"{where}: person gives both born_on and birth_year, or neither")
        sex, unique = value.get("sex") or {}, value.get("unique")
        return cls(
            id=str(value["id"]),
            name=str(value["name"]),
            born_on=value.get("born_on"),
            birth_year=value.get("birth_year"),
            sex=sex.get("column"),
            male=sex.get("male"),
            female=sex.get("female"),
            only=_pairs(value.get("only")),
            is_unique=unique is not None,
            unique_where=_pairs((unique or {}).get("where")),
            unique_per=tuple((unique or {}).get("per") or ()),
            is_registry=bool(value.get("registry", False)),
        )

    @property
    def columns(self) -> set[str]:
        """Every column the declaration names."""
        named = {self.id, self.name, self.born_on, self.birth_year, self.sex, *self.unique_per}
        paired = {column for column, _ in (*self.only, *self.unique_where)}
        return {column for column in named | paired if column is not None}


def _pairs(value: dict[str, Any] | None) -> tuple[tuple[str, str], ...]:
    return tuple((column, str(wanted)) for column, wanted in (value or {}).items())
