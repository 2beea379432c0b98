"""``make containers``: build the image, bring the services up, sync, break things, compare digests.

The warehouse of the containers has to end as one that was synced in this process, without
containers, whatever is killed meanwhile. Everything that is started is taken down at the end.
"""

import argparse
import logging
import sys
import time
from dataclasses import dataclass, field

from tests.containers import state, steps
from tests.containers.engine import Compose, EngineError, images, require
from tests.containers.steps import DAYS, IMAGE, STEPS, Step

_PORT = "18080"
_END = "end"


@dataclass
class Table:
    """What was done, how long it took, and whether the digest was the expected one."""

    rows: list[tuple[str, float, str]] = field(default_factory=list)

    def did(self, what: str, seconds: float, result: str = "") -> None:
        """Add a row, and show it."""
        self.rows.append((what, seconds, result))
        print(f"{what:<58} {seconds:7.0f} s  {result}", flush=True)

    @property
    def is_right(self) -> bool:
        """Whether no digest differed."""
        return not any("differs" in result for _, _, result in self.rows)


def main(words: list[str] | None = None) -> int:
    """Run the steps; returns the exit code."""
    asked = parser().parse_args(words)
    logging.disable(logging.INFO)
    compose = Compose("dean06-containers", state.ENV_FILE)
    table = Table()
    try:
        require()
        if asked.begin is None:
            settings = {
                "DEAN06_IMAGE": IMAGE,
                "DEAN06_UI_PORT": _PORT,
                "DEAN06_RETRY_SECONDS": "30",
            }
            state.begin(images() | settings, DAYS)
        expected = state.digests()
    except EngineError as error:
        print(f"containers: {error}", file=sys.stderr)
        return 2
    try:
        for step in chosen(asked.begin, asked.previous):
            _take(step, compose, expected, table)
    except EngineError as error:
        print(f"containers: {error}", file=sys.stderr)
        return 1
    finally:
        if not asked.keep:
            compose.run("down", "--volumes", "--remove-orphans", "--timeout", "30")
            state.forget()
    return 0 if table.is_right else 1


def parser() -> argparse.ArgumentParser:
    """The command line."""
    found = argparse.ArgumentParser(prog="python -m tests.containers", description=__doc__)
    found.add_argument(
        "--keep", action="store_true", help="leave the containers running at the end"
    )
    found.add_argument(
        "--from", dest="begin", choices=[*(step.name for step in STEPS), _END], metavar="STEP",
        help=f"continue at this step, with the containers that a run with --keep left running: "
        f"{', '.join(step.name for step in STEPS)}; {_END} only removes the containers",
    )  # fmt: skip
    found.add_argument(
        "--previous", metavar="REVISION", default=steps.newest_tag(),
        help="Git revision to upgrade from; default: the newest tag; if the repository has no tag, "
        "the upgrade step is skipped",
    )  # fmt: skip
    return found


def chosen(begin: str | None, previous: str) -> list[Step]:
    """The steps from the named one on; all without a name."""
    names = [*(step.name for step in STEPS), _END]
    found = list(STEPS[names.index(begin) if begin else 0 :])
    return [step.of(previous) for step in found if previous or not step.needs_previous]


def _take(step: Step, compose: Compose, expected: dict[str, str], table: Table) -> None:
    print(f"{step.name}: {step.what} …", flush=True)
    begun = time.monotonic()
    step.do(compose)
    seconds = time.monotonic() - begun
    result = ""
    if step.day:
        is_equal = compose.digest() == expected[step.day]
        result = "digest equal" if is_equal else "digest differs"
    table.did(step.what, seconds, result)
    if step.shows_memory:
        for container, mebibytes in sorted(compose.memory().items()):
            print(f"  {container}: {mebibytes:.0f} MiB")


if __name__ == "__main__":
    sys.exit(main())
