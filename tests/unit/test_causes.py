"""Every error says in both languages what helps, and only what may pass by itself is retried."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from dean06 import settings
from dean06.dags.noted import noting_failure
from dean06.errors import RETRIED, Cause, SourceError, code_of, is_retried
from dean06.failures.causes import explain
from tests.lib.errors import every_error, made

OF_A_SOURCE = {
    Cause.SOURCE_UNAVAILABLE, Cause.LOGIN_REFUSED, Cause.REQUEST_REFUSED,
    Cause.DELIVERY_INCONSISTENT, Cause.EXPORT_EXPIRED, Cause.CONTRACT_BROKEN, Cause.FIELD_MISSING,
    Cause.MANIFEST_MISMATCH, Cause.BATCH_HELD,
}  # fmt: skip
"""Causes that an agency or its system can remove."""
ABOUT_SOURCES = {
    "en": re.compile(r"\b(source|agency|export|delivery)\b", re.I),
    "vi": re.compile(r"nguồn|cơ quan|kết xuất|đợt dữ liệu"),
}


def test_what_no_retry_can_mend_is_not_retried_whichever_error_it_is() -> None:
    """By what the operations guide says about each: who waits, waits; who must act, acts."""
    hopeless = {
        "AlreadyDecidedError", "AuditError", "AwaitsApprovalError", "BatchHeldError",
        "ConnectionSettingError", "ContractError", "CoreSqlError", "LandingError",
        "ManifestMismatchError",
        "MissingContractError", "MissingFieldError", "RefusedError", "RetentionError", "TrailError",
    }  # fmt: skip
    errors = every_error()
    assert {kind.__name__ for kind in errors if not is_retried(made(kind))} == hopeless
    task = SimpleNamespace(dag_id="d", task_id="t", run_id="r")
    context: Any = {"ti": task}
    for kind in errors:
        ends_with = AirflowFailException if kind.__name__ in hopeless else kind
        with pytest.raises(ends_with, match="said so"), noting_failure(context):
            raise made(kind)


def test_the_operations_guide_lists_every_error_that_ends_a_task() -> None:
    guide = (settings.PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")
    elsewhere = {"AirflowError", "NotLoggedInError", "TryAgainError", "UnreadableError"}
    errors = {kind.__name__ for kind in every_error() if not kind.__name__.startswith("_")}
    assert {name for name in errors - elsewhere if f"`{name}`" not in guide} == set()


def test_a_skip_is_no_failure_and_a_foreign_error_stays_itself() -> None:
    task: Any = {"ti": SimpleNamespace(dag_id="d", task_id="t", run_id="r")}
    for error in (AirflowSkipException("nothing to do"), ZeroDivisionError("x")):
        with pytest.raises(type(error)), noting_failure(task):
            raise error
    assert code_of(ZeroDivisionError("x")) is Cause.PROGRAM_ERROR


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_is_explained_in_both_languages(cause: Cause) -> None:
    told = explain(cause)
    for text in (told.meaning, told.advice):
        assert len(text.en) > 10
        assert re.search(r"[àáạảãâăđêôơưếềệạứừữộốồịỉ]", text.vi), "Vietnamese has its marks"
    assert all(text.endswith(".") for text in (told.advice.en, told.advice.vi))


@pytest.mark.parametrize("cause", sorted(set(Cause) - OF_A_SOURCE))
def test_an_error_of_our_own_sends_nobody_to_a_source(cause: Cause) -> None:
    advice = explain(cause).advice
    assert not ABOUT_SOURCES["en"].search(advice.en)
    assert not ABOUT_SOURCES["vi"].search(advice.vi)


@pytest.mark.parametrize("cause", sorted(OF_A_SOURCE - RETRIED))
def test_nobody_waits_for_a_source_that_answers_and_is_wrong(cause: Cause) -> None:
    """A missing field does not come by itself, "when the source is back"."""
    assert "is back" not in explain(cause).advice.en
    assert "hoạt động lại" not in explain(cause).advice.vi


def test_failures_from_before_there_were_codes_can_be_read() -> None:
    assert explain(None) == explain(Cause.STEP_REFUSED)
    assert is_retried(SourceError("x"))
