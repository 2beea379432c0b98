"""Templates, and what every page of them knows: language, links into Airflow, the reader."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from dean06 import contract, settings
from dean06.figures import members
from dean06.kpi import family
from dean06.kpi.disclosure import rounded_to
from dean06.provinces import current
from dean06.reference import unit_names
from dean06.ui import access, language
from dean06.ui.access import Reader
from dean06.ui.language import Words

_INTO_AIRFLOW = re.compile(r"<a\b[^>]*\bdata-airflow\b[^>]*>(.*?)</a>", re.DOTALL)
_YEAR_SECONDS = 365 * 24 * 3600
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(
    request: Request, user: Reader | None, template: str, *, status_code: int = 200, **values: Any
) -> HTMLResponse:
    """A page in the reader's language, which is remembered when it was asked for."""
    spoken = language.chosen(request)
    words = Words(spoken)
    root = str(request.scope.get("root_path", ""))
    login = access.login_of(request)
    airflow = login.airflow(root)
    text = _TEMPLATES.get_template(template).render(
        w=words,
        say=words.say,
        root=root,
        airflow=airflow or "",
        path=request.url.path.removeprefix(root),
        other_language=_in_language(request, "en" if spoken == "vi" else "vi"),
        user_name=user.name if user else "",
        is_steward=user is not None and user.is_steward,
        can_log_out=user is not None and login.logs_out_here,
        logs_out_at=f"{airflow}/api/v2/auth/logout"
        if user is not None and not login.logs_out_here and airflow is not None
        else "",
        form_token=access.form_token(user) if user else "",
        **values,
    )
    response = HTMLResponse(text if airflow is not None else _without_airflow(text), status_code)
    if request.query_params.get("lang") == spoken:
        response.set_cookie(
            language.COOKIE, spoken, max_age=_YEAR_SECONDS, samesite="lax", path=root or "/"
        )
    return response


def _without_airflow(text: str) -> str:
    """The page of readers who have no account in Airflow: links into it become plain words."""
    return _INTO_AIRFLOW.sub(r"\1", text)


def _in_language(request: Request, other: str) -> str:
    """This page in the other language; of an answer to a form, the page it was sent from."""
    kept = [(k, v) for k, v in request.query_params.multi_items() if k != "lang"]
    return "?" + urlencode([*kept, ("lang", other)])


def task_path(dag_id: str, run_key: str, task_id: str | None = None) -> str:
    """Where Airflow shows a run of the DAG of that name, or one task of it."""
    path = f"/dags/{quote(current.dag_id(dag_id), safe='')}/runs/{quote(run_key, safe='')}"
    return f"{path}/tasks/{quote(task_id, safe='')}" if task_id else path


def _as_json(value: Any) -> Markup:
    """JSON fit for a script element of type application/json."""
    text = json.dumps(value, ensure_ascii=False, default=float)
    return Markup(text.replace("<", "\\u003c").replace("&", "\\u0026"))  # noqa: S704  # escaped here


_TEMPLATES.filters["as_json"] = _as_json


def _owner_of(source: str, words: Words) -> str:
    """The agency whose data a source is; of one that has no contract here, its key."""
    if source not in contract.known():
        return source
    return words.of(contract.load(source).owner)


def _dataset_label(code: str, words: Words) -> str:
    """The label of a dataset by its code, ``police.resident``; of one that has no contract here,
    the code."""
    source, _, name = code.partition(".")
    if source not in contract.known():
        return code
    return words.of(contract.load(source).dataset(name).label)


def _kpi_name(code: str, words: Words) -> str:
    """The name of a KPI; of one that no file computes any more, its code."""
    name = family.name_of(code)
    return code if name is None else words.of(name)


_TEMPLATES.globals["dag_id"] = current.dag_id
_TEMPLATES.globals["dataset_label"] = _dataset_label
_TEMPLATES.globals["kpi_name"] = _kpi_name
_TEMPLATES.globals["owner_of"] = _owner_of
_TEMPLATES.globals["breakdown_name"] = members.breakdown_name
_TEMPLATES.globals["rounded_to"] = rounded_to
_TEMPLATES.globals["target_scale"] = settings.target_scale
_TEMPLATES.globals["task_path"] = task_path
_TEMPLATES.globals["unit_full_name"] = unit_names.full_name
_TEMPLATES.globals["urlencode"] = urlencode
