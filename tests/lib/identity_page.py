"""``docs/identity.md`` and ``docs/identity.vi.md``: rules of identity verification in words, with
the examples that ``tests/database/test_identity.py`` has the SQL judge.

``python -m tests.lib.identity_page`` writes both pages.
"""

import csv
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from dean06 import settings

Language = Literal["en", "vi"]
EXAMPLES = Path(__file__).resolve().parents[1] / "fixtures" / "identity" / "verdicts.yaml"
PAGES: dict[Language, Path] = {
    "en": settings.PROJECT / "docs" / "identity.md",
    "vi": settings.PROJECT / "docs" / "identity.vi.md",
}
_COLUMNS = {
    "en": ("Record", "Verdict", "Name of the verdict", "Detail"),
    "vi": ("Bản ghi", "Kết quả", "Tên kết quả", "Chi tiết"),
}


@cache
def examples() -> tuple[dict[str, Any], ...]:
    """Every example: rule, dataset, changes, registry, beside, verdict, detail, en, vi."""
    usual = {
        "dataset": "insurance.participant", "changes": {}, "registry": {}, "beside": None,
        "detail": None,
    }  # fmt: skip
    read = yaml.safe_load(EXAMPLES.read_text(encoding="utf-8"))
    return tuple(usual | example for example in read)


def page(language: Language) -> str:
    """The page: the template's text with a table of examples for each of its marks ``{rule}``."""
    template = EXAMPLES.with_name(f"page.{language}.md").read_text(encoding="utf-8")
    for rule in dict.fromkeys(example["rule"] for example in examples()):
        assert template.count(f"{{{rule}}}") == 1, rule
        template = template.replace(f"{{{rule}}}", _table(rule, language))
    return template


def _table(rule: str, language: Language) -> str:
    names = names_of(language)
    head = _COLUMNS[language]
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for each in examples():
        if each["rule"] == rule:
            verdict, detail = each["verdict"], each["detail"]
            detail = f"`{detail}`" if detail else ""
            lines.append(f"| {each[language]} | `{verdict}` | {names[verdict]} | {detail} |")
    return "\n".join(lines)


@cache
def names_of(language: Language) -> dict[str, str]:
    """Verdicts by the names that KPIs show; of the deceased the KPI of their own."""
    with (settings.REFERENCE / "members.csv").open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(line for line in lines if not line.startswith("#"))
        names = {
            row["member_code"]: row[f"name_{language}"]
            for row in rows
            if row["breakdown"] == "verdict"
        }
    return names | {"deceased": {"en": "Deceased", "vi": "Người đã chết"}[language]}


if __name__ == "__main__":
    for spoken, path in PAGES.items():
        path.write_text(page(spoken), encoding="utf-8")
