"""What Airflow itself shows as failed or late, read through its REST API (``DEAN06_AIRFLOW_API``).

A task that is killed notifies nobody; Airflow still shows it as failed. That Airflow cannot be
reached, and that one of its parts stands still, are problems too. Nothing here imports Airflow.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

import httpx2 as httpx

from dean06 import settings
from dean06.details.detail import detail
from dean06.errors import Dean06Error
from dean06.provinces import current

TAG = "dean06"
"""What our DAGs are tagged with; others in the same Airflow are somebody else's."""
_PAGE = 100
"""The most that Airflow gives at a time."""
_TIMEOUT = 20.0
_NEWEST = 25
"""Runs of a DAG among which its last success is looked for."""
_ACTIVE = ("queued", "running")
_WATCHED = ("failed", "queued", "scheduled", "running")


class AirflowError(Dean06Error):
    """Airflow could not be asked; the message holds no credentials."""


@dataclass(frozen=True)
class Seen:
    """What Airflow showed at a moment of the DAGs of one province, by their names in the ledger."""

    runs: Mapping[str, tuple[Mapping[str, Any], ...]]
    """By DAG its newest runs, the newest first."""
    tasks: tuple[Mapping[str, Any], ...]
    """Of runs that did not go well, the tasks that failed, wait to start, or run."""
    unstarted: Mapping[str, datetime]
    """DAGs whose next run is due and has not begun, and since when."""
    parts: tuple[str, ...]
    """Parts of Airflow that give no sign of life: scheduler, triggerer, dag_processor."""
    unreadable: tuple[str, ...]
    """Files of DAGs that Airflow cannot read."""


def look(now: datetime) -> Seen | None:
    """Ask Airflow; None where ``DEAN06_AIRFLOW_API`` is not set. Raises AirflowError."""
    address = settings.airflow_api()
    if not address:
        return None
    place = urlsplit(address)
    host = place.netloc.rpartition("@")[2]
    base = urlunsplit((place.scheme, host, place.path.rstrip("/"), "", ""))
    try:
        with httpx.Client(base_url=base, timeout=_TIMEOUT) as client:
            return _Reader(client).look(
                now, unquote(place.username or ""), unquote(place.password or "")
            )
    except httpx.HTTPStatusError as error:
        answer = error.response
        path = answer.request.url.path
        raise AirflowError(
            detail("airflow_status", host=host, status=answer.status_code, path=path)
        ) from None
    except (httpx.HTTPError, ValueError, KeyError) as error:
        kind = type(error).__name__
        raise AirflowError(detail("airflow_unreadable", host=host, kind=kind)) from None


class _Reader:
    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def look(self, now: datetime, user: str, password: str) -> Seen:
        health = self._get("/api/v2/monitor/health")
        parts = tuple(
            part
            for part in ("metadatabase", "scheduler", "triggerer", "dag_processor")
            if (health.get(part) or {}).get("status") == "unhealthy"
        )
        answer = self._client.post(
            "/auth/token", json={"username": user, "password": password}
        ).raise_for_status()
        self._client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        dags = {
            dag["dag_id"]: dag
            for dag in self._all("/api/v2/dags", "dags", tags=TAG)
            if current.is_own_dag(dag["dag_id"])
        }
        runs = self._runs(dags)
        unstarted = _unstarted(dags.values(), runs, now)
        return Seen(
            {current.name_of_dag(dag): tuple(map(_named, found)) for dag, found in runs.items()},
            tuple(map(_named, self._tasks(runs))),
            {current.name_of_dag(dag): since for dag, since in unstarted.items()},
            parts,
            tuple(
                sorted(
                    each["filename"].rpartition("/")[2]
                    for each in self._all("/api/v2/importErrors", "import_errors")
                )
            ),
        )

    def _runs(self, dags: Iterable[str]) -> dict[str, tuple[Mapping[str, Any], ...]]:
        """The newest runs of every DAG, in one question where Airflow has few."""
        page = self._get("/api/v2/dags/~/dagRuns", order_by="-run_after", limit=_PAGE)
        by_dag: dict[str, list[Mapping[str, Any]]] = {dag: [] for dag in dags}
        for run in page["dag_runs"]:
            by_dag.get(run["dag_id"], []).append(run)
        if page["total_entries"] > _PAGE:
            for dag, found in by_dag.items():
                if not any(run["state"] == "success" for run in found):
                    path = f"/api/v2/dags/{dag}/dagRuns"
                    more = self._get(path, order_by="-run_after", limit=_NEWEST)
                    by_dag[dag] = list(more["dag_runs"])
        return {dag: tuple(found) for dag, found in by_dag.items()}

    def _tasks(
        self, runs: Mapping[str, tuple[Mapping[str, Any], ...]]
    ) -> Iterator[Mapping[str, Any]]:
        asked = {
            (dag, run["dag_run_id"])
            for dag, found in runs.items()
            for run in found
            if run["state"] != "success"
        }
        if not asked:
            return
        body = {
            "dag_ids": sorted({dag for dag, _ in asked}),
            "dag_run_ids": sorted({run for _, run in asked}),
            "state": list(_WATCHED),
            "page_limit": _PAGE,
        }
        path = "/api/v2/dags/~/dagRuns/~/taskInstances/list"
        for offset in count(0, _PAGE):
            page = self._client.post(path, json=body | {"page_offset": offset})
            found = page.raise_for_status().json()
            for task in found["task_instances"]:
                if (task["dag_id"], task["dag_run_id"]) in asked:
                    yield task
            if offset + _PAGE >= int(found["total_entries"]):
                return

    def _all(self, path: str, member: str, **params: str) -> Iterator[Mapping[str, Any]]:
        for offset in count(0, _PAGE):
            page = self._get(path, limit=_PAGE, offset=offset, **params)
            yield from page[member]
            if offset + _PAGE >= int(page["total_entries"]):
                return

    def _get(self, path: str, **params: str | int) -> dict[str, Any]:
        return dict(self._client.get(path, params=params).raise_for_status().json())


def _named(shown: Mapping[str, Any]) -> Mapping[str, Any]:
    """A run or task with the name of its DAG as the ledger has it, without the province."""
    return {**shown, "dag_id": current.name_of_dag(shown["dag_id"])}


def _unstarted(
    dags: Iterable[Mapping[str, Any]],
    runs: Mapping[str, tuple[Mapping[str, Any], ...]],
    now: datetime,
) -> dict[str, datetime]:
    found = {}
    for dag in dags:
        due = dag.get("next_dagrun_run_after")
        is_active = any(run["state"] in _ACTIVE for run in runs[dag["dag_id"]])
        if due and not dag["is_paused"] and not is_active:
            moment = datetime.fromisoformat(due)
            if moment < now - timedelta(minutes=30):
                found[dag["dag_id"]] = moment
    return found
