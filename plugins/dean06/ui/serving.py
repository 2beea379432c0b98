"""The pages without Airflow around them, and the API: ``python -m dean06 serve``."""

from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.types import ASGIApp

from dean06 import settings
from dean06.api import application as api
from dean06.errors import Dean06Error
from dean06.ui import application
from dean06.ui.beside import Beside
from dean06.ui.openid_login import SESSION_SECONDS, OpenIdLogin

_SHORTEST_SECRET = 32


def create() -> ASGIApp:
    """The same application as inside Airflow, behind an OpenID Connect login.

    Raises Dean06Error naming the setting that is missing or too weak.
    """
    secret = settings.pages_secret()
    if len(secret) < _SHORTEST_SECRET:
        raise Dean06Error(
            f"DEAN06_PAGES_SECRET must have {_SHORTEST_SECRET} characters or more; it signs logins"
        )
    pages = SessionMiddleware(
        application.create(OpenIdLogin()),
        secret_key=secret,
        session_cookie="dean06_session",
        max_age=SESSION_SECONDS,
        same_site="lax",
        https_only=settings.pages_url().startswith("https://"),
    )
    # As Airflow does. The length gives nothing away: the one secret of a page, the token of its
    # forms, is another one each second.
    return GZipMiddleware(Beside(pages, api.create()), minimum_size=1024, compresslevel=5)


def run(host: str, port: int) -> None:
    """Serve until stopped. Requests are not logged: an address of the login holds a code."""
    import uvicorn

    uvicorn.run(create(), host=host, port=port, access_log=False, log_level="warning")
