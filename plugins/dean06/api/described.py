"""What the OpenAPI description says of every route beside its own answer."""

from typing import Any

from fastapi import FastAPI, Request

from dean06.api.problems import MEDIA_TYPE
from dean06.api.schemas import ProblemDocument

_PROBLEMS = {
    400: "The resource does not have this parameter, or it occurs twice or has an invalid value.",
    401: "No valid token.",
    403: "The token lacks the scope.",
    406: "The Accept header of the request allows none of the available formats.",
    429: "Too many requests; see Retry-After.",
    500: "A program error.",
    503: "The data cannot be read now.",
}
_TAGGED = {"ETag": {"schema": {"type": "string"}, "description": "To send in If-None-Match."}}
_IF_NONE_MATCH = {
    "name": "If-None-Match", "in": "header", "required": False, "schema": {"type": "string"},
    "description": "ETag of an earlier response; the status is 304 if nothing has changed.",
}  # fmt: skip
Responses = dict[int | str, dict[str, Any]]


def problems(*further: int) -> Responses:
    """The refusals that a route can send."""
    texts = {**_PROBLEMS, **dict.fromkeys(further, "No such resource.")}
    schema = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}}
    found: Responses = {304: {"description": "Not changed.", "headers": _TAGGED}}
    for status, text in texts.items():
        found[status] = {"description": text, "content": schema}
    return found


def listed(*further: int) -> Responses:
    """As ``problems``, of a list, which is also available as CSV."""
    columns = {"text/csv": {"schema": {"type": "string"}}}
    link = {"Link": {"schema": {"type": "string"}, "description": 'rel="next": the next page.'}}
    return problems(*further) | {
        200: {"description": "A page.", "content": columns, "headers": {**_TAGGED, **link}}
    }


def parameters(request: Request) -> list[str]:
    """The query parameters of the resource that is asked for."""
    path = description(request.app)["paths"][request.scope["route"].path_format]
    return [each["name"] for each in path["get"]["parameters"] if each["in"] == "query"]


def description(api: FastAPI) -> dict[str, Any]:
    """The OpenAPI 3.1 description, without what FastAPI supposes and this API does not send."""
    if api.openapi_schema:
        return api.openapi_schema
    found = FastAPI.openapi(api)
    schemas = found["components"]["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["ProblemDocument"] = ProblemDocument.model_json_schema()
    for path in found["paths"].values():
        for operation in path.values():
            operation["responses"].pop("422", None)
            operation.setdefault("parameters", []).append(_IF_NONE_MATCH)
    return found
