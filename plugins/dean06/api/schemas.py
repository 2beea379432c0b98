"""What answers look like: the models that the OpenAPI description is made from.

Fields are the columns of the queries in ``include/sql/api``, in the order of a CSV file.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from dean06.api.parameters import Boundaries, Level, Period

Number = Annotated[Decimal, WithJsonSchema({"type": "number"})]
"""As the warehouse computed it, with all its digits."""
M = TypeVar("M", bound=BaseModel)
_UNIT = (
    "Unit of measure, such as account; share: the value is numerator / denominator. Not an "
    "administrative unit: see unit_code."
)


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Kpi(_Closed):
    """The newest definition of a KPI."""

    kpi_code: str
    kpi_version: int = Field(description="Increases when the way of counting changes.")
    versions: list[int] = Field(description="All versions so far.")
    base_code: str | None = Field(description="Shared by the codes of this KPI for other periods.")
    name_en: str
    name_vi: str
    unit: str = Field(description=_UNIT)
    grain: str = Field(description="Lowest level of units for which it is published.")
    period: Period | None = Field(description="Days that a value covers.")
    additivity: str = Field(description="additive, non_additive or ratio.")
    has_denominator: bool
    breakdowns: list[str] = Field(description="Breakdowns by which values are also published.")
    hides_small_cells: bool = Field(
        description="Small counts are suppressed; counts by commune and by member of a breakdown "
        "are also rounded. Other totals are exact."
    )
    owner_agency: str
    legal_basis: str
    formula_en: str
    formula_vi: str
    source_codes: list[str]


class Value(_Closed):
    """A published value. Without a number, `missing_reason` says why; `hidden` is a suppressed
    small count."""

    as_of_date: date
    kpi_code: str
    kpi_version: int
    base_code: str | None
    period: Period | None
    period_starts_on: date | None = Field(description="Null: cumulative, no first day.")
    unit: str = Field(description=_UNIT)
    unit_level: Level
    unit_code: str
    unit_name: str | None
    unit_name_en: str | None
    province_code: str | None
    boundary_version: Boundaries
    breakdown: str = Field(description="Empty for a total.")
    member_code: str = Field(description="Empty for a total.")
    member_name_en: str
    member_name_vi: str
    numerator: int | None
    denominator: int | None
    value: Number | None = Field(description="Never add up or average shares.")
    is_suppressed: bool
    missing_reason: str | None = Field(
        description="source_missing, no_records, divided, hidden, rounded_to_nothing or "
        "nothing_to_count; in a national installation also province_missing, definitions_differ "
        "or not_additive."
    )
    reason_en: str | None
    reason_vi: str | None
    is_rounded: bool = Field(description="The sum of rounded counts may differ from their total.")
    counted_on: date = Field(description="Day on which a rounded count was last updated.")
    part_codes: list[str] | None = Field(
        description="Former provinces that the value covers; null: it covers the whole unit."
    )
    publication_id: int
    published_at: datetime


class Cause(_Closed):
    """One cause of changed values of a KPI between two publications."""

    cause: str
    dataset: str = Field(description="Empty if the cause concerns no dataset.")
    rows: int | None = Field(description="Null: suppressed or not counted.")


class Revision(_Closed):
    """A value that changed when its day was published again."""

    publication_id: int
    published_at: datetime
    replaces: int = Field(description="The publication with the previous value.")
    as_of_date: date
    kpi_code: str
    unit_level: Level
    unit_code: str
    boundary_version: Boundaries
    breakdown: str
    member_code: str
    numerator_before: int | None
    denominator_before: int | None
    value_before: Number | None
    missing_reason_before: str | None
    numerator: int | None
    denominator: int | None
    value: Number | None
    missing_reason: str | None
    causes: list[Cause] = Field(
        description="Causes of all changes of the KPI in this publication, not of this value "
        "alone. In CSV: cause:dataset:rows."
    )


class Publication(_Closed):
    """An audited set of values of one day, published at once."""

    publication_id: int
    as_of_date: date
    published_at: datetime
    reason: str
    source_codes: list[str] = Field(description="Sources that had been synced up to the day.")
    smallest_shown: int | None = Field(description="Counts of persons below this are suppressed.")
    replaces: int | None = Field(description="The earlier publication of that day.")


class Head(_Closed):
    """A signed head of the log of publications."""

    key_id: str
    note: str = Field(description="The file in `heads/`, as it is.")


class Proof(_Closed):
    """What shows that a publication is in the log: RFC 6962 hashes in hexadecimal."""

    publication: int
    place: int
    leaf: str
    inclusion: list[str]
    consistency: list[str]
    heads: list[Head]


class Statement(_Closed):
    """A signed statement about a key."""

    name: str
    note: str = Field(description="The file in `keys/`, as it is.")


class Keys(_Closed):
    """Statements about the keys that sign publications. Get the public key from the publisher."""

    statements: list[Statement]


class Listed(_Closed, Generic[M]):
    """A page of a list."""

    data: list[M]
    next: str | None = Field(description="URL of the next page, also in the header Link.")


class ListedAsOf(Listed[M], Generic[M]):
    """A page of a list of what was published."""

    newest_publication: int | None = Field(
        description="Newest publication that was considered, the same for all pages; null: none."
    )


class ProblemDocument(_Closed):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    detail_vi: str = Field(description="`detail` in Vietnamese.")
