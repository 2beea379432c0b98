"""What ``python -m dean06 watch --once`` prints of its check."""

from collections.abc import Iterable

from dean06.watch.problem import REMINDERS, Problem


def show(found: Iterable[Problem]) -> int:
    """Print how many things need attention, what they are, then the agencies to remind; returns
    how many need attention, as Today and ``summary`` count them."""
    listed = list(found)
    problems = [each for each in listed if each.kind not in REMINDERS]
    reminders = [each for each in listed if each.kind in REMINDERS]
    print(f"Needs attention: {len(problems)} | Cần xử lý: {len(problems)} việc")
    for each in problems:
        _print(each)
    if reminders:
        print(f"\nAgencies to remind: {len(reminders)} | Đôn đốc cơ quan: {len(reminders)} việc")
        for each in reminders:
            _print(each)
    return len(problems)


def _print(problem: Problem) -> None:
    print(f"{problem.message.en}\n  {problem.message.vi}")
    if problem.detail:
        print(f"  {problem.detail.text.en}\n  {problem.detail.text.vi}")
