"""What a release is made of: a publication as BI reads it, its signed file, and its publisher."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from dean06 import settings
from dean06.contract import Bilingual
from dean06.details.detail import detail
from dean06.errors import Dean06Error
from dean06.figures import members
from dean06.open_data import publisher, tables
from dean06.open_data.publisher import Publisher
from dean06.open_data.tables import Row, Table
from dean06.proof import record, signing
from dean06.warehouse import Session, sql_file, transaction

READER = "dean06_bi"
"""The role that reads what is released: it reaches nothing that is not disclosed."""


@dataclass(frozen=True)
class Content:
    """A publication, ready to be written."""

    publisher: Publisher
    number: int
    day: date
    published_at: datetime
    smallest_shown: int | None
    replaces: int | None
    """The earlier publication of the day, if there is one."""
    sources: tuple[str, ...]
    values: bytes
    """As the signed file has them, byte for byte."""
    rows: dict[str, list[Row]]
    """Rows of every table by its name."""
    signed: dict[str, bytes]
    """The signed file, its proof and its heads, by name."""

    @property
    def name(self) -> str:
        """Name of the folder."""
        return f"publication-{self.number:06}"

    @property
    def url(self) -> str:
        """Where the folder is published; ends with a slash."""
        return f"{self.publisher.url}{self.name}/"

    @property
    def title(self) -> Bilingual:
        """What the release is, in words."""
        return Bilingual(
            f"KPIs of Project 06 on {self.day}, publication {self.number}",
            f"Chỉ tiêu Đề án 06 ngày {self.day:%d/%m/%Y}, lần công bố {self.number}",
        )

    @property
    def notice(self) -> Bilingual:
        """What a reader has to know before using a number."""
        least = self.smallest_shown or 0
        hidden = Bilingual(
            f"Counts of persons from 1 to {least - 1} are suppressed, and so are values that "
            "would reveal them; counts by commune and by member are rounded to multiples of "
            f"{2 * least}. ",
            f"Không hiển thị số liệu từ 1 đến {least - 1} người và số liệu có thể dùng để suy ra "
            f"các số đó; số liệu cấp xã và theo thành phần phân tổ được làm tròn đến bội số của "
            f"{2 * least}. ",
        ) if least > 1 else Bilingual("", "")  # fmt: skip
        return Bilingual(
            f"{hidden.en}Choose one boundary_version and one unit_level before adding anything up.",
            f"{hidden.vi}Chọn một boundary_version và một unit_level trước khi cộng số liệu.",
        )

    @property
    def issued(self) -> str:
        """When it was published, in UTC, to the second."""
        return self.published_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def dicts(self, table: Table) -> Iterable[dict[str, str]]:
        """Rows of a table by name of the column."""
        names = [column.name for column in table.columns]
        return (dict(zip(names, row, strict=True)) for row in self.rows[table.name])


def read(publication: int | None) -> Content:
    """Read a publication; None: the newest one.

    Raises Dean06Error where there is none, where it is not signed yet, where ``mart`` differs from
    the signed file, and where a setting of the publisher is missing.
    """
    by = publisher.read()
    with transaction(role=READER, isolation="REPEATABLE READ") as session:
        one = session.one(sql_file("open_data/publication.sql"), publication=publication)
        if one is None:
            raise Dean06Error(
                detail("release_before_publications")
                if publication is None
                else detail("release_without_publication", publication=publication)
            )
        number = int(one.publication_id)
        values = record.values_of(session, number)
        rows = _rows(session, number, values)
    return Content(
        by, number, one.as_of_date, one.published_at, one.smallest_shown, one.replaces,
        tuple(one.source_codes), values, rows, _signed(number, values),
    )  # fmt: skip


def _rows(session: Session, number: int, values: bytes) -> dict[str, list[Row]]:
    lines = csv.reader(io.StringIO(values.decode(), newline=""))
    header = next(lines)
    wanted = [column.name for column in tables.VALUES.columns]
    places = [header.index(name) for name in wanted]
    found: dict[str, list[Row]] = {}
    found[tables.VALUES.name] = [tuple(line[place] for place in places) for line in lines]
    for table in (tables.KPIS, tables.UNITS, tables.MISSING_REASONS):
        read_rows = session.rows(sql_file(f"open_data/{table.name}.sql"), publication=number)
        found[table.name] = [
            tuple(_text(getattr(row, column.name)) for column in table.columns) for row in read_rows
        ]
    found[tables.MEMBERS.name] = [
        _member(row) for row in session.rows(sql_file("open_data/members.sql"), publication=number)
    ]
    return found


def _member(row: Any) -> Row:
    own = members.name(row.breakdown, row.member_code)
    name = own or Bilingual(row.member_code, row.member_code)
    return row.breakdown, row.member_code, name.en, name.vi


def _text(cell: Any) -> str:
    """A cell as PostgreSQL's COPY writes it."""
    match cell:
        case None:
            return ""
        case bool():
            return "t" if cell else "f"
        case list():
            return " ".join(str(each) for each in cell)
        case _:
            return str(cell)


def _signed(number: int, values: bytes) -> dict[str, bytes]:
    """The signed file with proof and heads. Raises Dean06Error where it is not there, or does not
    hold what ``mart`` says."""
    folder, name = signing.root(), f"{number:06}"
    body = folder / "publications" / f"{name}.csv"
    proof = folder / "proofs" / f"{name}.json"
    heads = folder / "heads"
    there = sorted(heads.iterdir(), key=str) if heads.exists() else []
    signed = [path for path in there if path.name.startswith(f"{name}-")]
    if not (signed and body.exists() and proof.exists()):
        raise Dean06Error(detail("release_not_signed", publication=number))
    found = {path.name: path.read_bytes() for path in (body, proof, *signed)}
    if found[body.name].partition(b"\n")[2] != values:
        raise Dean06Error(detail("release_differs_from_signed", publication=number))
    return found


def as_local(moment: datetime) -> datetime:
    """A moment as Vietnamese clocks show it, without a zone."""
    return moment.astimezone(settings.TIMEZONE).replace(tzinfo=None, microsecond=0)
