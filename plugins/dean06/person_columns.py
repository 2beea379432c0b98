"""Who a record is about: the columns a contract declares for identity verification.

A dataset of persons says so in its custom property ``person``::

    id: personal_id                 # what the source wrote as personal identification number
    name: full_name
    born_on: born_on                # with birth_year; both left out where the source has none
    birth_year: birth_year
    sex: {column: sex_code, male: "1", female: "2"}
    only: {applicant_type: "1"}     # which records are about a natural person; left out: all
    unique: {where: {participation_status: dang_tham_gia}, per: [exam_year]}
    living: {participation_status: dang_tham_gia}  # which records say that the person lives
    registry: true                  # the population registry itself
    dead: {residence_status: da_chet}              # which of its states say that the person died
"""

import msgspec

from dean06.declaration import Declaration


class SexCodes(Declaration, frozen=True):
    """The column of a person's sex, and what the source writes into it."""

    column: str
    male: str
    female: str


class Unique(Declaration, frozen=True):
    """Among which records two that carry the same id contradict each other."""

    where: dict[str, str] = msgspec.field(default_factory=dict)
    """By column, the value of the records that are looked at."""
    per: tuple[str, ...] = ()
    """Columns within whose values an id may stand once."""


class Person(Declaration, frozen=True):
    """Which columns of a dataset say who a record is about, and how its codes are read."""

    id: str
    name: str
    born_on: str | None = None
    birth_year: str | None = None
    sex: SexCodes | None = None
    only: dict[str, str] = msgspec.field(default_factory=dict)
    """By column, the value that a record must show to be about a natural person."""
    unique: Unique | None = None
    """None where an id may stand in any number of records."""
    living: dict[str, str] = msgspec.field(default_factory=dict)
    """By column, the value of a record that says its person lives; left out: every record does."""
    is_registry: bool = msgspec.field(default=False, name="registry")
    """The population registry, which every other record is compared with."""
    dead: dict[str, str] = msgspec.field(default_factory=dict)
    """Of the registry: by column, the value of a state in which the person is dead."""

    def __post_init__(self) -> None:
        if (self.born_on is None) != (self.birth_year is None):
            raise ValueError("give both born_on and birth_year, or neither")
        if self.is_registry != bool(self.dead):
            raise ValueError("dead must be given for the registry, and only for it")

    @property
    def columns(self) -> set[str]:
        """Every column the declaration names."""
        unique = self.unique or Unique()
        named = {self.id, self.name, self.born_on, self.birth_year, *unique.per}
        if self.sex is not None:
            named.add(self.sex.column)
        conditions = {*self.only, *unique.where, *self.living, *self.dead}
        return {column for column in named if column is not None} | conditions
