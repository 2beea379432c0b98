"""What a request may ask for: every parameter with its form. Whatever has another form is refused
before anything is read."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from dean06 import settings

MOST_DAYS = 800
MOST_ROWS = 1000
_FIRST, _LAST = date(2000, 1, 1), date(2100, 12, 31)
_CODE = r"^[A-Za-z0-9_.:-]{1,100}$"
_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_MOMENT = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?$"
)


def _day(text: str) -> str:
    day_of(text)
    return text


def _moment(text: str) -> str:
    moment_of(text)
    return text


def day_of(text: str) -> date:
    """A day. Raises ValueError for one that the calendar does not have, or far from today."""
    day = date.fromisoformat(text)
    if not _FIRST <= day <= _LAST:
        raise ValueError("out of range")
    return day


def moment_of(text: str) -> datetime:
    """A moment; without an offset it is Vietnamese time. Raises ValueError as ``day_of``."""
    moment = datetime.fromisoformat(text)
    if not _FIRST <= moment.date() <= _LAST:
        raise ValueError("out of range")
    return (moment if moment.tzinfo else moment.replace(tzinfo=settings.TIMEZONE)).astimezone(UTC)


Code = Annotated[str, Field(pattern=_CODE)]
Day = Annotated[
    str,
    Field(pattern=_DAY, json_schema_extra={"format": "date"}, examples=["2022-10-31"]),
    AfterValidator(_day),
]
Moment = Annotated[
    str, Field(pattern=_MOMENT, examples=["2022-11-01T01:00:00Z"]), AfterValidator(_moment)
]
Level = Literal["country", "province", "commune"]
Boundaries = Literal["as_reported", "current"]
Period = Literal["day", "last_30_days", "month", "quarter", "year", "since_start"]
HINTS = {
    "kpi": ("a code of the catalogue", "mã chỉ tiêu trong danh mục"),
    "base": ("a base_code of the catalogue", "base_code trong danh mục"),
    "period": (", ".join(Period.__args__), ", ".join(Period.__args__)),  # type: ignore[attr-defined]
    "level": ("country, province or commune", "country, province hoặc commune"),
    "unit": ("a unit_code", "mã đơn vị hành chính"),
    "province": ("the code of a province", "mã tỉnh"),
    "day": ("a day as YYYY-MM-DD, from 2000 to 2100", "ngày dạng YYYY-MM-DD, từ 2000 đến 2100"),
    "from": ("a day as YYYY-MM-DD, from 2000 to 2100", "ngày dạng YYYY-MM-DD, từ 2000 đến 2100"),
    "to": ("a day as YYYY-MM-DD, from 2000 to 2100", "ngày dạng YYYY-MM-DD, từ 2000 đến 2100"),
    "as_of": (
        "a time such as 2022-11-01T01:00:00Z, from 2000 to 2100",
        "thời điểm dạng 2022-11-01T01:00:00Z, từ 2000 đến 2100",
    ),
    "boundaries": ("as_reported or current", "as_reported hoặc current"),
    "breakdown": ("a breakdown of the KPI, or all", "một phân tổ của chỉ tiêu, hoặc all"),
    "since": ("the number of a publication", "số của một lần công bố"),
    "limit": (f"a number from 1 to {MOST_ROWS}", f"số từ 1 đến {MOST_ROWS}"),
    "cursor": ("the cursor from the URL in next", "cursor trong địa chỉ của next"),
}
"""What each parameter must be, in English and Vietnamese."""


class Paged(BaseModel):
    """Parameters of every list."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(100, ge=1, le=MOST_ROWS, description="Rows of a page.")
    cursor: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9_-]{1,2000}$",
        description="Position at which the page begins; taken from the URL in `next`.",
    )

    def asked(self) -> dict[str, Any]:
        """Everything that was asked for but the page, as it stands in a URL."""
        return self.model_dump(
            mode="json", by_alias=True, exclude_defaults=True, exclude={"cursor", "limit"}
        )


class AsOf(Paged):
    """Parameters of lists of what was published."""

    as_of: Moment | None = Field(
        None,
        description="Values as they were known at this time. Default: now. A time without an "
        "offset is Vietnamese time.",
    )

    @property
    def moment(self) -> datetime | None:
        """``as_of``."""
        return moment_of(self.as_of) if self.as_of else None


class Days(AsOf):
    """Parameters of lists that can be of some days only."""

    day: Day | None = Field(None, description="One day; not together with `from` or `to`.")
    first: Day | None = Field(None, alias="from", description="First day.")
    last: Day | None = Field(None, alias="to", description="Last day.")

    @property
    def span(self) -> tuple[date | None, date | None]:
        """The first and the last day that are asked for; None: no bound."""
        if self.day:
            return day_of(self.day), day_of(self.day)
        return (
            day_of(self.first) if self.first else None,
            day_of(self.last) if self.last else None,
        )


class OfUnits(Days):
    """Parameters of lists of values."""

    kpi: Code | None = Field(None, description="Code of a KPI.")
    level: Level | None = Field(None, description="Level of the units.")
    unit: Code | None = Field(
        None, description="Code of a unit. Codes are unique within a level only."
    )
    breakdown: Code | None = Field(
        None, description="Values by member of this breakdown; `all`: totals and all members. "
        "Default: totals only.",
    )  # fmt: skip

    @property
    def chosen(self) -> dict[str, str | None]:
        """The parameters of statements that choose values."""
        breakdown = None if self.breakdown == "all" else (self.breakdown or "")
        return {
            "kpi": self.kpi, "level": self.level, "unit": self.unit, "breakdown": breakdown,
        }  # fmt: skip


class ValuesQuery(OfUnits):
    """Parameters of `/values`."""

    base: Code | None = Field(None, description="`base_code`: a KPI with all its periods.")
    period: Period | None = Field(None, description="Days that a value covers.")
    province: Code | None = Field(
        None, description="Code of a province; selects the province and its communes."
    )
    boundaries: Boundaries = Field(
        "as_reported",
        description="Units as on the day of the value, or as on the newest boundaries.",
    )


class RevisionsQuery(OfUnits):
    """Parameters of `/revisions`."""

    since: int | None = Field(
        None, ge=0, le=2**63 - 1, description="Only publications with a larger number."
    )
    boundaries: Boundaries | None = Field(None, description="Default: both.")


class PublicationsQuery(Days):
    """Parameters of `/publications`."""


class KpisQuery(Paged):
    """Parameters of `/kpis`."""
