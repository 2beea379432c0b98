"""Where a request goes, below the place at which an application is mounted."""

from starlette.types import Scope


def within(scope: Scope) -> str:
    """The path of a request without that place; empty for what is no request."""
    return str(scope.get("path", "")).removeprefix(str(scope.get("root_path", "")))
