"""The health service: FHIR Bulk Data export behind SMART Backend Services authorisation."""

import secrets
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import parse_qs, urlencode

from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import FileResponse, JSONResponse, StreamingResponse

from ..kernel.clock import moment_text
from .auth import Assertions, Tokens
from .exports import Export, Exports
from .http import Problem, accepts_gzip, moment_parameter, new_app, sign, unsign
from .ministry import Ministry

_TYPES = ("Encounter", "Immunization")
_NDJSON = "application/fhir+ndjson"
_SCOPE = "system/*.read"
_TOKEN_FORM = {
    "grant_type": "client_credentials",
    "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    "scope": _SCOPE,
}


def describe(path: str, query: str) -> tuple[str | None, str | None]:
    """The dataset and stage of a request, for faults."""
    if path == "/fhir/$export":
        kind = parse_qs(query).get("_type", [""])[0].lower()
        return kind or None, "kickoff"
    if "/files/" in path:
        return path.rsplit("/", 1)[1].split("-")[0].lower(), "file"
    return (None, "status") if path.startswith("/fhir/jobs/") else (None, None)


class BulkData:
    """The endpoints."""

    def __init__(self, ministry: Ministry) -> None:
        secret, clock = ministry.credentials["health"], ministry.clock("health")
        self._delay = ministry.export_delay
        self._key = secret["signing_key"]
        self._assertions = Assertions(secret["client_id"], secret["public_key"], clock)
        self._exports = Exports(ministry)
        self.tokens = Tokens(self._key, secret["client_id"], clock)

    async def token(self, request: Request) -> dict[str, object]:
        """SMART Backend Services: a signed assertion for a bearer token."""
        form = {k: v[0] for k, v in parse_qs((await request.body()).decode("latin-1")).items()}
        for name, value in _TOKEN_FORM.items():
            if form.get(name) != value:
                raise Problem(400, f"{name} must be {value}")
        self._assertions.check(form.get("client_assertion", ""), f"{_base(request)}/auth/token")
        return {**self.tokens.issue(), "scope": _SCOPE}

    def configuration(self, request: Request) -> dict[str, object]:
        """Where and how to get a token."""
        return {
            "token_endpoint": f"{_base(request)}/auth/token",
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": ["RS384"],
            "scopes_supported": [_SCOPE],
        }

    def kick_off(self, request: Request) -> Response:
        """Begin an export."""
        export = _requested(request)
        self._exports.start(export)
        job = sign(self._key, [*export.as_list(), round(time.time(), 1), secrets.token_hex(4)])
        return Response(
            status_code=202, headers={"Content-Location": f"{_base(request)}/fhir/jobs/{job}"}
        )

    def status(self, request: Request, job: str) -> Response:
        """Whether an export is ready, and then where its files are."""
        export, kicked = self._job(job)
        remaining = kicked + self._delay - time.time()
        if remaining > 0 or not self._exports.is_ready(export):
            wait = str(max(1, round(remaining)))
            return Response(
                status_code=202, headers={"Retry-After": wait, "X-Progress": "preparing files"}
            )
        return JSONResponse(self._exports.manifest(export, _base(request), job))

    def delete(self, job: str) -> Response:
        """Nothing is kept for a job, so there is nothing to take away."""
        self._job(job)
        return Response(status_code=202)

    def file(self, request: Request, job: str, name: str) -> Response:
        """One file of an export."""
        export, _ = self._job(job)
        found = self._exports.file(export, name)
        if found is None:
            raise Problem(404, "no such file")
        path, digest = found
        headers = {"Vary": "Accept-Encoding"}
        if accepts_gzip(request):
            headers |= {"Content-Encoding": "gzip", "Content-Digest": digest}
            return FileResponse(path, headers=headers, media_type=_NDJSON)
        return StreamingResponse(_inflated(path), headers=headers, media_type=_NDJSON)

    def _job(self, job: str) -> tuple[Export, float]:
        """The export and kick-off time a job id stands for."""
        try:
            kinds, since, until, query, kicked, _ = unsign(self._key, job)
        except (ValueError, TypeError):
            raise Problem(404, "no such job") from None
        return Export(tuple(kinds), since, until, query), float(kicked)


def build(ministry: Ministry) -> FastAPI:
    """The application."""
    app, bulk = new_app("health"), BulkData(ministry)

    def route(path: str, endpoint: Callable[..., object], method: str, is_open: bool) -> None:
        allowed = [] if is_open else [Depends(bulk.tokens.check)]
        app.add_api_route(
            path, endpoint, methods=[method], dependencies=allowed, response_model=None
        )

    route("/auth/token", bulk.token, "POST", is_open=True)
    route("/fhir/.well-known/smart-configuration", bulk.configuration, "GET", is_open=True)
    route("/fhir/$export", bulk.kick_off, "GET", is_open=False)
    route("/fhir/jobs/{job}", bulk.status, "GET", is_open=False)
    route("/fhir/jobs/{job}", bulk.delete, "DELETE", is_open=False)
    route("/fhir/jobs/{job}/files/{name}", bulk.file, "GET", is_open=False)
    return app


def _base(request: Request) -> str:
    return f"{request.url.scheme}://{request.headers.get('host', '')}"


def _requested(request: Request) -> Export:
    """The export a kick-off asks for, or the problem with it."""
    query, headers = request.query_params, request.headers
    if "respond-async" not in headers.get("prefer", ""):
        raise Problem(400, "Prefer: respond-async is required")
    if not any(a in headers.get("accept", "*/*") for a in ("application/fhir+json", "*/*")):
        raise Problem(406, "Accept must allow application/fhir+json")
    if query.get("_outputFormat", _NDJSON).replace(" ", "+") not in (_NDJSON, "ndjson"):
        raise Problem(400, f"_outputFormat must be {_NDJSON}")
    kinds = tuple(query.get("_type", ",".join(_TYPES)).split(","))
    if unknown := [kind for kind in kinds if kind not in _TYPES]:
        raise Problem(400, f"_type cannot be {', '.join(unknown)}")
    since, until = _window(query)
    asked = {"_type": ",".join(kinds)}
    if since is not None:
        asked["_since"] = moment_text(since)
    asked |= {"_until": moment_text(until), "_outputFormat": _NDJSON}
    return Export(kinds, since, until, urlencode(asked))


def _window(query: Mapping[str, str]) -> tuple[int | None, int]:
    if "_until" not in query:
        raise Problem(400, "_until is required")
    since = moment_parameter("_since", query["_since"]) if "_since" in query else None
    until = moment_parameter("_until", query["_until"])
    if since is not None and until < since:
        raise Problem(400, "_until is before _since")
    return since, until


def _inflated(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        unpack = zlib.decompressobj(31)
        while block := file.read(1 << 18):
            yield unpack.decompress(block)
        yield unpack.flush()
