"""News: which loads and verdicts the kept steps of a family do not take into account yet."""

from collections import defaultdict
from dataclasses import dataclass, field

from dean06.kpi import touched
from dean06.kpi.front_matter import Family
from dean06.kpi.touched import VERDICTS
from dean06.warehouse import Session, sql_file

_MANY = 0.2
"""Share of what core holds from which on counting everything costs no more."""


@dataclass(frozen=True)
class News:
    """What has been published and verified since steps were kept."""

    verification: int = 0
    """Newest run of verification that they take into account."""
    loaded: tuple[tuple[str, tuple[int, ...], int], ...] = ()
    """Table of core, its loads, and how many versions they stored."""
    verdicts: tuple[tuple[str, int], ...] = ()
    """Table of core, and how many of its records have another verdict."""
    first_verdicts: frozenset[str] = frozenset()
    """Tables of core whose records had no verdicts."""
    held: tuple[tuple[str, int], ...] = field(default=(), compare=False)
    """Table of core, and about how many versions it holds."""

    @property
    def loads(self) -> tuple[int, ...]:
        """All loads."""
        return tuple(sorted(load for _, loads, _ in self.loaded for load in loads))

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is new."""
        return not (self.loaded or self.verdicts or self.first_verdicts)

    def of(self, family: Family) -> "News":
        """What of it the family reads."""
        judged = family.tables if VERDICTS in family.tables else frozenset()
        return News(
            self.verification,
            tuple(each for each in self.loaded if each[0] in family.tables),
            tuple(each for each in self.verdicts if each[0] in judged),
            self.first_verdicts & judged,
            tuple(each for each in self.held if each[0] in family.tables),
        )

    def needs_all(self, family: Family) -> bool:
        """Whether all steps of this family have to be counted again."""
        if self.is_nothing:
            return False
        if family.independent_by is None or self.first_verdicts:
            return True
        keyed = {dataset.table for dataset in touched.with_key(family)}
        if any(table not in keyed for table, *_ in (*self.loaded, *self.verdicts)):
            return True
        new = sum(count for *_, count in self.loaded) + sum(count for _, count in self.verdicts)
        return new > _MANY * max(1, sum(count for _, count in self.held))


def held(session: Session) -> tuple[tuple[str, int], ...]:
    """Tables of core, and about how many versions each holds."""
    rows = session.rows(
        """select relname::text as table_name, greatest(reltuples, 0)::bigint as held
           from pg_class where relnamespace = 'core'::regnamespace and relkind = 'r'
           order by relname"""
    )
    return tuple((row.table_name, row.held) for row in rows)


def news_of(session: Session) -> dict[str, News]:
    """The news of each family with kept steps for which there is any."""
    loads = session.rows(sql_file("kpi_build/new_loads_of_steps.sql"))
    verdicts = session.rows(sql_file("kpi_build/new_verdicts_of_steps.sql"))
    if not (loads or verdicts):
        return {}
    runs = {
        row.family: row.verification_id
        for row in session.rows("select family, verification_id from ops.kpi_step_family")
    }
    tables = held(session)
    loaded, judged, first = defaultdict(list), defaultdict(list), defaultdict(set)
    for row in loads:
        loaded[row.family].append((row.table_name, tuple(row.loads), row.row_count))
    for row in verdicts:
        if row.is_first:
            first[row.family].add(row.table_name)
        else:
            judged[row.family].append((row.table_name, row.row_count))
    return {
        name: News(
            runs[name],
            tuple(sorted(loaded[name])),
            tuple(sorted(judged[name])),
            frozenset(first[name]),
            tables,
        )
        for name in sorted({*loaded, *judged, *first})
    }
