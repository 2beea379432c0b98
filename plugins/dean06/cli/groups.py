"""The commands of ``python -m dean06 --help`` in groups, in the order in which people need them."""

from typing import Final

from typer._click import Command, Context  # typer has a click of its own
from typer.core import TyperGroup

GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "See a day": ("summary", "report", "quarantine", "watch", "kpi"),
    "Load and publish": (
        "backfill", "verify-identities", "build-kpis", "held-builds", "release-build",
        "reject-build", "close-period", "closed-periods", "report-pack",
    ),
    "Correct records": (
        "replay", "replay-changes", "approve-replay", "decline-replay", "agency-lists",
        "corrections", "agency-receipt", "reconcile",
    ),
    "Add sources, KPIs and provinces": (
        "new-source", "remove-source", "drop", "derive-suite", "compile-suites", "contract-diff",
        "record-kpis", "dictionary", "new-province", "add-province", "provinces",
    ),
    "Connect other programs": (
        "release", "semantic-model", "lineage", "metrics", "serve", "api-token", "api-tokens",
        "revoke-api-token",
    ),
    "Operate the warehouse": (
        "init-env", "migrate", "backup", "restore", "keep-house", "rotate-token-key",
        "superuser-sql",
    ),
    "Verify figures": (
        "digest", "verify-kpis", "recompute", "verify-audit", "sign-publications",
        "verify-publications", "publication-key", "rotate-publication-key",
        "revoke-publication-key",
    ),
    "Protect personal data": (
        "subject-report", "subject-restrict", "breach-report", "restricted-reads",
    ),
}  # fmt: skip
"""Every command, once."""
_PLACE = {name: (title, n) for title, names in GROUPS.items() for n, name in enumerate(names)}
_TITLES = list(GROUPS)


class InOrder(TyperGroup):
    """A group of commands whose help lists them by ``GROUPS``."""

    def list_commands(self, ctx: Context) -> list[str]:
        """The commands by group, in the order in which each group names them."""
        return sorted(super().list_commands(ctx), key=_order)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        """A command, with the group below which the help lists it."""
        command = super().get_command(ctx, cmd_name)
        if command is not None and cmd_name in _PLACE:
            command.rich_help_panel = _PLACE[cmd_name][0]  # type: ignore[attr-defined]
        return command


def _order(name: str) -> tuple[int, int]:
    title, place = _PLACE.get(name, ("", 0))
    return (_TITLES.index(title) if title else len(_TITLES), place)
