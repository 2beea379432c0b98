"""Provincial social insurance: health-insurance participants. SFTP drops with a manifest.

``/outbox/<day>/manifest.json`` lists that day's files with rows, bytes and SHA-256; the first day
of the outbox also holds everything earlier.
"""

from collections.abc import Iterator
from typing import IO

from dean06.contract import Dataset
from dean06.sources import Call, Piece
from dean06.wire import csv, outbox, sftp
from dean06.wire.records import Batch


def extract(call: Call) -> Iterator[Piece]:
    """Yield the files of every drop in the window that have not landed yet. Raises as
    ``outbox.sent``."""
    place = call.endpoint
    account = sftp.Account(place.url, place.login, place.password, place.extra)
    landed = {piece.name for piece in call.landed}
    with sftp.Outbox(account, call.dataset.wire_name, call.terms) as box:
        for file in outbox.sent(box, call.since, call.until, landed):
            yield Piece(name=file.name, suffix="csv.gz", body=file.body, declared=file.rows)


def parse(dataset: Dataset, piece_name: str, stream: IO[bytes]) -> Iterator[Batch]:
    """CSV with the wire names of the contract as header."""
    del dataset, piece_name
    return csv.read(stream)
