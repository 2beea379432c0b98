"""For which province this code works, where an installation serves several.

``acting`` chooses one for the block. The choice belongs to the context (``contextvars``), not to
the process: the triggerer, the pages and the watchdog act for several provinces side by side.
Whoever starts a thread hands its context on; a thread that has none is refused by ``value``, since
without a choice no setting that names a place, a key or a connection is known.

Without ``DEAN06_PROVINCES`` there is one province, every setting is the process's own
(``DEAN06_…`` variables), and no name has a prefix.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from dean06.details.detail import detail
from dean06.errors import Dean06Error
from dean06.provinces import files
from dean06.provinces.files import OWN, Province

_chosen: ContextVar[Province | None] = ContextVar("the province that is acted for", default=None)
_MARK = "__"
"""Between the key of a province and the name of a DAG; no key holds it."""


def are_several() -> bool:
    """Whether the installation has files of provinces."""
    return files.folder() is not None


def all_keys() -> list[str]:
    """Of whom to act for one after the other: every province; one without a name where there are
    no files. Raises Dean06Error when the folder of files holds none."""
    return files.all_keys() or [""]


@contextmanager
def acting(key: str) -> Iterator[None]:
    """Act for a province until the block ends; for the only one where there are no files.

    Raises Dean06Error for a province that is unknown or whose file is wrong, and within a block for
    another province.
    """
    if not key and not are_several():
        yield
        return
    if not are_several():
        raise Dean06Error(detail("no_province_folder"))
    with acting_for(files.read(key)):
        yield


@contextmanager
def acting_for(province: Province) -> Iterator[None]:
    """As ``acting``, for a province that may have no file yet."""
    now = _chosen.get()
    if now is not None and now.key != province.key:
        raise Dean06Error(detail("province_already", now=now.key, wanted=province.key))
    token = _chosen.set(province)
    try:
        yield
    finally:
        _chosen.reset(token)


@contextmanager
def acting_for_dag(dag_id: str) -> Iterator[None]:
    """Act for the province of a DAG."""
    key = dag_id.partition(_MARK)[0] if are_several() and _MARK in dag_id else ""
    if are_several() and not key:
        raise Dean06Error(detail("dag_of_no_province", dag=dag_id))
    with acting(key):
        yield


def value(name: str, default: str = "") -> str:
    """A setting of the province that is acted for, else of the installation; ``default`` where
    neither has it.

    Raises Dean06Error for a setting that every province has for itself while none is acted for.
    """
    chosen = _chosen.get()
    if chosen is not None and name in chosen.values:
        return chosen.values[name]
    if chosen is None and name in OWN and are_several():
        raise Dean06Error(detail("province_not_chosen", setting=name))
    return os.environ.get(name, default)


def key() -> str:
    """The key of the province that is acted for; empty where there is only one."""
    chosen = _chosen.get()
    return chosen.key if chosen else ""


def name() -> str:
    """What people call the province that is acted for; empty where there is only one."""
    chosen = _chosen.get()
    return chosen.name if chosen else ""


def title(text: str) -> str:
    """A text with the name of the province that is acted for; as it is where there is only one."""
    return f"{text} · {name()}" if name() else text


def connection_id(source: str) -> str:
    """Name of the Airflow connection of a source: ``dean06_police``, ``dean06_<key>_police``."""
    return f"dean06_{key()}_{source}" if key() else f"dean06_{source}"


def dag_id(name: str) -> str:
    """What Airflow calls a DAG: ``sync_police``, or ``<key>__sync_police``."""
    return f"{key()}{_MARK}{name}" if key() else name


def is_own_dag(found: str) -> bool:
    """Whether Airflow's DAG of that id is of the province that is acted for."""
    return not key() or found.startswith(f"{key()}{_MARK}")


def name_of_dag(found: str) -> str:
    """The name of a DAG of the province that is acted for, whatever Airflow calls it."""
    return found.removeprefix(f"{key()}{_MARK}") if key() else found
