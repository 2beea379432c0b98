-- Purpose:    the data quality index of a province on a day: in all, by source, and of its
--             communes.
-- Grain:      one source or commune, or the province (neither).
-- Parameters: day; boundaries; unit: the province.
-- Reads:      mart.quality_index, mart.dim_admin_unit, mart.dim_member.
-- Writes:     nothing.
select
    found.unit_level,
    found.unit_code,
    found.unit_name,
    found.source_code,
    source.name_vi as source_vi,
    source.name_en as source_en,
    found.accurate_share,
    found.complete_share,
    found.clean_share,
    found.timely_share,
    found.consistent_share,
    found.index_share,
    found.reason_vi,
    found.reason_en,
    found.weights_vi,
    found.weights_en,
    found.is_assumed,
    found.note_vi,
    found.note_en,
    found.noted_on
from mart.quality_index as found
left join mart.dim_member as source
    on source.breakdown = 'source' and found.source_code = source.member_code
left join mart.dim_admin_unit as commune
    on
        found.unit_level = 'commune'
        and commune.unit_level = 'commune'
        and found.unit_code = commune.unit_code
        and found.as_of_date >= commune.valid_from
        and (commune.valid_to is null or found.as_of_date < commune.valid_to)
where
    found.as_of_date = :day
    and found.boundary_version = :boundaries
    and (
        (found.unit_level = 'province' and found.unit_code = :unit)
        or (found.unit_level = 'commune' and commune.province_code = :unit)
    )
order by
    found.unit_level desc, source.position asc nulls first, found.index_share desc nulls last,
    found.unit_name asc
