"""What people read avoids the words that docs/style.md replaces."""

import re

from dean06 import settings

_READ = (
    "README*.md", "CONTRIBUTING.md", "RELEASING.md", "SECURITY.md", "docs/*.md",
    "plugins/dean06/cli/*.py", "plugins/dean06/watch/*.py", "plugins/dean06/ui/templates/*.html",
    "plugins/dean06/details/*.py", "plugins/dean06/failures/*.py", "plugins/dean06/pack/*.py",
    ".env.example",
)  # fmt: skip
_REPLACED = re.compile(
    r"\banew\b|\btroubles?\b|\bset apart by\b|\bolder than it may be\b|\bowed\b|\b[Bb]ooks\b(?!\.)"
    r"|\b(?:is|are|was|were) told\b|\bthat is none\b|\b[Ii]n core up to\b"
    r"|[Kk]ho có đến|[Tt]rường lạ|Như đã công bố|Mọi chỉ tiêu|cần mỗi ngày|đón tiếp|việc cần xem"
    r"|[Bb]áo cáo kỳ|[Ss]ổ tính|[Xx]ã, phường, thị trấn\""
)


def replaced(text: str) -> list[str]:
    """Words of a text that the style replaces; names of a template's variables are no words."""
    return _REPLACED.findall(re.sub(r"\.books\b|\bbooks\.", "", text))


def test_what_people_read_avoids_the_words_that_the_style_replaces() -> None:
    made = {"style.md", "data-dictionary.md"}  # the list itself; made from contracts and comments
    files = [f for glob in _READ for f in settings.PROJECT.glob(glob) if f.name not in made]
    assert len(files) > 50
    found = {f.name: replaced(f.read_text(encoding="utf-8")) for f in files}
    assert {name: words for name, words in found.items() if words} == {}


def test_replaced_words_are_noticed() -> None:
    assert replaced("People are told of trouble. Kho có đến 31/10. Báo cáo kỳ là sổ tính.") == [
        "are told", "trouble", "Kho có đến", "Báo cáo kỳ", "sổ tính",
    ]  # fmt: skip
