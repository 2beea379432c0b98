"""How much memory the installation's processes came to, sampled while a block runs."""

import threading
from types import TracebackType

import psutil

_INTERVAL = 0.5
_MEGABYTE = 1 << 20


class PeakMemory:
    """Highest resident size of one process, by kind (tasks, ministries, scheduler …)."""

    def __init__(self) -> None:
        self.megabytes: dict[str, int] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> "PeakMemory":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._ended.wait(_INTERVAL):
            for process in psutil.Process().children(recursive=True):
                try:
                    kind, size = _kind(process.cmdline()), process.memory_info().rss
                except psutil.Error:
                    continue  # gone meanwhile
                self.megabytes[kind] = max(self.megabytes.get(kind, 0), size // _MEGABYTE)


def _kind(command: list[str]) -> str:
    line = " ".join(command)
    for word, kind in (
        ("ministries", "ministries"),
        ("api-server", "api-server"),
        ("api_server", "api-server"),
        ("dag-processor", "dag-processor"),
        ("triggerer", "triggerer"),
        ("LocalExecutor", "tasks"),
        ("task", "tasks"),
        ("scheduler", "scheduler"),
    ):
        if word in line:
            return kind
    return "other"
