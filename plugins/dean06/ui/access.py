"""Who asks, and what they may see: Airflow's own login, roles and permissions.

Everybody who may see plugins in Airflow sees the pages; they hold no record of a person. A
quarantined record is for stewards: users whose role has the permission ``can_read`` on the resource
``dean06_quarantine_payload`` (docs/decisions/0020). Forms carry a token of their user, and browsers
must say that they come from these pages.
"""

from typing import Annotated, Any
from urllib.parse import urlsplit

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.resource_details import AccessView
from airflow.api_fastapi.auth.managers.simple.simple_auth_manager import SimpleAuthManager
from airflow.api_fastapi.core_api.security import GetUserDep, requires_access_view
from airflow.configuration import conf
from fastapi import Depends, Form, HTTPException, Request, status
from itsdangerous import BadSignature, URLSafeTimedSerializer

STEWARD_RESOURCE = "dean06_quarantine_payload"
"""Resource of Airflow's role permissions; ``can_read`` on it makes a steward."""
RELEASE_RESOURCE = "dean06_kpi_release"
"""Resource of Airflow's role permissions; with ``can_read`` on it people release held KPIs."""

_FORM_SECONDS = 8 * 3600
"""A form may lie open for a working day."""

may_see_pages = requires_access_view(AccessView.PLUGINS)
"""Dependency of every page: 401 without a login, 403 without the permission on plugins."""


def name_of(user: Any) -> str:
    """The user as Airflow shows them; what audit rows are signed with."""
    return str(user.get_name())


def is_steward(user: Any) -> bool:
    """Whether a user may read quarantined records and have them replayed.

    The simple auth manager knows no permissions of its own: there operators and administrators
    are stewards, who could read the warehouse's credentials anyway.
    """
    return _may(user, STEWARD_RESOURCE)


def is_releaser(user: Any) -> bool:
    """Whether a user may approve the release of held KPIs; simple auth manager: as stewards."""
    return _may(user, RELEASE_RESOURCE)


def _may(user: Any, resource: str) -> bool:
    manager = get_auth_manager()
    if isinstance(manager, SimpleAuthManager):
        return bool(manager.is_authorized_connection(method="PUT", user=user))
    return bool(manager.is_authorized_custom_view(method="GET", resource_name=resource, user=user))


def steward(user: GetUserDep) -> str:
    """Dependency of a steward's pages: their name. Refuses everybody else with 403."""
    if not is_steward(user):
        raise HTTPException(status.HTTP_403_FORBIDDEN, "only stewards may see records")
    return name_of(user)


def releaser(user: GetUserDep) -> str:
    """Dependency of deciding on held KPIs: the user's name. Refuses everybody else with 403."""
    if not is_releaser(user):
        raise HTTPException(status.HTTP_403_FORBIDDEN, "you may not release held KPIs")
    return name_of(user)


def form_token(user: Any) -> str:
    """What a form of this user carries."""
    return _signer().dumps(name_of(user))


def from_own_form(
    request: Request, user: GetUserDep, token: Annotated[str, Form(alias="form_token")] = ""
) -> None:
    """Dependency of every POST: refuses with 403 what was not sent from a form of this user."""
    origin = request.headers.get("origin")
    is_own = origin is None or urlsplit(origin).netloc == request.headers.get("host")
    if not is_own or request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise HTTPException(status.HTTP_403_FORBIDDEN, "sent from another site")
    try:
        signed_for = _signer().loads(token, max_age=_FORM_SECONDS)
    except BadSignature:
        signed_for = None
    if signed_for != name_of(user):
        raise HTTPException(status.HTTP_403_FORBIDDEN, "the form is not yours or too old: reload")


def login_url(request: Request) -> str:
    """Where a browser without a login is sent, and back from: a path of this server, whatever the
    request calls it (``Host``)."""
    path = f"{request.url.path}?{request.url.query}".removesuffix("?")
    return str(get_auth_manager().get_url_login(next_url=path))


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(conf.get("api", "secret_key"), salt="dean06-form")


PageDep = Depends(may_see_pages)
StewardDep = Annotated[str, Depends(steward)]
ReleaserDep = Annotated[str, Depends(releaser)]
OwnFormDep = Depends(from_own_form)
