"""Health: check-ins and vaccinations. FHIR R4 Bulk Data export with SMART Backend Services.

An export is requested (202), prepared by the server, then fetched as NDJSON files from a manifest
(https://hl7.org/fhir/uv/bulkdata/). No diagnosis or treatment is asked for (Luật 91/2025/QH15).
"""

import logging
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import IO
from urllib.parse import urljoin

import httpx2 as httpx
from authlib.oauth2.rfc7523 import PrivateKeyJWT

from dean06.contract import Dataset
from dean06.details.detail import Detail, detail
from dean06.errors import (
    ContractError,
    ExportExpiredError,
    InconsistentDeliveryError,
    ManifestMismatchError,
    SourceError,
    at,
)
from dean06.sources import Call, Piece
from dean06.wire import fhir_bulk, ndjson
from dean06.wire.answers import RefusedError, Reply, ahead, retry_after
from dean06.wire.fhir import Flattener
from dean06.wire.fhir_choice import Coded
from dean06.wire.fhir_shapes import Shapes
from dean06.wire.http import Fetcher, at_same_place, trusted
from dean06.wire.oauth import TokenClient, sign_in
from dean06.wire.records import Batch

log = logging.getLogger(__name__)

_KICK_OFF = {"Accept": "application/fhir+json", "Prefer": "respond-async"}
_STATUS = {"Accept": "application/json"}
_FILE = {"Accept": "application/fhir+ndjson", "Accept-Encoding": "gzip"}
_POLL_SECONDS = 2.0
_ASSERTION_SECONDS = 240

_NUMBERS = (
    "https://dean06.example/fhir/sid/so-dinh-danh",
    "https://dean06.example/fhir/sid/cmnd",
)
"""Systems of a person's numbers: the personal identification number, else the old CMND."""
_FACILITIES = "https://dean06.example/fhir/sid/co-so-kham-chua-benh"
_CODED = {
    "vaccineCode.coding": Coded(("code",), ("system",), "http://hl7.org/fhir/sid/cvx"),
    "serviceProvider.identifier": Coded(("value",), ("system",), _FACILITIES),
    "performer": Coded(
        ("actor", "identifier", "value"), ("actor", "identifier", "system"), _FACILITIES
    ),
    "protocolApplied": Coded(("doseNumberPositiveInt",)),
}
"""What is chosen among several codes, facilities and protocols: another system's code "207" is
another vaccine."""

IGNORED = {
    "resourceType",  # stated once more on every level
    "Patient.resourceType",
    "Patient.id",  # local to the resource
    "subject.reference",  # points at the contained patient
    "patient.reference",
    "class.system",  # always ambulatory: no KPI needs it
    "class.code",
    "class.display",
    "vaccineCode.coding[0].system",
    "vaccineCode.coding[0].display",
    "vaccineCode.text",
    "serviceProvider.identifier.system",
    "performer[0].actor.identifier.system",
    "meta.versionId",
    *(
        f"Patient.{element}.{member}"  # by these the one name and the one number were chosen
        for element in ("name", "identifier")
        for member in ("use", "period.start", "period.end")
    ),
}
"""Paths that no column needs, each for its reason; any other unknown path is reported as drift."""

_EXPIRED = (403, 404, 410)
_WITHDRAWN = re.compile(r"deleted-\d+ as of (?P<version>\S+)")
"""How pieces are named that list deletions."""


def request_export(call: Call) -> str:
    """Kick off an export of one resource type; returns its status URL."""
    params = {
        "_type": call.dataset.wire_name,
        "_outputFormat": "application/fhir+ndjson",
        "_until": call.until.isoformat(),
    }
    if call.since:
        params["_since"] = call.since.isoformat()
    reply = _fetcher(call).get(f"{call.endpoint.url}/fhir/$export", params, _KICK_OFF)
    location = reply.headers.get("content-location")
    if reply.status != 202 or not location:
        raise ContractError(detail("kick_off_without_url", status=reply.status))
    try:
        return at_same_place(call.endpoint.url, urljoin(reply.url, location))
    except ValueError:
        raise ContractError(detail("kick_off_invalid_url")) from None


def export_ready(call: Call) -> float:
    """0 when the manifest is there, else how long the server asks us to wait."""
    reply = _status(call, _fetcher(call))
    if reply.status == 200:
        return 0.0
    return retry_after(reply.headers) or _POLL_SECONDS


def extract(call: Call) -> Iterator[Piece]:
    """Yield the files of the finished export that have not landed yet, then those of deletions.

    Raises ExportExpiredError when the export or a file of it is gone, SourceError while it is not
    ready, stops before the window's end or reports errors, ContractError for a manifest that
    lists something else than was asked for.
    """
    fetcher = _fetcher(call)
    reply = _status(call, fetcher)
    if reply.status != 200:
        raise SourceError(detail("export_not_ready"))
    export = fhir_bulk.manifest(reply.json(), call.dataset.wire_name)
    if export.reached < call.until:
        raise SourceError(detail("export_ends_early", reached=export.reached))
    fetcher.bounds.check_files(len(export.output) + len(export.deleted) + len(export.errors))
    _check_errors(export, reply.url, fetcher)
    landed = {piece.name for piece in call.landed}
    for file in export.output:
        name = f"{call.dataset.wire_name}-{file.number:04d}"
        if name not in landed:
            yield _resources(name, file, _fetched(fetcher, reply.url, file))
    for file in export.deleted:
        # As of the window's end, however much later the export was made: who asks for the window
        # again gets the same versions.
        name = f"deleted-{file.number:04d} as of {call.until.isoformat()}"
        if name not in landed:
            fetched = _fetched(fetcher, reply.url, file)
            yield _deletions(name, file, fetched, call.dataset.wire_name)


