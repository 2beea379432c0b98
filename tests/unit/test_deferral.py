"""Waiting for an export: what the trigger tells Airflow."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowFailException
from airflow.triggers.base import TaskSuccessEvent, TriggerEvent

from dean06.dags.wait_for_export import ExportTrigger, WaitForExport
from dean06.errors import (
    ContractError,
    Dean06Error,
    ExportExpiredError,
    InconsistentDeliveryError,
    LoginError,
    SourceError,
    WarehouseError,
)
from dean06.wire.answers import RefusedError


def _first_event(monkeypatch: pytest.MonkeyPatch, wait: Any) -> TriggerEvent:
    trigger = ExportTrigger("health", "encounter", "run")
    monkeypatch.setattr(trigger, "_wait", wait)

    async def first() -> TriggerEvent:
        return await anext(trigger.run())

    return asyncio.run(first())


def test_a_ready_export_ends_the_task_without_another_turn_in_a_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert isinstance(_first_event(monkeypatch, lambda: 0.0), TaskSuccessEvent)


@pytest.mark.parametrize(
    ("error", "ends_with"),
    [
        (SourceError, SourceError),
        (LoginError, LoginError),
        (WarehouseError, WarehouseError),
        (ExportExpiredError, ExportExpiredError),
        (InconsistentDeliveryError, SourceError),
        (ContractError, AirflowFailException),
        (RefusedError, AirflowFailException),
        (Dean06Error, Dean06Error),
    ],
)
def test_a_failed_export_fails_the_task_with_its_cause(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception], ends_with: type[Exception]
) -> None:
    def refuse() -> float:
        raise error("said so")

    event = _first_event(monkeypatch, refuse)
    waiting = WaitForExport(task_id="wait", source="health", dataset="encounter")
    task: Any = SimpleNamespace(dag_id="sync_health", task_id="wait", run_id="run")
    with pytest.raises(ends_with, match="said so") as failed:
        waiting.execute_complete({"ti": task}, event.payload)
    assert ends_with is AirflowFailException or type(failed.value) is ends_with
    assert ends_with is not AirflowFailException or error.__name__ in str(failed.value)
