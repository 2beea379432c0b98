"""Who asks, and what they may see, whoever knows them: Airflow, or an OpenID Connect provider.

All readers see the pages, which hold no record of a person. A quarantined record is for stewards;
held KPIs are decided by releasers. Forms carry a token of their reader, and browsers must say that
they come from these pages.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Protocol
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, HTTPException, Request, status
from itsdangerous import BadSignature, URLSafeTimedSerializer

from dean06 import settings

NOT_OF_PROVINCE = (
    "you are not allowed to see the data of this province"
    " | tài khoản không được phân quyền xem dữ liệu của tỉnh này"
)
_FORM_SECONDS = 8 * 3600
"""A form may lie open for a working day."""


@dataclass(frozen=True)
class Reader:
    """Somebody who may see the pages."""

    name: str
    """What audit rows are signed with."""
    is_steward: bool
    """Whether they may read quarantined records and have them replayed."""
    is_releaser: bool
    """Whether they may decide on held KPIs."""


class Login(Protocol):
    """What the pages have to know of the login they stand behind."""

    @property
    def routes(self) -> APIRouter | None:
        """Pages of its own, open to everybody; None: it has none here."""

    @property
    def logs_out_here(self) -> bool:
        """Whether its own pages end a login; else Airflow does."""

    async def reader(self, request: Request, /) -> Reader:
        """Who asks. Raises HTTPException: 401 for nobody, 403 for whom the pages are not meant."""

    def url(self, path: str) -> str:
        """Where a browser without a login is sent, and back from to the path."""

    def airflow(self, root: str, /) -> str | None:
        """The address of Airflow for pages mounted at ``root``; None: no link leads there."""


def login_of(request: Request) -> Login:
    """The login that the pages stand behind."""
    login: Login = request.app.state.login
    return login


async def reader(request: Request) -> Reader:
    """Dependency of every page: who asks."""
    return await login_of(request).reader(request)


ReaderDep = Annotated[Reader, Depends(reader)]


def steward(user: ReaderDep) -> str:
    """Dependency of a steward's pages: their name. Refuses everybody else with 403."""
    if not user.is_steward:
        raise HTTPException(
            status.HTTP_403_FORBIDDEN,
            "only stewards may see records | chỉ cán bộ xử lý dữ liệu được xem bản ghi",
        )
    return user.name


def releaser(user: ReaderDep) -> str:
    """Dependency of deciding on held KPIs: the reader's name. Refuses everybody else with 403."""
    if not user.is_releaser:
        raise HTTPException(
            status.HTTP_403_FORBIDDEN,
            "you are not allowed to release held KPI builds | tài khoản không có quyền duyệt công "
            "bố",
        )
    return user.name


def form_token(user: Any) -> str:
    """What a form of this reader carries."""
    return _signer().dumps(user.name)


def from_own_form(
    request: Request, user: ReaderDep, token: Annotated[str, Form(alias="form_token")] = ""
) -> None:
    """Dependency of every POST: refuses with 403 what was not sent from a form of this reader."""
    origin = request.headers.get("origin")
    is_own = origin is None or urlsplit(origin).netloc == request.headers.get("host")
    if not is_own or request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise HTTPException(
            status.HTTP_403_FORBIDDEN,
            "the form was sent from another site | biểu mẫu được gửi từ trang web khác",
        )
    try:
        signed_for = _signer().loads(token, max_age=_FORM_SECONDS)
    except BadSignature:
        signed_for = None
    if signed_for != user.name:
        raise HTTPException(
            status.HTTP_403_FORBIDDEN,
            "the form is from another login or has expired: reload the page"
            " | biểu mẫu không thuộc phiên đăng nhập này hoặc đã hết hạn; đề nghị tải lại trang",
        )


def login_url(request: Request) -> str:
    """Where a browser without a login is sent, and back from: a path of this server, whatever the
    request calls it (``Host``)."""
    path = f"{request.url.path}?{request.url.query}".removesuffix("?")
    return login_of(request).url(path)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        settings.pages_secret() or _secret_of_airflow(), salt="dean06-form"
    )


def _secret_of_airflow() -> str:
    from airflow.configuration import conf

    return str(conf.get("api", "secret_key"))


PageDep = Depends(reader)
StewardDep = Annotated[str, Depends(steward)]
ReleaserDep = Annotated[str, Depends(releaser)]
OwnFormDep = Depends(from_own_form)
