"""The pages of dean06 inside Airflow: mounted at /dean06, behind Airflow's login, in its menu. The
API is beside them, behind tokens of its own."""

from functools import cache
from typing import Any
from urllib.parse import urlsplit

from airflow.configuration import conf
from airflow.plugins_manager import AirflowPlugin

_BASE = urlsplit(conf.get("api", "base_url", fallback=None) or "/").path.rstrip("/")


async def pages(scope: Any, receive: Any, send: Any) -> None:
    """The pages, made when first asked for: Airflow reads this file in every process it starts."""
    await _application()(scope, receive, send)


@cache
def _application() -> Any:
    from dean06.api import application as api
    from dean06.ui import application
    from dean06.ui.airflow_login import AirflowLogin
    from dean06.ui.beside import Beside

    return Beside(application.create(AirflowLogin()), api.create())


def bounded(airflow: Any) -> Any:
    """Airflow with a bound on what it reads of anybody's request, and a start page that depends on
    who is logged in."""
    from dean06.ui.gate import Bounded
    from dean06.ui.landing import Landing

    return Bounded(Landing(airflow))


class Dean06Plugin(AirflowPlugin):
    """Today, KPIs, Quality."""

    name = "dean06"
    fastapi_apps = [{"app": pages, "url_prefix": "/dean06", "name": "dean06"}]  # noqa: RUF012  # as Airflow declares it
    fastapi_root_middlewares = [{"middleware": bounded, "name": "dean06"}]  # noqa: RUF012
    external_views = [  # noqa: RUF012
        {
            "name": name,
            "href": f"{_BASE}/dean06/{page}",
            "destination": "nav",
            "url_route": f"dean06-{page}",
            "icon": f"{_BASE}/dean06/static/{page}.svg",
            "icon_dark_mode": f"{_BASE}/dean06/static/{page}-dark.svg",
            "nav_top_level": True,
        }
        for name, page in (
            ("Hôm nay", "today"),
            ("Chỉ tiêu", "kpis"),
            ("Chất lượng", "quality"),
        )
    ]
