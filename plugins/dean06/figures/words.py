"""How numbers, days and published values are written in Vietnamese and in English."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

from babel.numbers import format_decimal, format_percent

from dean06 import settings
from dean06.contract import Bilingual
from dean06.figures import members

Language = Literal["vi", "en"]
LOCALES = {"vi": "vi_VN", "en": "en_GB"}
_LEAST_SHARE = Decimal("0.001")
_MOST_DECIMALS = 10
"""Of a target: a count that a scale with many decimals is a part of."""
_SIGNS = {">=": "≥", "<=": "≤"}


@dataclass(frozen=True)
class Words:
    """How a page or a report speaks: texts, numbers, days. ``–`` stands for what is not there."""

    language: Language

    def say(self, vi: str, en: str) -> str:
        """One of two texts."""
        return vi if self.language == "vi" else en

    def of(self, text: Bilingual) -> str:
        """A bilingual text."""
        return self.say(text.vi, text.en)

    def pick(self, row: Any, stem: str) -> str:
        """``<stem>_vi`` or ``<stem>_en`` of a row; the other where one is missing."""
        own, other = ("vi", "en") if self.language == "vi" else ("en", "vi")
        return str(
            getattr(row, f"{stem}_{own}", None) or getattr(row, f"{stem}_{other}", None) or ""
        )

    def unit(self, row: Any) -> str:
        """The name of an administrative unit, with its kind in the language; its code where it has
        no name."""
        name = row.unit_name_en if self.language == "en" else row.unit_name
        return str(name or row.unit_name or row.unit_code)

    def member(self, row: Any) -> str:
        """The name of a member of a breakdown; of one without a name, its code."""
        name = members.name(row.breakdown, row.member_code)
        return row.member_code if name is None else self.of(name)

    def number(self, value: Decimal | float | None) -> str:
        """1.234 or 1,234; at most two decimals."""
        if value is None:
            return "–"
        return str(format_decimal(value, format="#,##0.##", locale=LOCALES[self.language]))

    def share(self, value: Decimal | float | None) -> str:
        """0.9876 as 98,8%: one decimal everywhere. Almost all is not written as 100,0%, nor almost
        nothing as 0,0%."""
        if value is None:
            return "–"
        shown = Decimal(str(value))
        if 0 < shown < 1:
            shown = min(max(shown, _LEAST_SHARE), 1 - _LEAST_SHARE)
        return str(format_percent(shown, format="#,##0.0%", locale=LOCALES[self.language]))

    def difference(self, value: Decimal | float, unit: str) -> str:
        """By what a value changed: +1.204, −0,3 điểm phần trăm; a written 0,0 has no sign."""
        if value == 0:
            return self.say("không đổi", "unchanged")
        size = abs(float(value))
        shown = round(size * 100, 1) if unit == "share" else size
        sign = "" if shown == 0 else "+" if value > 0 else "−"
        if unit != "share":
            return f"{sign}{self.number(size)}"
        points = format_decimal(shown, format="#,##0.0", locale=LOCALES[self.language])
        return f"{sign}{points} {self.say('điểm phần trăm', 'percentage points')}"

    def ranked(self, value: float, unit: str) -> str:
        """What units are ranked by: a share, or a count per 100 residents with one decimal."""
        if unit == "share":
            return self.share(value)
        return str(format_decimal(value, format="#,##0.0", locale=LOCALES[self.language]))

    def amount(self, value: Decimal | float | None, unit: str) -> str:
        """A value of a KPI in its unit: a share as per cent, else a number."""
        return self.share(value) if unit == "share" else self.number(value)

    def forecast(self, value: float, unit: str) -> str:
        """Where a value is heading: a share, or a whole number."""
        return self.amount(value if unit == "share" else round(value), unit)

    def published(self, row: Any, unit: str) -> str:
        """A published value, or why there is none in words (``mart.missing_reason``)."""
        if row is not None and row.value is not None:
            return self.amount(row.value, unit)
        return self.pick(row, "reason") or self.say(
            "chưa có số liệu: chưa công bố", "not available: not published"
        )

    def scale(self, value: Decimal) -> str:
        """What the targets of a simulation are multiplied by: 1/100."""
        parts = 1 / value
        if parts == round(parts):
            return f"1/{self.number(parts)}"
        return str(format_decimal(value, format="0.######", locale=LOCALES[self.language]))

    def target(self, operator: str, value: Decimal | float, unit: str) -> str:
        """≥ 105: the value that a KPI must reach, with all its decimals: what the value is
        compared with. 5% of 20,938 are 1,046.9; a hundredth of 10 is 0.1."""
        least = 1 if unit == "share" else 0
        given = Decimal(str(value)) * (100 if unit == "share" else 1)
        decimals = -int(given.normalize().as_tuple().exponent)
        places = "0" * least + "#" * min(max(decimals - least, 0), _MOST_DECIMALS)
        pattern = f"#,##0.{places}" if places else "#,##0"
        shown = format_decimal(given, format=pattern, locale=LOCALES[self.language])
        return f"{_SIGNS.get(operator, operator)} {shown}{'%' if unit == 'share' else ''}"

    def wanted(self, operator: str, value: float, unit: str) -> str:
        """≥ 5.0: what units are compared with in a ranking; per 100 residents to four decimals."""
        if unit == "share":
            return self.target(operator, value, unit)
        shown = format_decimal(value, format="#,##0.0###", locale=LOCALES[self.language])
        return f"{_SIGNS.get(operator, operator)} {shown}"

    def day(self, value: date | None) -> str:
        """31/10/2022."""
        return "–" if value is None else f"{value:%d/%m/%Y}"

    def moment(self, value: datetime | None, clock: str = "%H:%M") -> str:
        """31/10/2022 01:12, Vietnamese time."""
        if value is None:
            return "–"
        return f"{value.astimezone(settings.TIMEZONE):%d/%m/%Y {clock}}"

    def at(self, value: datetime | None) -> str:
        """A moment within a sentence: 01:12 ngày 31/10/2022; in English as ``moment``."""
        if value is None or self.language == "en":
            return self.moment(value)
        return f"{value.astimezone(settings.TIMEZONE):%H:%M ngày %d/%m/%Y}"

    def just_after(self, value: datetime) -> str:
        """A moment as a field of type datetime-local takes it: the next millisecond."""
        local = value.astimezone(settings.TIMEZONE) + timedelta(milliseconds=1)
        return local.replace(tzinfo=None).isoformat(timespec="milliseconds")

    def span(self, value: timedelta) -> str:
        """Hours, from two days on days."""
        hours = value / timedelta(hours=1)
        if hours >= 48:
            return f"{self.number(round(hours / 24))} {self.say('ngày', 'days')}"
        return f"{self.number(round(hours))} {self.say('giờ', 'h')}"
