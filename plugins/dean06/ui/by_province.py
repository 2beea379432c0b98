"""Pages of several provinces: those of each stand below its key, ``/long_an/kpis``, and are shown
to its readers only. What has no key leads a reader to the province, or asks for which one."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from dean06.errors import Dean06Error
from dean06.provinces import current, files
from dean06.ui import access, rendering
from dean06.ui.paths import within

log = logging.getLogger(__name__)

_OF_NOBODY = ("/login", "/logout", "/static/")
"""Paths that are of no province."""
Answer = Callable[[Request, Exception], Response]


@contextmanager
def acting_for(scope: Scope) -> Iterator[str]:
    """Act for the province that the path of a request names; its key, empty if it names none.

    Raises HTTPException (503) where its file is wrong; what is wrong is for the log, since nobody
    has been asked yet who they are.
    """
    key = within(scope).partition("/")[2].partition("/")[0]
    if not (current.are_several() and files.has(key)):
        yield ""
        return
    try:
        province = files.read(key)
    except Dean06Error as error:
        log.error("%s", error)
        raise HTTPException(
            503,
            "the settings of this province cannot be read: notify the administrator"
            " | không đọc được cấu hình của tỉnh này; báo cho người quản trị",
        ) from None
    with current.acting_for(province):
        yield key


class ByProvince:
    """An ASGI application around the pages: acts for the province that the path names.

    ``refused`` answers what cannot be shown.
    """

    def __init__(self, pages: FastAPI, refused: Answer) -> None:
        self._pages = pages
        self.state = pages.state
        self._refused = refused

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on; as it is where there is one province only."""
        is_of_nobody = scope["type"] != "http" or within(scope).startswith(_OF_NOBODY)
        if is_of_nobody or not current.are_several():
            await self._pages(scope, receive, send)
            return
        try:
            with acting_for(scope) as key:
                if key:
                    below = f"{scope.get('root_path', '')}/{key}"
                    await self._pages({**scope, "root_path": below}, receive, send)
                    return
            answer = await self._chosen(Request({**scope, "app": self._pages}))
            await answer(scope, receive, send)
        except HTTPException as refusal:
            answer = self._refused(Request({**scope, "app": self._pages}), refusal)
            await answer(scope, receive, send)

    async def _chosen(self, request: Request) -> Response:
        """The same page of the reader's province, or a list of theirs. Raises HTTPException: 401
        for nobody, 403 for a reader of none, 404 for a form."""
        if request.method not in ("GET", "HEAD"):
            raise HTTPException(404)
        user = await access.reader(request)
        mine = await _provinces_of(request)
        if not mine:
            raise HTTPException(
                403,
                "you are not assigned to any province: ask the administrator"
                " | tài khoản chưa được phân quyền xem tỉnh nào; liên hệ người quản trị",
            )
        root = str(request.scope.get("root_path", ""))
        path = within(request.scope)
        if len(mine) == 1:
            return RedirectResponse(f"{root}/{next(iter(mine))}{path}", status_code=303)
        return rendering.page(request, user, "provinces.html", provinces=mine)


async def _provinces_of(request: Request) -> dict[str, str]:
    """Names of the provinces that the reader may see, by key."""
    found = {}
    for key in files.all_keys():
        try:
            with current.acting(key):
                await access.reader(request)
                found[key] = current.name()
        except (HTTPException, Dean06Error):
            continue  # not theirs, or its file is wrong
    return found
