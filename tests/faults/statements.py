"""Work in a process of its own that is killed before one of its statements."""

import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import Any

from dean06.warehouse import Session

STATEMENTS = ("run", "rows", "one", "script", "compose", "compose_rows", "copy_in", "copy_out")
"""How a session runs a statement."""


def killed_before(
    moment: int, work: Callable[[], object], others: Sequence[tuple[type, str]] = ()
) -> bool:
    """Whether the work was killed (SIGKILL) before statement ``moment``, counted from 1 with the
    calls of ``others``; otherwise it has ended. Raises AssertionError when it failed of itself."""
    pid = os.fork()
    if pid:
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        assert code in (0, -signal.SIGKILL), "it failed of itself"
        return code != 0
    code = 1
    try:
        steps = iter(range(1, moment))
        for owner, name in (*((Session, name) for name in STATEMENTS), *others):
            setattr(owner, name, _mortal(getattr(owner, name), steps))
        work()
        code = 0
    except BaseException:  # noqa: BLE001  # the copy ends here, whatever it was
        sys.excepthook(*sys.exc_info())
    finally:
        # Nothing of pytest's may run in the copy.
        os._exit(code)


def _mortal(function: Callable[..., Any], steps: Any) -> Callable[..., Any]:
    def step(*args: Any, **kwargs: Any) -> Any:
        if next(steps, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **kwargs)

    return step
