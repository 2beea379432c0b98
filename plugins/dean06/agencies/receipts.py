"""Receipts: which list an agency says it has received, by the digest of the file.

A receipt closes no case: only a delivery does (``cases``).
"""

import re
from datetime import date

from dean06.details.detail import detail
from dean06.errors import Dean06Error
from dean06.warehouse import Session

_DIGEST = re.compile(r"[0-9a-f]{64}")


def note(
    session: Session, source: str, day: date, csv_sha256: str, received_by: str, noted_by: str
) -> None:
    """Note that an agency has received the list of a day; noted once, whoever says it again.

    ``csv_sha256``: of the CSV file as the agency has it; ``received_by``: the office.
    Raises Dean06Error when there is no such list, when the file is another version of it, or when
    the office is not named.
    """
    digest = csv_sha256.strip().lower()
    if not _DIGEST.fullmatch(digest):
        raise Dean06Error(detail("digest_malformed"))
    if not 2 <= len(received_by.strip()) <= 200:
        raise Dean06Error(detail("receiver_required"))
    written = session.one(
        """select csv_sha256 from ops.agency_list
           where source_code = :source and day = :day and scope = 'day'""",
        source=source,
        day=day,
    )
    if written is None:
        raise Dean06Error(detail("no_list_written", source=source, day=day))
    if written.csv_sha256 != digest:
        raise Dean06Error(
            detail("list_written_again", source=source, day=day, digest=written.csv_sha256[:12])
        )
    session.run(
        """insert into ops.agency_receipt (source_code, day, csv_sha256, received_by, noted_by)
           values (:source, :day, :digest, :received_by, :noted_by) on conflict do nothing""",
        source=source,
        day=day,
        digest=digest,
        received_by=received_by.strip(),
        noted_by=noted_by,
    )
