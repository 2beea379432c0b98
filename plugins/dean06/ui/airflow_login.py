"""Readers of the pages inside Airflow: its own login, roles and permissions.

Everybody who may see plugins in Airflow sees the pages. A steward's role has the permission
``can_read`` on the resource ``dean06_quarantine_payload`` (docs/decisions/0020).
"""

from typing import Any

from airflow.api_fastapi.app import get_auth_manager, get_cookie_path
from airflow.api_fastapi.auth.managers.models.resource_details import (
    AccessView,
    DagAccessEntity,
)
from airflow.api_fastapi.auth.managers.simple.simple_auth_manager import SimpleAuthManager
from airflow.api_fastapi.core_api.security import (
    bearer_scheme,
    get_user,
    is_safe_url,
    requires_access_view,
)
from airflow.configuration import conf
from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse, Response

from dean06.provinces import current
from dean06.ui import rendering
from dean06.ui.access import NOT_OF_PROVINCE, Reader

STEWARD_RESOURCE = "dean06_quarantine_payload"
"""Resource of Airflow's role permissions; ``can_read`` on it makes a steward."""
RELEASE_RESOURCE = "dean06_kpi_release"
"""Resource of Airflow's role permissions; with ``can_read`` on it people release held KPIs."""

PAGES_RESOURCE = "dean06_pages"
"""Resource of Airflow's role permissions, with the key of a province behind it; with ``can_read``
on it people see the pages of that province. Not asked for where there is only one."""

may_see_pages = requires_access_view(AccessView.PLUGINS)
"""Raises HTTPException (403) for a user without the permission on plugins."""


class AirflowLogin:
    """Whoever Airflow knows."""

    logs_out_here = False

    def __init__(self) -> None:
        self.routes = APIRouter()
        self.routes.get("/login")(_login)

    async def reader(self, request: Request) -> Reader:
        """Who asks. Raises HTTPException: 401 without a login, 403 without the permission on
        plugins."""
        user = await get_user(request, None, await bearer_scheme(request))
        may_see_pages(request, user)
        _require_province(user)
        return reader_of(user)

    def url(self, path: str) -> str:
        """Airflow's login, which leads back to the path."""
        return str(get_auth_manager().get_url_login(next_url=path))

    def airflow(self, root: str) -> str:
        """Airflow itself, around the pages."""
        return root.removesuffix(f"/{current.key()}").removesuffix("/dean06")


def has_own_form() -> bool:
    """Whether the login page of these pages stands in for Airflow's, which is in English only with
    the simple auth manager."""
    all_admins = conf.getboolean("core", "simple_auth_manager_all_admins", fallback=False)
    return isinstance(get_auth_manager(), SimpleAuthManager) and not all_admins


def _login(request: Request, next: str = "") -> Response:  # noqa: A002  # in the URL
    """The form for user and password in the reader's language, and back to where they came from."""
    base = str(request.scope.get("root_path", "")).removesuffix("/dean06")
    back = next if next and _leads_back(next, request) else f"{base}/"
    if not has_own_form():
        return RedirectResponse(str(get_auth_manager().get_url_login(next_url=back)), 303)
    return rendering.page(request, None, "login.html", back=back, cookie_path=get_cookie_path())


def _leads_back(url: str, request: Request) -> bool:
    """Whether a URL is of this site; what is none is not."""
    try:
        return is_safe_url(url, request)
    except ValueError:
        return False


def reader_of(user: Any) -> Reader:
    """A user of Airflow as a reader, named as Airflow names them."""
    return Reader(
        str(user.get_name()),
        _may(user, resource_of(STEWARD_RESOURCE)),
        _may(user, resource_of(RELEASE_RESOURCE)),
    )


def resource_of(resource: str) -> str:
    """A resource of the province that is acted for; as it is where there is only one."""
    return f"{resource}_{current.key()}" if current.key() else resource


def _require_province(user: Any) -> None:
    """Refuse with 403 who may not see the province that is acted for."""
    manager = get_auth_manager()
    if not current.key() or isinstance(manager, SimpleAuthManager):
        return
    resource = resource_of(PAGES_RESOURCE)
    if not manager.is_authorized_custom_view(method="GET", resource_name=resource, user=user):
        raise HTTPException(403, NOT_OF_PROVINCE)


def is_operator(user: Any) -> bool:
    """Whether a user may start runs of a DAG; everybody else reads."""
    return bool(
        get_auth_manager().is_authorized_dag(
            method="POST", access_entity=DagAccessEntity.RUN, user=user
        )
    )


def _may(user: Any, resource: str) -> bool:
    """The simple auth manager knows no permissions of its own: there operators and administrators
    are stewards and release KPIs, who could read the warehouse's credentials anyway."""
    manager = get_auth_manager()
    if isinstance(manager, SimpleAuthManager):
        return bool(manager.is_authorized_connection(method="PUT", user=user))
    return bool(manager.is_authorized_custom_view(method="GET", resource_name=resource, user=user))
