"""Receipts: which list an agency says it has received, by the digest of the file.

A receipt closes no case: only a delivery does (``cases``).
"""

import re
from datetime import date

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
        raise Dean06Error(
            "the digest must have 64 hexadecimal digits: run sha256sum on the CSV",
            vi="mã SHA-256 phải có 64 chữ số thập lục phân: chạy sha256sum trên tệp CSV",
        )
    if not 2 <= len(received_by.strip()) <= 200:
        raise Dean06Error(
            "the office that received the list is required, 2 to 200 characters",
            vi="phải ghi tên đơn vị nhận danh sách, từ 2 đến 200 ký tự",
        )
    written = session.one(
        """select csv_sha256 from ops.agency_list
           where source_code = :source and day = :day and scope = 'day'""",
        source=source,
        day=day,
    )
    if written is None:
        raise Dean06Error(
            f"no list of {source} for {day} was written: see agency-lists",
            vi=f"chưa lập danh sách của nguồn {source} ngày {day:%d/%m/%Y}: xem agency-lists",
        )
    if written.csv_sha256 != digest:
        raise Dean06Error(
            f"the list of {source} for {day} was written again since: send the agency the file "
            f"whose SHA-256 begins with {written.csv_sha256[:12]}",
            vi=f"danh sách của nguồn {source} ngày {day:%d/%m/%Y} đã được lập lại: gửi cơ quan tệp "
            f"có SHA-256 bắt đầu bằng {written.csv_sha256[:12]}",
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
