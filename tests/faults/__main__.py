"""`make faults`: every campaign, or those named: python -m tests.faults kills inputs --seed 7."""

import argparse
import importlib
import logging
import sys

CAMPAIGNS = ("kills", "celery", "month", "inputs")
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
        summary = importlib.import_module(f"tests.faults.{name}").campaign(asked.seed)
        print("\n".join(summary.lines()), flush=True)
        failed = failed or bool(summary.failures)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
