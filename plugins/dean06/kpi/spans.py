"""Queries of KPI families: they return spans of days, and are made of parts that families share.

A query knows no day. Parts that compare everyone with everything that is said of them may cut
their spans to the days wanted (``:wanted_from``, ``:wanted_until``): those of a build of one day,
or all days. What they return for the days wanted is the same.

A query of which one thing has rows of many KPIs may return things that count alike as one row, with
their number (``thing_count``), unless each thing is wanted (``:by_thing``).
"""

import re

from dean06.warehouse import sql_file

EVERY_QUERY = (
    "kpi_code", "counts_from", "counts_to", "written_on", "is_counted", "dataset_code", "record_key"
)  # fmt: skip
"""Columns that every family's query returns."""
_PART = re.compile(r"\{([a-z_]+)\}")
_COMMENT = re.compile(r"^\s*--.*$", re.MULTILINE)
_PARAMETER = re.compile(r"(?<![:\w]):(\w+)")
_WANTED = (":wanted_from", ":wanted_until")
_BY_THING = ":by_thing"


def with_parts(query: str) -> str:
    """The query with the text of every part that it names, and that these name."""
    while part := _PART.search(query):
        text = sql_file(f"kpi_build/{part[1]}.sql").rstrip()
        query = query[: part.start()] + text + query[part.end() :]
    return query


def wrong_query(query: str) -> str | None:
    """What is wrong with a query, if anything is: it takes a day, or lacks a column."""
    query = _COMMENT.sub("", query)
    for name in _PARAMETER.findall(query):
        if f":{name}" not in (*_WANTED, _BY_THING):
            return (
                f"the query must not use the parameter :{name}: it must return, for each item, "
                "the days on which the item counts (counts_from, counts_to)"
            )
    missing = [name for name in EVERY_QUERY if not re.search(rf"\b{name}\b", query)]
    return f"the query does not return {', '.join(missing)}" if missing else None


def of_every_day(query: str, *, by_thing: bool = True) -> str:
    """The query of all spans that hold a day, of each thing or of all that count alike."""
    every = _wanting(query, "cast('-infinity' as date)", "cast('infinity' as date)", by_thing)
    return (
        f"select span.* from ({every}) as span "
        "where span.counts_from < coalesce(span.counts_to, 'infinity')"
    )


def of_the_day(query: str, *, by_thing: bool = True) -> str:
    """The query of spans that hold the day ``:as_of``, among others."""
    return _wanting(query, "cast(:as_of as date)", "cast(:as_of as date) + 1", by_thing)


def _wanting(query: str, since: str, until: str, by_thing: bool) -> str:
    dated = query.replace(_WANTED[0], since).replace(_WANTED[1], until)
    return dated.replace(_BY_THING, str(by_thing).lower())