def parse(dataset: Dataset, piece_name: str, stream: IO[bytes]) -> Iterator[Batch]:
    """One FHIR resource a line, flattened to the paths that the contract names; of a file of
    deletions the records that it withdraws."""
    withdrawn = _WITHDRAWN.fullmatch(piece_name)
    if withdrawn:
        return fhir_bulk.withdrawals(stream, str(dataset.wire_name), withdrawn["version"])
    flat = flattener(dataset)
    return ndjson.read(stream, project=flat, known=Shapes(flat))


def flattener(dataset: Dataset) -> Flattener:
    """How resources of the dataset become records."""
    paths = [str(column.wire_name) for column in dataset.staged]
    return Flattener(dataset.wire_name, paths, IGNORED, _NUMBERS, _CODED)


def _fetcher(call: Call) -> Fetcher:
    token_url = f"{call.endpoint.url}/auth/token"
    server_ahead = 0.0

    def compare_clocks(answer: httpx.Response) -> None:
        nonlocal server_ahead
        server_ahead = ahead(answer.headers)

    client = TokenClient(
        call.endpoint.login,
        call.endpoint.extra["private_key"],
        token_endpoint=token_url,
        token_endpoint_auth_method="private_key_jwt",  # noqa: S106  # a method, no secret
        grant_type="client_credentials",
        scope="system/*.read",
        timeout=call.terms.timeout_seconds,
        verify=trusted(),
        event_hooks={"response": [compare_clocks]},
    )

    def authenticate(client: TokenClient) -> None:
        # SMART Backend Services: an assertion lives five minutes at most by the server's clock,
        # which an earlier answer has told; so each has its own.
        claims = {"exp": int(time.time() + server_ahead) + _ASSERTION_SECONDS}
        header = {"kid": call.endpoint.extra["kid"]}
        client.register_client_auth_method(
            PrivateKeyJWT(token_url, claims=claims, headers=header, alg="RS384")
        )
        sign_in(client)

    return Fetcher(client, call.terms, authenticate=authenticate)


def _status(call: Call, fetcher: Fetcher) -> Reply:
    if not call.export_handle:
        raise ContractError(detail("export_not_requested"))
    return _unless_expired(fetcher, detail("export"), call.export_handle, _STATUS)


def _unless_expired(fetcher: Fetcher, what: Detail, url: str, headers: Mapping[str, str]) -> Reply:
    try:
        return fetcher.get(url, headers=headers, what=what)
    except RefusedError as error:
        if error.status not in _EXPIRED:
            raise
        expired = detail("expired", what=what, status=error.status)
        raise ExportExpiredError(expired) from None


def _fetched(fetcher: Fetcher, manifest_url: str, file: fhir_bulk.File) -> Reply:
    """A file of the export; its URL may be relative to the manifest's (RFC 3986 §5)."""
    what = detail("of_export", name=file.place)
    try:
        url = at_same_place(manifest_url, urljoin(manifest_url, file.url))
    except (ContractError, ValueError):  # urljoin refuses some hosts
        place = detail("of_export", name=f"{file.place}.url")
        raise ContractError(detail("not_own_url", what=place)) from None
    reply = _unless_expired(fetcher, what, url, _FILE)
    if file.sha256 and file.sha256 != (actual := reply.sha256()):
        declared = file.sha256[:12]
        raise InconsistentDeliveryError(
            detail("export_digest_differs", what=what, declared=declared, actual=actual[:12])
        )
    return reply


def _check_errors(export: fhir_bulk.Manifest, manifest_url: str, fetcher: Fetcher) -> None:
    """Errors mean that something was not exported; warnings and information do not."""
    with ExitStack() as opened:
        replies = (_fetched(fetcher, manifest_url, file) for file in export.errors)
        issues = fhir_bulk.issues(opened.enter_context(reply.plain()) for reply in replies)
    if issues.are_errors:
        raise SourceError(detail("export_reports", issues=issues.listed))
    if issues.counts:
        log.info("the export reports %s", issues)


def _resources(name: str, file: fhir_bulk.File, reply: Reply) -> Piece:
    return _piece(name, reply, _lines_of(reply) if file.count is None else file.count)


def _deletions(name: str, file: fhir_bulk.File, reply: Reply, resource_type: str) -> Piece:
    """A file of deletions; it declares as many records as its Bundles name.

    ``count`` is the number of Bundles by the standard; some servers count what they delete.
    """
    number = bundles = 0
    with reply.plain() as stream:
        for bundles, line in enumerate(fhir_bulk.lines(stream), start=1):
            try:
                number += len(fhir_bulk.deleted_ids(line, resource_type))
            except ContractError as error:
                place = detail("export_line", name=file.place, line=bundles)
                raise ContractError(at(place, error)) from None
    if file.count not in (None, bundles, number):
        raise ManifestMismatchError(
            detail(
                "deletions_differ",
                name=file.place,
                declared=file.count or 0,
                bundles=bundles,
                deletions=number,
            )
        )
    return _piece(name, reply, number)


def _piece(name: str, reply: Reply, declared: int) -> Piece:
    suffix = "ndjson.gz" if reply.is_packed else "ndjson"
    return Piece(name=name, suffix=suffix, body=reply.body, declared=declared)


def _lines_of(reply: Reply) -> int:
    with reply.plain() as stream:
        return sum(1 for _ in fhir_bulk.lines(stream))
