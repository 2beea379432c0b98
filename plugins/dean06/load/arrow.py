"""Arrow as tasks use it: in little memory, and without importing pandas."""

import ctypes
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

import pyarrow as pa

_C_LIBRARY = ctypes.CDLL(None)
_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD = -1, -2, -3
"""Parameters of ``mallopt`` (malloc.h of the GNU C library)."""
_KEPT = {_TRIM_THRESHOLD: 32 << 20, _TOP_PAD: 1 << 20, _MMAP_THRESHOLD: 4 << 20}
"""Bytes: of free memory that is kept, that are taken more than needed, of a block that is taken
and returned by itself."""


def prepare() -> None:
    """Set Arrow up for this process.

    Arrow's own pool keeps what it once took: 50 MB more in every task. And for its first array of
    Python values Arrow imports pandas, to know a Series when it sees one: a fifth of a second and
    45 MB in every task. It tries once; where that fails it goes on without.
    """
    pa.set_memory_pool(pa.system_memory_pool())
    _keep_freed_memory()
    if "pandas" not in sys.modules:
        without = _WithoutPandas()
        sys.meta_path.insert(0, without)
        try:
            pa.array([])
        finally:
            sys.meta_path.remove(without)


def _keep_freed_memory() -> None:
    """Let the C library keep some memory that was freed.

    Columns are blocks of about a megabyte, made and freed thousands of times. By default each goes
    back to the system, which must clear its pages again: two of fifteen processor seconds of
    staging a province. Other C libraries have no such parameters and are left as they are.
    """
    if hasattr(_C_LIBRARY, "mallopt"):
        for parameter, size in _KEPT.items():
            _C_LIBRARY.mallopt(parameter, size)


def return_freed_memory() -> None:
    """Give back what the C library keeps, at the end of some work: the next begins as small as the
    first did."""
    if hasattr(_C_LIBRARY, "malloc_trim"):
        _C_LIBRARY.malloc_trim(0)


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
