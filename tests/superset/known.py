"""What the charts must show: asked of the warehouse by other texts than the charts' own.

Keys are the names of the charts' files. Every text gives some of the columns that the chart gets
from Superset; of a chart in series, the place on its axis, the name of the series and the value.
``publication`` is the latest of the day that the dashboard opens with.
"""

_TOTAL = """
    select value::float as value_of_one from mart.kpi_value
    where publication_id = %(publication)s and unit_level = 'province'
        and boundary_version = 'as_reported' and breakdown = '' and kpi_code = '{code}'
"""
_TREND = """
    select extract(epoch from publication.as_of_date)::float * 1000 as at, definition.name_vi,
           value.value::float
    from mart.kpi_publication as publication
    inner join mart.kpi_value as value using (publication_id)
    inner join mart.kpi_definition as definition using (kpi_code, kpi_version)
    where value.unit_level = 'province' and value.boundary_version = 'as_reported'
        and value.breakdown = '' and value.value is not null and kpi_code = any(array{codes})
        and not exists (
            select from mart.kpi_publication as later
            where later.as_of_date = publication.as_of_date
                and later.publication_id > publication.publication_id
        )
"""
_SHARES = [
    "insurance.verified_share", "service.online_share", "id_card.eligible_with_dossier",
    "quality.accurate_share",
]  # fmt: skip
_CELLS = """
    select {name}, value.value::float, value.numerator::float, value.denominator::float,
           value.is_suppressed as is_hidden
    from mart.kpi_value as value {join}
    where value.publication_id = %(publication)s and value.boundary_version = 'as_reported'
        and value.unit_level = '{level}' and value.breakdown = '{breakdown}'
        and value.kpi_code = '{code}'
"""
_DIMENSION = "max(value.value) filter (where value.kpi_code = 'quality.{}_share')::float as {}"
_MEMBER = "left join mart.dim_member as {0} on {0}.breakdown = '{0}' and {0}.member_code = {1}"
_OF = "from mart.kpi_value as value"
_OUTCOME = f"""
    {_OF}
    {_MEMBER.format("dataset", "split_part(value.member_code, '/', 1)")}
    {_MEMBER.format("verdict", "split_part(value.member_code, '/', 2)")}
    where value.publication_id = %(publication)s and value.unit_level = 'province'
        and value.boundary_version = 'as_reported' and value.breakdown = 'outcome'
        and value.kpi_code = 'quality.compared_records'
"""

KNOWN = {
    "residents": _TOTAL.format(code="population.permanent_residents"),
    "cards": _TOTAL.format(code="id_card.cards_issued"),
    "accounts": _TOTAL.format(code="eid.accounts"),
    "insured": _TOTAL.format(code="insurance.verified_share"),
    "targets": """
        select target.name_vi, status.share_reached::float, status.status_vi,
               status.is_suppressed as is_hidden
        from mart.kpi_target as target
        inner join mart.kpi_status as status using (target_id)
        where status.as_of_date = %(day)s
    """,
    "trend_of_shares": _TREND.format(codes=_SHARES),
    "trend_of_chosen": _TREND.format(codes=_SHARES[:1]),
    "communes": _CELLS.format(
        name="unit.unit_name || ' (' || unit.unit_code || ')' as unit_label",
        join="""inner join mart.dim_admin_unit as unit using (unit_level, unit_code)""",
        level="commune", breakdown="", code=_SHARES[0],
    ) + "and %(day)s >= unit.valid_from and (unit.valid_to is null or %(day)s < unit.valid_to)",
    "commune_map": """
        select unit.district_name as tile_row_vi,
               (select count(*) from mart.unit_now as before
                where before.unit_level = 'commune' and not before.is_unknown
                    and before.district_code = unit.district_code
                    and before.unit_code <= unit.unit_code) as tile_column,
               value.value::float as value_of_one
        from mart.kpi_value as value
        inner join mart.unit_now as unit using (unit_level, unit_code)
        where value.publication_id = %(publication)s and value.unit_level = 'commune'
            and value.boundary_version = 'as_reported' and value.breakdown = ''
            and value.kpi_code = '""" + _SHARES[0] + """' and not unit.is_unknown
    """,
    "quality": f"""
        select dataset.name_vi as member_name_vi, {_DIMENSION.format("accurate", "accurate")},
               {_DIMENSION.format("complete", "complete")}, {_DIMENSION.format("clean", "clean")},
               {_DIMENSION.format("timely", "timely")}
        {_OF} {_MEMBER.format("dataset", "value.member_code")}
        where value.publication_id = %(publication)s and value.unit_level = 'province'
            and value.boundary_version = 'as_reported' and value.breakdown = 'dataset'
            and value.kpi_code like 'quality.%%_share'
        group by dataset.name_vi
    """,
    "on_time": _CELLS.format(
        name="procedure.name_vi as member_name_vi",
        join=_MEMBER.format("procedure", "value.member_code"),
        level="province", breakdown="procedure", code="service.on_time_share",
    ),
    "tasks": """
        select coalesce(member.name_vi, value.member_code) as owner_name_vi,
               sum(value.numerator) filter (where kpi_code = 'programme.tasks_on_time')::float
                   as on_time,
               sum(value.denominator - value.numerator)
                   filter (where kpi_code = 'programme.tasks_on_time')::float as late
        from mart.kpi_value as value
        left join mart.dim_member as member using (breakdown, member_code)
        where value.publication_id = %(publication)s and value.boundary_version = 'as_reported'
            and value.breakdown = 'owner'
        group by 1
    """,
    "verdict_shares": f"""
        select coalesce(dataset.name_vi, 'none'), coalesce(verdict.name_vi, 'none'),
               sum(value.numerator)::float
        {_OUTCOME} group by 1, 2 having sum(value.numerator) is not null
    """,
    "verdicts": f"""
        select dataset.name_vi as dataset_name_vi, verdict.name_vi as verdict_name_vi,
               value.is_suppressed as is_hidden
        {_OUTCOME}
    """,
    "publications": """
        select to_char(as_of_date, 'DD/MM/YYYY') as day_shown,
               array_to_string(source_codes, ', ') as sources
        from mart.kpi_publication
    """,
}  # fmt: skip
