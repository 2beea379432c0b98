"""Fill the dimensions of mart from ``include/reference``: units, procedures, campaigns, members …

Rows are added or corrected, never removed: past KPI values may speak of them. Only the crosswalk
between boundaries is written again.
"""

import io
from collections import Counter
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.csv as pa_csv
from msgspec.structs import asdict
from psycopg2 import sql

from dean06 import contract, settings
from dean06.declaration import Declaration
from dean06.figures import members as member_names
from dean06.reference import error_groups, tables, unit_names
from dean06.reference.rows import AdminUnit, Member
from dean06.warehouse import Session, names

ESSENTIAL = "DA06_25"
"""The 25 essential procedures of QĐ 06/QĐ-TTg."""
INTEGRATED = "QD422"
"""Procedures of QĐ 422/QĐ-TTg, reported together with the essential ones."""


class NamedUnit(AdminUnit, frozen=True, kw_only=True):
    """A row of ``mart.dim_admin_unit``."""

    unit_name_en: str


class NamedMember(Member, frozen=True, kw_only=True):
    """A row of ``mart.dim_member``."""

    is_always_shown: bool
    """Whether it is shown with 0 when nothing was counted."""


def fill(session: Session) -> None:
    """Bring every dimension to what the reference files say."""
    _upsert(
        session, "dim_admin_unit", ("unit_level", "unit_code", "valid_from"),
        [
            NamedUnit(**asdict(unit), unit_name_en=unit_names.in_english(unit))
            for unit in (*_country(), *tables.admin_units(), *tables.unknown_units())
        ],
    )  # fmt: skip
    # No value speaks of the crosswalk itself: a corrected one leaves nothing of the old behind.
    session.run("delete from mart.admin_unit_successor")
    _upsert(
        session, "admin_unit_successor",
        ("unit_level", "unit_code", "replaced_on", "successor_code"), tables.successors(),
    )  # fmt: skip
    _upsert(session, "dim_procedure", ("procedure_id",), tables.procedures())
    _upsert(session, "procedure_code", ("code", "valid_from"), tables.procedure_codes())
    _upsert(session, "dim_campaign", ("campaign_code",), tables.campaigns())
    _upsert(session, "dim_service_metric", ("metric_id",), tables.service_metrics())
    _upsert(session, "service_assumption", ("assumption_id",), tables.service_assumptions())
    _upsert(session, "service_rule", ("metric_id", "part_no", "valid_from"), tables.service_rules())
    _upsert(session, "dim_member", ("breakdown", "member_code"), [*members(), *named_only()])
    _upsert(session, "dim_error_group", ("group_code",), tables.error_groups())
    # What belongs to which group, and weights, are as the files say now: both are rewritten.
    session.run("delete from mart.error_group_code")
    _upsert(session, "error_group_code", ("kind", "code"), error_groups.mapping())
    session.run("delete from mart.quality_weight")
    _upsert(session, "quality_weight", ("valid_from", "dimension"), tables.quality_weights())
    # The first build of KPIs may come before autovacuum; unread, units cost it a second a day.
    session.run("analyze mart.dim_admin_unit, mart.admin_unit_successor")


def _country() -> list[AdminUnit]:
    """The unit that only a national warehouse has."""
    return [unit_names.COUNTRY] if settings.level() == "country" else []


def members() -> list[NamedMember]:
    """Members shown with 0 when nothing was counted: those listed, and the procedures."""
    found = [NamedMember(**asdict(member), is_always_shown=True) for member in tables.members()]
    for breakdown, sets in (
        ("essential_procedure", {ESSENTIAL}),
        ("procedure", {ESSENTIAL, INTEGRATED}),
    ):
        found += [
            NamedMember(
                breakdown=breakdown,
                member_code=procedure.procedure_id,
                name_en=procedure.name_en,
                name_vi=procedure.name_vi,
                position=procedure.position,
                is_always_shown=True,
            )
            for procedure in tables.procedures()
            if procedure.procedure_set in sets
        ]
    return found


def named_only() -> list[NamedMember]:
    """Members shown only with a count: agencies, outcomes of comparisons, what campaigns are broken
    down by, and datasets that no KPI is broken down by."""
    listed = tables.members()
    known = {(member.breakdown, member.member_code) for member in listed}
    placed = Counter(member.breakdown for member in listed)
    codes = {
        "agency": contract.known(),
        "dataset": [
            dataset.code
            for dataset in contract.datasets()
            if ("dataset", dataset.code) not in known
        ],
        "owner": [agency.agency_code for agency in tables.agencies()],
        "outcome": [
            f"{dataset.member_code}/{verdict.member_code}"
            for dataset in listed
            if dataset.breakdown == "dataset"
            for verdict in sorted(listed, key=lambda member: member.position)
            if verdict.breakdown == "verdict"
        ],
        "hour": [f"{hour:02}" for hour in range(24)],
        "shift": [
            str(number + 1) for number in range(max(each.shifts for each in tables.campaigns()))
        ],
        "station": [member_names.OTHER_STATION],
    }
    return [
        NamedMember(
            breakdown=breakdown,
            member_code=code,
            name_en=name.en,
            name_vi=name.vi,
            position=position,
            is_always_shown=False,
        )
        for breakdown, of_breakdown in codes.items()
        for position, code in enumerate(of_breakdown, start=1 + placed[breakdown])
        if (name := member_names.name(breakdown, code)) is not None
    ]


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _upsert(
    session: Session, table: str, key: tuple[str, ...], rows: Sequence[Declaration]
) -> None:
    columns = list(rows[0].__struct_fields__)
    arrays = [
        pa.array([_text(getattr(row, column)) for row in rows], pa.string()) for column in columns
    ]
    buffer = io.BytesIO()
    pa_csv.write_csv(
        pa.record_batch(arrays, names=columns), buffer, pa_csv.WriteOptions(include_header=False)
    )
    buffer.seek(0)
    given, target = sql.Identifier(f"given_{table}"), sql.Identifier("mart", table)
    session.compose(
        "create temporary table {given} (like {target}) on commit drop", given=given, target=target
    )
    session.copy_in(given, columns, buffer)
    others = [column for column in columns if column not in key]
    session.compose(
        """
        insert into {target} as known ({columns}) select {columns} from {given}
        on conflict ({key}) do update set ({others}) = row({new})
        where row({old}) is distinct from row({new})
        """,
        target=target,
        given=given,
        columns=names(columns),
        key=names(key),
        others=names(others),
        old=names(others, "known"),
        new=names(others, "excluded"),
    )
