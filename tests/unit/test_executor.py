"""The executor of an installation on one machine forgets what the scheduler revokes."""

import pkgutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from airflow.models.taskinstancekey import TaskInstanceKey

from onebox.config import Config


def test_a_revoked_task_can_be_queued_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEAN06_HOME", str(tmp_path))
    environment = Config.read().environment("", "", "2022-10-31")
    executor = pkgutil.resolve_name(environment["AIRFLOW__CORE__EXECUTOR"])(parallelism=2)
    lost = TaskInstanceKey("sync_health", "immunization.wait_for_export", "a run")
    kept = TaskInstanceKey("sync_health", "encounter.wait_for_export", "a run")
    executor.running |= {lost, kept}
    executor.revoke_task(ti=SimpleNamespace(key=lost, id="an id"))
    assert executor.running == {kept}
