"""`make faults`: every campaign, or those named: python -m tests.faults kills inputs --seed 7."""

import argparse
import importlib
import logging
import sys
import traceback

from tests.faults.summary import Summary

CAMPAIGNS = ("kills", "celery", "month", "inputs", "recomputed")
"""Each a module beside this one, with ``campaign(seed) -> Summary``."""


def main() -> int:
    """Run the campaigns one after the other; 1 if anything did not end as it must."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("campaigns", nargs="*", help=f"any of: {', '.join(CAMPAIGNS)}")
    parser.add_argument("--seed", type=int, default=6)
    asked = parser.parse_args()
    logging.disable(logging.WARNING)  # what campaigns print themselves is their progress
    failed = False
    for name in asked.campaigns or CAMPAIGNS:
        summary = _led(name, asked.seed)
        print("\n".join(summary.lines()), flush=True)
        failed = failed or bool(summary.failures)
    return int(failed)


def _led(name: str, seed: int) -> Summary:
    """A campaign's summary; of one that broke off, why it did: the others are led all the same."""
    campaign = importlib.import_module(f"tests.faults.{name}").campaign
    try:
        found: Summary = campaign(seed)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is a failure of this campaign
        traceback.print_exc()
        return Summary(name, failures=[f"broke off: {type(error).__name__}: {error}"])
    return found


if __name__ == "__main__":
    sys.exit(main())
