"""The file of each publication, and its leaf in the log: written with the publication, once.

A file is a line of JSON (what was published, by which definitions, from which loads) and the values
as CSV, as readers of ``mart`` see them. It is a function of what the publishing transaction sees.
"""

import io
import json
import secrets
import zlib
from datetime import UTC, datetime
from typing import Any

from psycopg2 import sql

from dean06.details.detail import detail
from dean06.errors import TrailError
from dean06.proof.merkle import leaf_hash
from dean06.warehouse import Session, sql_file

FORMAT = "dean06 publication 1"


def record_due(session: Session) -> int:
    """Append every publication that the log does not have; returns how many.

    Whoever calls has the builders' turn. Raises TrailError for a publication that is older than the
    newest one of the log: somebody made it up, or lost its leaf.
    """
    due = [row.publication_id for row in session.rows(sql_file("proof/unrecorded.sql"))]
    if not due:
        return 0
    last = session.one(
        """select coalesce(max(place), -1) as place, coalesce(max(publication_id), 0) as number
           from ops.publication_leaf"""
    )
    if due[0] < last.number:
        raise TrailError(detail("publication_out_of_order", publication=due[0], last=last.number))
    for place, number in enumerate(due, start=last.place + 1):
        _append(session, number, place)
    return len(due)


def body_of(session: Session, place: int) -> bytes:
    """The file of the publication in a place of the log; empty where it cannot be unpacked."""
    row = session.one("select body from ops.publication_leaf where place = :place", place=place)
    try:
        return zlib.decompress(row.body)
    except zlib.error:
        return b""


def values_of(session: Session, number: int) -> bytes:
    """The values of a publication as its file has them."""
    query = session.text_of(
        sql.SQL(sql_file("proof/values.sql")).format(publication=sql.Literal(number))
    )
    lines = io.BytesIO()
    session.copy_out(query, "format csv, header", lines)
    return lines.getvalue()


def definitions_of(session: Session, number: int) -> list[list[Any]]:
    """Code, version and fingerprint of every definition of a publication."""
    return [
        [row.kpi_code, row.kpi_version, row.digest]
        for row in session.rows(sql_file("proof/definitions.sql"), publication=number)
    ]


def _append(session: Session, number: int, place: int) -> None:
    salt = secrets.token_bytes(32)
    body = _header(session, number, place, salt) + values_of(session, number)
    session.run(
        """insert into ops.publication_leaf (place, publication_id, leaf_hash, body, salt)
           values (:place, :number, :leaf, :body, :salt)""",
        place=place,
        number=number,
        leaf=leaf_hash(body),
        body=zlib.compress(body, 1),
        salt=salt,
    )


def _header(session: Session, number: int, place: int, salt: bytes) -> bytes:
    """The first line: JSON with sorted names and without spaces, behind ``# ``."""
    one = session.one(sql_file("proof/publication.sql"), publication=number)
    units = session.one(sql_file("proof/units.sql"))
    covered = session.rows(
        sql_file("proof/covered.sql"), day=one.as_of_date, build=one.build_id, salt=salt
    )
    said = {
        "format": FORMAT,
        "publication": number,
        "place": place,
        "as_of_date": str(one.as_of_date),
        "published_at": _told(one.published_at),
        "reason": one.reason,
        "replaces": one.replaces,
        "smallest_shown": one.smallest_shown,
        "sources": one.source_codes,
        "verification": one.verification_id,
        "boundaries": {
            "as_reported": str(one.as_of_date),
            "current": str(units.current_since),
            "units": units.fingerprint,
        },
        "datasets": [
            {
                "dataset": f"{row.source_code}.{row.dataset_code}",
                "until": _told(row.until),
                "loads": row.loads,
                "fingerprint": row.fingerprint,
            }
            for row in covered
        ],
        "definitions": definitions_of(session, number),
    }
    line = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"# {line}\n".encode()


def _told(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
