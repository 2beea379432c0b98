"""The pages of dean06 without Airflow's login: whoever the test says is asking."""

from collections.abc import Collection
from typing import Any

import pytest
from airflow.api_fastapi.core_api.security import get_user
from airflow.configuration import conf

from dean06.ui import access, application


class Person:
    """Who asks; a test may let somebody else ask by another ``name``."""

    def __init__(self, name: str) -> None:
        self.name = name

    def get_name(self) -> str:
        """As Airflow asks its users."""
        return self.name


def pages_for(monkeypatch: pytest.MonkeyPatch, who: Person, stewards: Collection[str] = ()) -> Any:
    """The pages with their gate, for somebody who may see them; ``_pages`` is what lies behind it.

    ``stewards``: the names that have that permission.
    """
    monkeypatch.setattr(access, "is_steward", lambda someone: someone.get_name() in stewards)
    monkeypatch.setattr(conf, "get", lambda *_, **__: "key-of-this-test")
    pages: Any = application.create()
    pages._pages.dependency_overrides |= {get_user: lambda: who, access.may_see_pages: lambda: None}
    return pages
