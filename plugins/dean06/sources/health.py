"""Health: check-ins and vaccinations. FHIR R4 Bulk Data export with SMART Backend Services.

An export is requested (202), prepared by the server, then fetched as NDJSON files from a manifest
(https://hl7.org/fhir/uv/bulkdata/). No diagnosis or treatment is asked for (Luật 91/2025/QH15).
"""

import hashlib
import time
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any
from urllib.parse import urljoin

import httpx2 as httpx
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oauth2.rfc7523 import PrivateKeyJWT

from dean06.contract import Dataset
from dean06.errors import ContractError, InconsistentDeliveryError, SourceError
from dean06.sources import Call, Piece
from dean06.wire import ndjson
from dean06.wire.http import Fetcher, Reply, ahead, at_same_place, retry_after, sign_in, trusted
from dean06.wire.records import Batch
from dean06.wire.unpacked import Unpacked

_KICK_OFF = {"Accept": "application/fhir+json", "Prefer": "respond-async"}
_FILE = {"Accept": "application/fhir+ndjson", "Accept-Encoding": "gzip"}
_POLL_SECONDS = 2.0
_ASSERTION_SECONDS = 240

IGNORED = {
    "resourceType",  # stated once more on every level
    "contained Patient.resourceType",
    "contained Patient.id",  # local to the resource
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
}
"""Paths that no column needs, each for its reason; any other unknown path is reported as drift."""


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
        raise ContractError(f"the kick-off answered HTTP {reply.status} without a status URL")
    return at_same_place(call.endpoint.url, urljoin(reply.url, location))


def export_ready(call: Call) -> float:
    """0 when the manifest is there, else how long the server asks us to wait."""
    reply = _status(call, _fetcher(call))
    if reply.status == 200:
        return 0.0
    return retry_after(reply.headers) or _POLL_SECONDS


def extract(call: Call) -> Iterator[Piece]:
    """Yield the files of the finished export that have not landed yet."""
    fetcher = _fetcher(call)
    reply = _status(call, fetcher)
    if reply.status != 200:
        raise InconsistentDeliveryError("the export is no longer ready; it must be requested anew")
    manifest = reply.json()
    _check_manifest(call, manifest)
    landed = {piece.name for piece in call.landed}
    for number, entry in enumerate(manifest["output"], start=1):
        name = f"{entry['type']}-{number:04d}"
        if name in landed:
            continue
        url = at_same_place(call.endpoint.url, entry["url"])
        file = fetcher.get(url, headers=_FILE)
        packed = file.headers.get("content-encoding") == "gzip"
        _check_digest(name, file.body, packed, entry)
        yield Piece(
            name=name,
            suffix="ndjson.gz" if packed else "ndjson",
            body=file.body,
            declared=int(entry["count"]),
        )


def parse(dataset: Dataset, piece_name: str, stream: IO[bytes]) -> Iterator[Batch]:
    """One FHIR resource a line, flattened to the paths that the contract names."""
    del dataset, piece_name
    return ndjson.read(stream, project=flatten)


def flatten(resource: dict[str, Any]) -> dict[str, object]:
    """A resource as ``{path: value}``, in the contract's spelling of paths.

    Lists get ``[index]``; contained resources and extensions are named by type and URL instead of
    by position, since FHIR gives their order no meaning.
    """
    flat: dict[str, object] = {}
    for key, value in resource.items():
        _flatten(key, value, flat)
    return flat


def _flatten(path: str, value: object, flat: dict[str, object]) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            _flatten(f"{path}.{key}", inner, flat)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if path == "contained" and isinstance(item, dict):
                _flatten(f"contained {item.get('resourceType')}", item, flat)
            elif path == "extension" and isinstance(item, dict):
                name = str(item.get("url", "")).rsplit("/", 1)[-1]
                for key in item.keys() - {"url"}:
                    _flatten(f"extension {name} {key}", item[key], flat)
            else:
                _flatten(f"{path}[{index}]", item, flat)
    elif path not in IGNORED:
        flat[path] = value


def _fetcher(call: Call) -> Fetcher:
    token_url = f"{call.endpoint.url}/auth/token"
    server_ahead = 0.0

    def compare_clocks(answer: httpx.Response) -> None:
        nonlocal server_ahead
        server_ahead = ahead(answer.headers)

    client = OAuth2Client(
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

    def authenticate(client: OAuth2Client) -> None:
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
        raise ContractError("no export was requested for this load; clear 'request_export'")
    return fetcher.get(call.export_handle, headers={"Accept": "application/json"})


def _check_manifest(call: Call, manifest: dict[str, Any]) -> None:
    """An export that stops short of the window, or met errors, is not the window's content."""
    reached = datetime.fromisoformat(manifest["transactionTime"])
    if reached < call.until:
        raise SourceError(f"the export stops at {reached.isoformat()}, before the window's end")
    if manifest.get("error"):
        raise SourceError(f"the export reports {len(manifest['error'])} file(s) of errors")


def _check_digest(name: str, body: IO[bytes], packed: bool, entry: dict[str, Any]) -> None:
    promised = entry.get("extension", {}).get("sha256")
    if promised is None:
        return
    stream: Any = Unpacked(body) if packed else body
    actual = hashlib.file_digest(stream, "sha256").hexdigest()
    body.seek(0)
    if actual != promised:
        raise InconsistentDeliveryError(
            f"{name}: the manifest promises SHA-256 {promised[:12]}…, the file has {actual[:12]}…"
        )
