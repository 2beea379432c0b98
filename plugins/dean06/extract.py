"""Extract: ask a source for one window and land what it sends.

Resumable (pieces that landed are not fetched again), checksummed, and explicit: when it fails the
message names source, dataset, window and cause, and the watermark has not moved.
"""

import logging
from datetime import date

from dean06 import contract, landing, ledger, sources
from dean06.contract import Contract, Dataset
from dean06.errors import ContractError, Dean06Error, InconsistentDeliveryError, SourceError
from dean06.ledger import Load
from dean06.sources import Call, Endpoint, ExportingSource, Landed
from dean06.warehouse import transaction

log = logging.getLogger(__name__)


def request_export(endpoint: Endpoint, dataset: Dataset, run_key: str, day: date) -> None:
    """Have the source prepare an export, and remember where to ask for it."""
    agreed = contract.load(dataset.source)
    load = ledger.open_load(agreed, dataset, run_key, day)
    source = _exporting(dataset.source)
    try:
        handle = source.request_export(_call(endpoint, agreed, dataset, load))
    except (SourceError, ContractError) as error:
        raise _told(load, error) from None
    ledger.forget_landing_files(load)
    ledger.set_export_handle(load, handle)
    log.info("%s: export requested", load)


def export_wait(endpoint: Endpoint, dataset: Dataset, run_key: str) -> float:
    """Seconds until the export should be asked for again; 0 when it is ready."""
    load = ledger.current_load(dataset, run_key)
    call = _call(endpoint, contract.load(dataset.source), dataset, load)
    try:
        return _exporting(dataset.source).export_ready(call)
    except (SourceError, ContractError) as error:
        raise _told(load, error) from None


def extract(endpoint: Endpoint, dataset: Dataset, run_key: str, day: date) -> None:
    """Land every piece of the run's window.

    Raises SourceError (worth a retry) or ContractError (not), each naming the load and the cause.
    """
    agreed = contract.load(dataset.source)
    load = ledger.open_load(agreed, dataset, run_key, day)
    with transaction() as session:
        landed = ledger.landing_files(session, load)
    declared = sum(file.declared_count for file in landed)
    call = _call(
        endpoint, agreed, dataset, load,
        tuple(Landed(f.piece_name, f.declared_count, f.resume_token) for f in landed),
    )  # fmt: skip
    if landed:
        log.info("%s: resuming after %d landed pieces", load, len(landed))
    number = len(landed)
    try:
        for piece in sources.module(dataset.source).extract(call):
            number += 1
            with piece.body:
                ledger.add_landing_file(load, landing.land(dataset, piece, number))
            declared += piece.declared
            log.info("%s: piece %d (%s), %d records so far", load, number, piece.name, declared)
    except InconsistentDeliveryError as error:
        ledger.forget_landing_files(load)
        raise _told(load, error) from None
    except (SourceError, ContractError) as error:
        raise _told(load, error) from None
    ledger.mark_landed(load, declared)
    log.info("%s: landed %d pieces, %d records declared", load, number, declared)


def _call(
    endpoint: Endpoint,
    agreed: Contract,
    dataset: Dataset,
    load: Load,
    landed: tuple[Landed, ...] = (),
) -> Call:
    return Call(
        endpoint=endpoint,
        terms={**agreed.terms, **endpoint.extra},
        dataset=dataset,
        since=load.window.since,
        until=load.window.until,
        landed=landed,
        export_handle=load.export_handle,
    )


def _exporting(source: str) -> ExportingSource:
    if not sources.is_exporting(source):
        raise Dean06Error(f"source {source} prepares no exports")
    return sources.module(source)  # type: ignore[return-value]  # proven on the line above


def _told(load: Load, error: Dean06Error) -> Dean06Error:
    ledger.note_cause(load, str(error))
    return type(error)(f"{load}: {error}")
