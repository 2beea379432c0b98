"""Module paths of before 2026-12 that somebody else may have written down; they go with 0.2.

A source made by ``new-source`` imports what reads its format, and Airflow's database holds the path
of the trigger that a task was deferred with. Both keep working and name their successor.
"""

import importlib
import sys
import warnings
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

MOVED = {
    "dean06.deferral": "dean06.dags.wait_for_export",
    "dean06.fetch": "dean06.wire.http",
    "dean06.records": "dean06.wire.records",
    "dean06.unpacked": "dean06.wire.unpacked",
    "dean06.formats": "dean06.wire",
    "dean06.formats.csv": "dean06.wire.csv",
    "dean06.formats.json_array": "dean06.wire.json_array",
    "dean06.formats.ndjson": "dean06.wire.ndjson",
    "dean06.formats.workbook": "dean06.wire.workbook",
}
"""Old path → new path."""


class _Redirect(MetaPathFinder, Loader):
    """Answers an import of an old path with the module of the new one."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """A spec for paths that moved, nothing for all others."""
        del path, target
        return ModuleSpec(fullname, self) if fullname in MOVED else None

    def exec_module(self, module: ModuleType) -> None:
        """Put the module of the new path in the place of ``module``."""
        old, new = module.__name__, MOVED[module.__name__]
        warnings.warn(f"{old} moved to {new}; the old path goes with 0.2", FutureWarning, 2)
        sys.modules[old] = importlib.import_module(new)


def redirect_imports() -> None:
    """Keep old module paths importable; calling it again changes nothing."""
    if not any(isinstance(finder, _Redirect) for finder in sys.meta_path):
        # First: the path of the new package would find a second copy of its modules.
        sys.meta_path.insert(0, _Redirect())
