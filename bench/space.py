"""What a warehouse occupies: bytes of tables, of indexes and of the write-ahead log."""

from dataclasses import dataclass

from bench.place import Place

_TABLES = """
    select nspname, relname, greatest(reltuples, 0)::bigint, pg_table_size(pg_class.oid),
        pg_indexes_size(pg_class.oid)
    from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where relkind = 'r' and nspname in ('core', 'ops', 'mart')
    order by pg_total_relation_size(pg_class.oid) desc
"""


@dataclass(frozen=True)
class Occupied:
    """One table."""

    schema: str
    table: str
    rows: int
    table_bytes: int
    index_bytes: int

    @property
    def total(self) -> int:
        """Bytes of the table with its indexes."""
        return self.table_bytes + self.index_bytes

    @property
    def of_row(self) -> float:
        """Bytes of a row with its index entries; 0 of an empty table."""
        return self.total / self.rows if self.rows else 0.0


def of_tables(place: Place, database: str) -> list[Occupied]:
    """Return all tables of core, ops and mart, largest first; rows as ANALYZE counts them."""
    place.change(database, "analyze")
    return [Occupied(*row) for row in place.rows(database, _TABLES)]  # type: ignore[arg-type]  # columns of _TABLES


def by_schema(tables: list[Occupied]) -> dict[str, int]:
    """Return bytes by schema."""
    found: dict[str, int] = {}
    for table in tables:
        found[table.schema] = found.get(table.schema, 0) + table.total
    return found
