"""The API beside the pages, at one address: pages have logins and cookies, the API has tokens."""

from starlette.types import ASGIApp, Receive, Scope, Send

from dean06.ui.paths import within

_API = "/api/"


class Beside:
    """An ASGI application that hands every request to the pages or to the API, by its path."""

    def __init__(self, pages: ASGIApp, api: ASGIApp) -> None:
        self._pages = pages
        self._api = api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on."""
        is_for_programs = scope["type"] == "http" and within(scope).startswith(_API)
        await (self._api if is_for_programs else self._pages)(scope, receive, send)
