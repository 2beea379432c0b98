"""The pages of dean06 without Airflow's login: whoever the test says is asking."""

from collections.abc import Collection
from typing import Any

import pytest
from fastapi import Request

from dean06.ui import application
from dean06.ui.access import Reader

MOST_SENT = 27_000
"""Bytes of a page as it travels, compressed, without the style sheets and scripts that a browser
keeps. Just above the heaviest: the list of KPIs after two years, 25,032."""
MOST_READ = 175_000
"""Bytes of a page as a browser reads it. The same list: 162,795."""


class Person:
    """Who asks; a test may let somebody else ask by another ``name``."""

    def __init__(self, name: str) -> None:
        self.name = name


class Login:
    """Lets in whoever the test says, without a login."""

    routes = None
    logs_out_here = False

    def __init__(
        self, who: Person, stewards: Collection[str], airflow: str | None = "/airflow"
    ) -> None:
        self._who, self._stewards, self._airflow = who, stewards, airflow

    async def reader(self, _: Request) -> Reader:
        return Reader(self._who.name, self._who.name in self._stewards, False)

    def url(self, path: str) -> str:
        return f"/login?next={path}"

    def airflow(self, _: str) -> str | None:
        return self._airflow


def pages_for(monkeypatch: pytest.MonkeyPatch, who: Person, stewards: Collection[str] = ()) -> Any:
    """The pages with their gate, for somebody who may see them; ``_pages`` is what lies behind it.

    ``stewards``: the names that have that permission.
    """
    monkeypatch.setenv("DEAN06_PAGES_SECRET", "key-of-this-test")
    return application.create(Login(who, stewards))
