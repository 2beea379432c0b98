"""Arrow as tasks use it: in little memory, and without importing pandas."""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

import pyarrow as pa


def prepare() -> None:
    """Set Arrow up for this process.

    Arrow's own pool keeps what it once took: 50 MB more in every task. And for its first array of
    Python values Arrow imports pandas, to know a Series when it sees one: a fifth of a second and
    45 MB in every task. It tries once; where that fails it goes on without.
    """
    pa.set_memory_pool(pa.system_memory_pool())
    if "pandas" not in sys.modules:
        without = _WithoutPandas()
        sys.meta_path.insert(0, without)
        try:
            pa.array([])
        finally:
            sys.meta_path.remove(without)


class _WithoutPandas(MetaPathFinder):
    """Pandas cannot be found."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """None, which leaves other modules to other finders; raises ImportError for pandas."""
        del path, target
        if fullname == "pandas":
            raise ModuleNotFoundError(name=fullname)
        return None
