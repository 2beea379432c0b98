"""Extract: ask a source for one window and land what it sends.

Resumable (pieces that landed are not fetched again), checksummed, and explicit: when it fails the
message names source, dataset, window and cause, and the watermark has not moved.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from ipaddress import ip_address
from urllib.parse import urlsplit

from dean06 import contract, sources
from dean06.contract import Contract, Dataset
from dean06.details.detail import detail, within
from dean06.errors import (
    ConnectionSettingError,
    ContractError,
    Dean06Error,
    ExportExpiredError,
    InconsistentDeliveryError,
    SourceError,
    WarehouseError,
    around,
    at,
)
from dean06.load import landing, ledger, shards
from dean06.load.causes import noting_cause
from dean06.load.ledger import LandingFile, Load
from dean06.sources import Call, Endpoint, ExportingSource, Landed
from dean06.warehouse import Session, transaction

log = logging.getLogger(__name__)

MALFORMED = (LookupError, TypeError, ValueError, EOFError, AttributeError, ArithmeticError,
             RecursionError)  # fmt: skip
"""What protocol clients raise on answers that lack or misspell what the protocol promises."""


def request_export(endpoint: Endpoint, dataset: Dataset, run_key: str, day: date) -> None:
    """Have the source prepare an export, and remember where to ask for it."""
    agreed = contract.load(dataset.source)
    load = ledger.open_load(agreed, dataset, run_key, day)
    if load.is_landed:
        return
    with _named(load):
        handle = _exporting(dataset.source).request_export(_call(endpoint, agreed, dataset, load))
    ledger.forget_landing_files(load)
    ledger.set_export_handle(load, handle)
    log.info("%s: export requested", load)


def export_wait(endpoint: Endpoint, dataset: Dataset, run_key: str) -> float:
    """Seconds until the export should be asked for again; 0 when it is ready."""
    load = ledger.current_load(dataset, run_key)
    with _named(load):
        call = _call(endpoint, contract.load(dataset.source), dataset, load)
        with _export_renewed_when_expired(load, call):
            return _exporting(dataset.source).export_ready(call)


def extract(endpoint: Endpoint, dataset: Dataset, run_key: str, day: date) -> list[int]:
    """Land every piece of the run's window; returns the numbers of the shards that it is staged in.

    Raises SourceError (worth a retry) or ContractError (not), each naming the load and the cause.
    """
    agreed = contract.load(dataset.source)
    load = ledger.open_load(agreed, dataset, run_key, day)
    if load.is_landed:
        log.info("%s: landed already", load)
        return _shards(load)
    with transaction() as session:
        note_credential(session, load.source, endpoint.extra.get("expires_on"))
        landed = ledger.landing_files(session, load)
        earlier = ledger.last_pieces(session, load) if agreed.terms.is_log else []
    if landed:
        log.info("%s: resuming after %d landed pieces", load, len(landed))
    with _named(load):
        call = replace(
            _call(endpoint, agreed, dataset, load),
            landed=_told(landed),
            earlier=_told(earlier),
        )
        with (
            _export_renewed_when_expired(load, call),
            _starting_over_when_refused(load, resumed=bool(landed)),
        ):
            declared = _land_pieces(call, load, landed)
    ledger.mark_landed(load, declared)
    log.info("%s: landed, %d records declared", load, declared)
    return _shards(load)


def _told(files: Sequence[LandingFile]) -> tuple[Landed, ...]:
    return tuple(Landed(f.piece_name, f.declared_count, f.resume_token) for f in files)


def _shards(load: Load) -> list[int]:
    with transaction() as session:
        return [shard.number for shard in shards.plan(session, load)]


def note_credential(session: Session, source: str, expires_on: str | None) -> None:
    """Write down until when a source's credentials are valid, for the watchdog."""
    session.run(
        """insert into ops.source_credential (source_code, expires_on)
           values (:source, cast(:expires_on as date))
           on conflict (source_code)
           do update set expires_on = excluded.expires_on, seen_at = clock_timestamp()
           where source_credential.expires_on is distinct from excluded.expires_on""",
        source=source,
        expires_on=expires_on,
    )


def _land_pieces(call: Call, load: Load, landed: list[LandingFile]) -> int:
    """Land what ``landed`` does not hold yet; returns the records declared in all."""
    declared = sum(file.declared_count for file in landed)
    pieces = sources.module(load.source).extract(call)
    for number, piece in enumerate(pieces, start=len(landed) + 1):
        with piece.body, landing.nothing_removed():
            ledger.add_landing_file(load, landing.land(call.dataset, piece, number))
        declared += piece.declared
        log.info("%s: piece %d (%s), %d records so far", load, number, piece.name, declared)
    return declared


def _call(
    endpoint: Endpoint,
    agreed: Contract,
    dataset: Dataset,
    load: Load,
) -> Call:
    _check_transport(endpoint)
    connection = f"dean06_{load.source}"
    try:
        terms = agreed.terms.adjusted(endpoint.extra, f"extra of connection {connection}")
    except ContractError as error:
        told = detail("extra_wrong", connection=connection, fault=str(error))
        raise ConnectionSettingError(told) from None
    return Call(
        endpoint=endpoint,
        terms=terms,
        dataset=dataset,
        since=load.window.since,
        until=load.window.until,
        export_handle=load.export_handle,
    )


def _check_transport(endpoint: Endpoint) -> None:
    """Raises ConnectionSettingError for an address that shows records of persons to listeners."""
    place = urlsplit(endpoint.url)
    if place.scheme != "http" or endpoint.extra.get("allow_plain_http") is True:
        return
    if not is_loopback(place.hostname or ""):
        raise ConnectionSettingError(detail("plain_http"))


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _exporting(source: str) -> ExportingSource:
    if not sources.is_exporting(source):
        raise Dean06Error(detail("no_exports", source=source))
    return sources.module(source)  # type: ignore[return-value]  # proven on the line above


@contextmanager
def _named(load: Load) -> Iterator[None]:
    """Name the load in whatever goes wrong with its source, and write the cause beside it."""
    with noting_cause(load):
        try:
            yield
        except (SourceError, ContractError, WarehouseError) as error:
            # Of the warehouse: a number beyond all bounds that the source declared.
            raise type(error)(at(load.named, error)) from None
        except MALFORMED as error:
            # The exception's own text may quote what was received.
            broken = detail("protocol_broken", kind=type(error).__name__)
            raise ContractError(within(load.named, broken)) from None


@contextmanager
def _export_renewed_when_expired(load: Load, call: Call) -> Iterator[None]:
    """Request a new export to replace one that no longer exists; the next retry waits for it."""
    try:
        yield
    except ExportExpiredError as error:
        handle = _exporting(load.source).request_export(call)
        ledger.forget_landing_files(load)
        ledger.set_export_handle(load, handle)
        raise ExportExpiredError(around("new_export_requested", error)) from None


@contextmanager
def _starting_over_when_refused(load: Load, resumed: bool) -> Iterator[None]:
    """Forget landed pieces that extraction can not go on from; the next try asks for all again."""
    try:
        yield
    except InconsistentDeliveryError:
        ledger.forget_landing_files(load)
        raise
    except ContractError as error:
        if not resumed:
            raise
        ledger.forget_landing_files(load)
        raise SourceError(around("starts_over", error)) from None
