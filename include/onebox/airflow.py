"""Airflow's REST API, as far as running a day needs it."""

import itertools
import time
from collections.abc import Callable
from typing import Any

import httpx2 as httpx

ENDED = {"success", "failed"}
_PATIENCE = 300.0
"""Seconds for which a server that does not answer is asked again: a busy machine answers late."""
_AGAIN_AFTER = 2.0
_PAGE = 100
"""The most that Airflow gives at a time."""


class AirflowError(RuntimeError):
    """Airflow did not do what was asked; the message says what."""


class Airflow:
    """A signed-in client of one Airflow."""

    def __init__(self, url: str, user: str, password: str, seconds: float = 60) -> None:
        """``seconds``: that an answer may take."""
        self._client = httpx.Client(base_url=url, timeout=seconds)
        self._user, self._password = user, password

    def healthy(self) -> dict[str, str]:
        """Status of each component; everything ``starting`` while the server is not up."""
        try:
            found = self._client.get("/api/v2/monitor/health").json()
        except (httpx.HTTPError, ValueError):
            return {"api-server": "starting"}
        parts = ("metadatabase", "scheduler", "triggerer", "dag_processor")
        return {part: (found.get(part) or {}).get("status") or "starting" for part in parts}

    def sign_in(self) -> None:
        """Get a token. Raises AirflowError when user or password are refused."""
        answer = self._send(
            "POST", "/auth/token", json={"username": self._user, "password": self._password}
        )
        if answer.status_code not in (200, 201):
            raise AirflowError(f"Airflow refuses the sign-in (HTTP {answer.status_code})")
        self._client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def dag_ids(self) -> set[str]:
        """DAGs that have been parsed."""
        return {dag["dag_id"] for dag in self._get("/api/v2/dags", limit=100)["dags"]}

    def paused(self) -> set[str]:
        """DAGs that somebody has switched off."""
        found = self._get("/api/v2/dags", limit=100, paused=True)
        return {dag["dag_id"] for dag in found["dags"]}

    def unpause(self, dag_id: str) -> None:
        """Let a DAG run."""
        answer = self._send("PATCH", f"/api/v2/dags/{dag_id}", json={"is_paused": False})
        _check(answer, f"unpause {dag_id}")

    def trigger(self, dag_id: str, run_id: str, conf: dict[str, str]) -> None:
        """Start a run; one of that name which exists already, of an attempt that was answered too
        late, is left as it is."""
        answer = self._send(
            "POST",
            f"/api/v2/dags/{dag_id}/dagRuns",
            json={"dag_run_id": run_id, "logical_date": None, "conf": conf},
        )
        if answer.status_code != httpx.codes.CONFLICT:
            _check(answer, f"trigger {dag_id}")

    def states(self, run_id: str) -> dict[str, str]:
        """State of the runs of this name, by DAG."""
        found = self._get("/api/v2/dags/~/dagRuns", run_id_pattern=run_id, limit=100)
        return {
            run["dag_id"]: str(run["state"])
            for run in found["dag_runs"]
            if run["dag_run_id"] == run_id
        }

    def tasks_by_dag(self, run_id: str) -> dict[str, list[dict[str, Any]]]:
        """Task instances of the runs of this name, by DAG."""
        path = "/api/v2/dags/~/dagRuns/~/taskInstances/list"
        tasks: dict[str, list[dict[str, Any]]] = {}
        for offset in itertools.count(0, _PAGE):
            body = {"dag_run_ids": [run_id], "page_offset": offset, "page_limit": _PAGE}
            answer = self._send("POST", path, json=body)
            _check(answer, f"POST {path}")
            found = answer.json()
            for task in found["task_instances"]:
                tasks.setdefault(task["dag_id"], []).append(task)
            if offset + _PAGE >= int(found["total_entries"]):
                break
        return tasks

    def runs(self, dag_id: str) -> list[dict[str, Any]]:
        """Runs of a DAG, newest first."""
        found = self._get(f"/api/v2/dags/{dag_id}/dagRuns", order_by="-run_after", limit=20)
        return list(found["dag_runs"])

    def tasks(self, dag_id: str, run_id: str) -> list[dict[str, Any]]:
        """Task instances of a run."""
        found = self._get(f"/api/v2/dags/{dag_id}/dagRuns/{run_id}/taskInstances", limit=200)
        return list(found["task_instances"])

    def error_lines(
        self, dag_id: str, run_id: str, task: dict[str, Any], vietnamese: bool
    ) -> list[str]:
        """What the log of one of ``tasks`` says of its failure, of its last attempt, in one
        language: dean06 writes the Vietnamese text as a line, the error itself is in English."""
        found = self._get(
            f"/api/v2/dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task['task_id']}"
            f"/logs/{task['try_number']}",
            map_index=task["map_index"],
        )
        texts, errors = [], []
        for entry in found.get("content", []):
            if isinstance(entry, dict) and entry.get("level") in ("error", "critical"):
                details = entry.get("error_detail") or []
                errors += [f"{each.get('exc_type')}: {each.get('exc_value')}" for each in details]
                texts += [] if details else [str(entry.get("event"))]
        return (texts or errors) if vietnamese else (errors or texts)

    def _send(self, method: str, path: str, **content: Any) -> httpx.Response:
        """The answer, whatever it says. Raises AirflowError when none comes for five minutes.

        An error of the server (5xx) is asked again for as long: it answers so while its database
        restarts. Every request here can be sent twice.
        """
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                answer = self._client.request(method, path, **content)
                if not answer.is_server_error or time.monotonic() > deadline:
                    return answer
                time.sleep(_AGAIN_AFTER)
            except httpx.TransportError as error:
                if time.monotonic() > deadline:
                    raise AirflowError(
                        f"no response to {method} {path} for {_PATIENCE / 60:.0f} minutes "
                        f"({type(error).__name__}): see the api-server's log"
                    ) from None
                time.sleep(_AGAIN_AFTER)

    def _get(self, path: str, **params: Any) -> dict[str, Any]:
        answer = self._send("GET", path, params=params, headers={"Accept": "application/json"})
        _check(answer, f"GET {path}")
        return dict(answer.json())


def wait_until(condition: Any, seconds: float, interval: float = 1.0) -> bool:
    """Poll ``condition()`` until it is true; False when ``seconds`` have passed."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(min(interval, max(deadline - time.monotonic(), 0)))
    return False


def wait_and_say(
    condition: Callable[[], bool],
    seconds: float,
    say: Callable[[float], None],
    every: float = 60.0,
) -> bool:
    """As ``wait_until``; ``say`` is called with the seconds that have passed, each ``every`` of
    them, so that nobody takes a slow machine for a dead one."""
    begun = time.monotonic()
    while (left := begun + seconds - time.monotonic()) > 0:
        if wait_until(condition, min(every, left)):
            return True
        say(time.monotonic() - begun)
    return False


def _check(answer: httpx.Response, action: str) -> None:
    if answer.is_error:
        raise AirflowError(f"{action}: HTTP {answer.status_code} {answer.text[:300]}")
