"""``make superset``: the dashboard imported into a real Superset, opened, compared chart by chart.

Without ``--warehouse`` the warehouse is made here: the simulated province at 1/200, two days.
"""

import argparse
import logging
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2
import yaml
from bench import kpis
from bench.place import CACHE, Place
from psycopg2 import sql
from sqlalchemy import URL, make_url

from tests.lib.syncing import truth
from tests.superset.known import KNOWN
from tests.superset.page import Answer, opened
from tests.superset.server import EXPORT, Superset, SupersetError, running

SCALE = 0.005
HIDDEN = "không hiển thị: số lượng quá nhỏ hoặc có thể làm lộ số lượng nhỏ khác"
_TRUE = {"residents": "population.permanent_residents", "accounts": "eid.accounts"}
_SERIES = ("echarts_timeseries_line", "echarts_timeseries_bar")
Row = tuple[Any, ...]


def main() -> None:
    """Import, open, compare; ends with 1 and says where when a chart shows something else."""
    parser = argparse.ArgumentParser(prog="python -m tests.superset", description=__doc__)
    parser.add_argument("--warehouse", type=make_url, help="URL of a login with role dean06_bi")
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--picture", type=Path, default=CACHE / "dashboard.png")
    asked = parser.parse_args()
    cache = asked.cache.resolve()
    cache.mkdir(parents=True, exist_ok=True)
    with _warehouse(cache, asked.warehouse) as warehouse, running(cache) as superset:
        superset.import_dashboard(warehouse)
        answers = _by_file(superset, opened(superset, "de-an-06", len(KNOWN), asked.picture))
        wrong = list(_differences(warehouse, answers))
        if asked.warehouse is None:
            wrong += _untrue(answers)
    print(f"Picture: {asked.picture}")
    raise SystemExit("\n".join(wrong) if wrong else 0)


@contextmanager
def _warehouse(cache: Path, given: URL | None) -> Iterator[URL]:
    if given is not None:
        yield given
        return
    with Place(cache, SCALE, 1) as place, place.warehouse() as database:
        kpis.run(place, database, SCALE)
        login, password = "dean06_dashboard", secrets.token_urlsafe(16)
        with psycopg2.connect(place.dsn(database)) as connection, connection.cursor() as cursor:
            cursor.execute(
                sql.SQL("create role {} login password {} in role dean06_bi").format(
                    sql.Identifier(login), sql.Literal(password)
                )
            )
        connection.close()
        yield make_url(place.url(database)).set(username=login, password=password)


def _by_file(superset: Superset, answers: dict[int, Answer]) -> dict[str, Answer]:
    """Answers by the name of the chart's file."""
    charts = superset.ask("GET", "/api/v1/chart/", params={"q": "(page_size:100)"})["result"]
    numbers = {chart["slice_name"]: chart["id"] for chart in charts}
    return {name: answers[numbers[chart["slice_name"]]] for name, chart in _charts().items()}


def _charts() -> dict[str, dict[str, Any]]:
    return {
        file.stem: yaml.safe_load(file.read_text(encoding="utf-8"))
        for file in sorted((EXPORT / "charts").glob("*.yaml"))
    }


def _differences(warehouse: URL, answers: dict[str, Answer]) -> Iterator[str]:
    """What the charts show that the warehouse does not say, or the other way round."""
    if answers.keys() != KNOWN.keys():
        raise SupersetError(f"charts without a known answer: {answers.keys() ^ KNOWN.keys()}")
    charts, hidden = _charts(), 0
    dsn = warehouse.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg2.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute(
            """select as_of_date, publication_id from mart.kpi_publication
               order by as_of_date desc, publication_id desc limit 1"""
        )
        day, publication = cursor.fetchall()[0]
        for name, answer in answers.items():
            cursor.execute(KNOWN[name], {"day": day, "publication": publication})
            columns = [column.name for column in cursor.description or ()]
            known = sorted(map(_plain, cursor.fetchall()))
            shown = sorted(map(_plain, _shown(answer.rows, columns, charts[name]["params"])))
            same = shown == known and known and answer.status == 200 and not answer.error
            hidden += sum(row.get("shown") == HIDDEN for row in answer.rows)
            print(f"{'same' if same else 'OTHER':<6} {len(shown):5} rows  {name}")
            if not same:
                only = (sorted(set(shown) - set(known))[:3], sorted(set(known) - set(shown))[:3])
                yield f"{name}: {answer.error} shown only {only[0]}, known only {only[1]}"
    connection.close()
    # Whether each value is hidden is compared above: none in the warehouse is no difference.
    print(f"{hidden} hidden values are shown as hidden")


def _shown(
    rows: list[dict[str, Any]], columns: list[str], parameters: dict[str, Any]
) -> Iterator[Row]:
    """The rows of an answer, with those columns that are known of them."""
    if parameters["viz_type"] in _SERIES and parameters["groupby"]:
        axis = parameters["x_axis"]
        for row in rows:
            yield from (
                (row[axis], series, value)
                for series, value in row.items()
                if series != axis and value is not None
            )
        return
    for row in rows:
        found = {**row, "is_hidden": row.get("shown") == HIDDEN}
        yield tuple(found[column] for column in columns)


def _plain(row: Sequence[Any]) -> Row:
    """Comparable across JSON: numbers to six digits, nothing before everything."""
    return tuple(
        "" if value is None
        else f"{value:.6f}" if isinstance(value, int | float)
        else str(value)
        for value in row
    )  # fmt: skip


def _untrue(answers: dict[str, Answer]) -> list[str]:
    """Figures on top that the simulated world says otherwise."""
    said = {
        row["code"]: row["numerator"]
        for row in truth(SCALE, kpis.LATER)["kpi"]
        if row["unit_level"] == "province" and not row["breakdown"]
    }
    found = {name: answers[name].rows[0]["value_of_one"] for name in _TRUE}
    print("true: ", {name: said[code] for name, code in _TRUE.items()})
    return [
        f"{name}: shows {found[name]}, true is {said[code]}"
        for name, code in _TRUE.items()
        if found[name] != said[code]
    ]


if __name__ == "__main__":
    logging.disable(logging.WARNING)  # bench.step's own progress is enough
    main()
