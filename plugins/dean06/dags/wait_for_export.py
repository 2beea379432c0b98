"""Waiting for an asynchronous export in the triggerer: no worker slot is held meanwhile.

A ready export ends the task there and then. Were the task queued again for its result, an export
that is ready at once would have it queued before a busy scheduler has read that its first part
ended; Airflow takes that for a failure and spends one of its tries.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

from airflow.sdk import BaseOperator
from airflow.sdk.definitions.context import Context
from airflow.triggers.base import BaseTrigger, TaskSuccessEvent, TriggerEvent
from asgiref.sync import sync_to_async

from dean06 import contract
from dean06.dags.noted import noting_failure
from dean06.details.detail import restored
from dean06.errors import (
    ContractError,
    Dean06Error,
    ExportExpiredError,
    LoginError,
    SourceError,
    WarehouseError,
)
from dean06.load.connections import endpoint_of
from dean06.provinces import current
from dean06.wire.answers import RefusedError

_READY = TaskSuccessEvent()
_KINDS = {
    kind.__name__: kind
    for kind in (
        ContractError, ExportExpiredError, LoginError, RefusedError, SourceError, WarehouseError,
    )
}  # fmt: skip
"""What the wait can end with, by the name in the event; of others their nearest base."""


class WaitForExport(BaseOperator):
    """Defers until the source says that the run's export can be fetched."""

    def __init__(self, *, source: str, dataset: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.source = source
        self.dataset = dataset
        self.province = current.key()

    def execute(self, context: Context) -> None:
        """Hand the wait over to the triggerer at once."""
        self.defer(
            trigger=ExportTrigger(self.source, self.dataset, str(context["run_id"]), self.province),
            method_name="execute_complete",
            timeout=timedelta(hours=2),
        )

    def execute_complete(self, context: Context, event: Any) -> None:
        """Fail with what the source said; only ``dag.test`` comes here with a ready export."""
        if event == _READY.payload:
            return
        with noting_failure(context):
            found = event.get("detail") or {}
            said = restored(found.get("code"), found.get("parameters")) or event["cause"]
            raise _KINDS.get(event["kind"], Dean06Error)(said)


def _event(error: Dean06Error) -> dict[str, Any]:
    """What the triggerer hands to the task; the detail for the ledger, which keeps it by code."""
    found = error.detail
    coded = {"code": found.code, "parameters": found.stored()} if found else None
    bases = (kind.__name__ for kind in type(error).__mro__)
    kind = next((name for name in bases if name in _KINDS), None)
    return {"kind": kind, "cause": str(error), "detail": coded}


class ExportTrigger(BaseTrigger):
    """Asks the source at the pace it sets; its arguments are identifiers only."""

    def __init__(self, source: str, dataset: str, run_key: str, province: str = "") -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.source = source
        self.dataset = dataset
        self.run_key = run_key
        self.province = province

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """As Airflow stores it."""
        return (
            "dean06.dags.wait_for_export.ExportTrigger",
            {
                "source": self.source,
                "dataset": self.dataset,
                "run_key": self.run_key,
                "province": self.province,
            },
        )

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Yield one event when the export is ready or cannot become so."""
        try:
            # Polling is the protocol: FHIR Bulk Data has no callback.
            while wait := await sync_to_async(self._wait)():  # noqa: ASYNC110
                await asyncio.sleep(wait)
        except Dean06Error as error:
            yield TriggerEvent(_event(error))
        else:
            yield _READY

    def _wait(self) -> float:
        from dean06.load.extract import export_wait

        dataset = contract.load(self.source).dataset(self.dataset)
        # The triggerer waits for many provinces in one process.
        with current.acting(self.province):
            return export_wait(endpoint_of(self.source), dataset, self.run_key)
