"""Readers of the pages served by themselves: whoever an OpenID Connect provider says they are.

Authorization code flow with PKCE. The provider's token is checked when somebody logs in and then
forgotten; a signed cookie keeps the name and the roles for an hour, so a role that is taken away at
the provider is gone an hour later.
"""

import time
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import quote

from authlib.integrations.starlette_client import OAuth, OAuthError
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response
from httpx2 import HTTPError
from joserfc.errors import JoseError

from dean06 import settings
from dean06.errors import Dean06Error
from dean06.provinces import current
from dean06.ui import rendering
from dean06.ui.access import NOT_OF_PROVINCE, OwnFormDep, Reader

SESSION_SECONDS = 3600
READER, STEWARD, RELEASER, ADMIN = (
    "dean06_reader", "dean06_steward", "dean06_releaser", "dean06_admin",
)  # fmt: skip
"""Roles, as the provider's claim names them; an admin is steward and releaser. ``dean06_steward``
holds in each province of the claim ``province``, ``dean06_steward:82`` in that one only."""
_UNREACHABLE = (
    "the login provider does not answer: try again in a minute"
    " | dịch vụ đăng nhập không phản hồi; đề nghị thử lại sau một phút"
)


class OpenIdLogin:
    """Whoever the provider of ``DEAN06_OIDC_ISSUER`` knows and gives a role of dean06."""

    logs_out_here = True

    def __init__(self) -> None:
        issuer = settings.oidc_issuer()
        if not issuer.startswith(("https://", "http://localhost:", "http://127.0.0.1:")):
            raise Dean06Error("DEAN06_OIDC_ISSUER must be an https address")
        self._provider = OAuth().register(
            "provider",
            server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
            client_id=settings.oidc_client_id(),
            client_secret=settings.oidc_client_secret(),
            client_kwargs={"scope": settings.oidc_scope(), "code_challenge_method": "S256"},
        )
        self.routes = APIRouter()
        self.routes.get("/login")(self._begin)
        self.routes.get("/login/back")(self._end)
        self.routes.get("/login/out")(_logged_out)
        self.routes.post("/logout", dependencies=[OwnFormDep])(_log_out)

    async def reader(self, request: Request) -> Reader:
        """Who asks, by the cookie. Raises HTTPException with 401 without a fresh one."""
        kept = request.session.get("reader", {})
        # A cookie of an earlier version has no roles.
        if kept.get("until", 0) < time.time() or "roles" not in kept:
            raise HTTPException(401, "not logged in | chưa đăng nhập")
        return _reader_here(kept["name"], kept["roles"], kept["provinces"])

    def url(self, path: str) -> str:
        """The page that leads to the provider, and back to the path."""
        return f"/login?next={quote(path, safe='')}"

    def airflow(self, _: str) -> str | None:
        """Airflow where it is named for the readers; else no link leads to it."""
        return settings.airflow_url() or None

    async def _begin(self, request: Request, next: str = "/") -> Response:  # noqa: A002  # in the URL
        request.session.clear()
        request.session["next"] = next if _is_local(next) else "/"
        try:
            answer: Response = await self._provider.authorize_redirect(
                request, f"{settings.pages_url().rstrip('/')}/login/back"
            )
        except HTTPError:
            raise HTTPException(503, _UNREACHABLE) from None
        return answer

    async def _end(self, request: Request) -> Response:
        try:
            token = await self._provider.authorize_access_token(request)
            claims = dict(token.get("userinfo") or {})
            if _claim(claims, settings.oidc_roles_claim()) is None:
                claims |= await self._provider.userinfo(token=token)
        except HTTPError:
            raise HTTPException(503, _UNREACHABLE) from None
        except (OAuthError, JoseError):
            # What the provider or the browser sent is not repeated.
            raise HTTPException(
                403, "the login failed: try again | đăng nhập không thành công; đề nghị thử lại"
            ) from None
        found = reader_of(claims)
        path = request.session.get("next", "/")
        request.session.clear()
        request.session["reader"] = {
            "name": found.name,
            "roles": sorted(_roles(claims)),
            "provinces": sorted(_provinces(claims)),
            "until": int(time.time()) + SESSION_SECONDS,
        }
        return RedirectResponse(path, status_code=303)


def reader_of(claims: Mapping[str, Any]) -> Reader:
    """The reader that claims speak of. Raises HTTPException with 403 without a name, a role of
    dean06, or the province that these pages are of."""
    name = _claim(claims, settings.oidc_name_claim())
    if not isinstance(name, str) or not name.strip():
        claim = settings.oidc_name_claim()
        raise HTTPException(
            403,
            f"your login has no {claim}: ask the administrator of the login service"
            f" | tài khoản thiếu thông tin {claim}; liên hệ người quản trị dịch vụ đăng nhập",
        )
    return _reader_here(name, _roles(claims), _provinces(claims))


def _reader_here(name: str, roles: Collection[str], provinces: Collection[str]) -> Reader:
    """A reader with the rights that they have in the province whose pages are asked for. Raises
    HTTPException with 403 where they have none."""
    if current.are_several() and not current.key():
        is_any, here = bool(roles), set[str]()  # the page on which they choose a province
    else:
        province = settings.oidc_province()
        if province and province not in provinces:
            raise HTTPException(403, NOT_OF_PROVINCE)
        parts = (role.partition(":") for role in roles)
        here = {role for role, mark, code in parts if not mark or code == province}
        is_any = bool(here)
    if not is_any:
        raise HTTPException(
            403,
            f"you need a dean06 role, such as {READER}: ask the administrator of the login service"
            f" | tài khoản chưa có vai trò của dean06, ví dụ {READER}; liên hệ người quản trị "
            "dịch vụ đăng nhập",
        )
    return Reader(name, bool(here & {STEWARD, ADMIN}), bool(here & {RELEASER, ADMIN}))


def _roles(claims: Mapping[str, Any]) -> set[str]:
    """The roles of dean06 among those of the claim."""
    named = _listed(_claim(claims, settings.oidc_roles_claim()))
    ours = {READER, STEWARD, RELEASER, ADMIN}
    return {role for role in named if role.partition(":")[0] in ours}


def _provinces(claims: Mapping[str, Any]) -> set[str]:
    return _listed(claims.get("province"))


def _claim(claims: Mapping[str, Any], path: str) -> Any:
    """A claim, or one within others: ``realm_access.roles``."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _listed(value: Any) -> set[str]:
    """One text, texts set apart by spaces, or a list of them."""
    texts = value.split() if isinstance(value, str) else value if isinstance(value, list) else []
    return {text for text in texts if isinstance(text, str)}


def _is_local(path: str) -> bool:
    """Whether a browser takes it for a path of this server, and nothing else."""
    return path.startswith("/") and not path.startswith("//") and not set(path) & set("\\\r\n\t")


async def _log_out(request: Request) -> Response:
    request.session.clear()
    return RedirectResponse("/login/out", status_code=303)


def _logged_out(request: Request) -> Response:
    return rendering.page(request, None, "logged_out.html")
