/*---
sources: [portal]
position: 76
group: 1
counts: rows
small_cells: shown
kpis:
  - code: service.offices
    version: 1
    period: day
    name_en: Offices that list procedures
    name_vi: Số cơ quan niêm yết thủ tục hành chính
    unit: office
    grain: commune
    additivity: additive
    has_denominator: false
    owner_agency: Văn phòng UBND tỉnh
    legal_basis: QĐ 766/QĐ-TTg ngày 23/06/2022 (4.6)
    formula_en: Number of one-stop offices of communes that list a procedure on the day.
    formula_vi: Số bộ phận một cửa cấp xã có thủ tục niêm yết tại ngày báo cáo.
  - code: service.offices_certifying
    version: 1
    period: since_start
    also_by: [month, quarter, year]
    counts_from: 2022-06-23
    event_en: Copies certified
    event_vi: Tính bản sao chứng thực
    name_en: Offices that certify electronically
    name_vi: Số cơ quan có phát sinh chứng thực bản sao điện tử
    unit: office
    grain: commune
    additivity: additive
    has_denominator: false
    owner_agency: Văn phòng UBND tỉnh
    legal_basis: QĐ 766/QĐ-TTg ngày 23/06/2022 (4.6)
    formula_en: Number of offices of the KPI “Offices that list procedures” that have certified a
      copy electronically up to and including the day.
    formula_vi: Số cơ quan thuộc phạm vi chỉ tiêu “Số cơ quan niêm yết thủ tục hành chính” có bản
      sao điện tử được chứng thực từ bản chính, lũy kế đến ngày báo cáo.
---*/
-- Purpose:    which offices certify electronically: QĐ 766/QĐ-TTg, metric 4.6. The newest copy says
--             in which periods there is one at all. Offices are counted, not copies.
-- Grain:      one row per office, KPI and span in which its newest listing in force and its newest
--             copy are the same. An office is the commune that its code means at the time.
-- Parameters: none.
-- Reads:      core.portal__listed_procedure, core.portal__certified_copy, mart.dim_admin_unit.
-- Codes of communes mean other units since a reform: a code is an office while it means one unit.
with unit as (
    select
        unit_code,
        valid_from,
        valid_to
    from mart.dim_admin_unit
    where unit_level = 'commune'
),

listed as (
    select
        listed.commune_code,
        unit.valid_from,
        listed.updated_at::date as written_on,
        range_agg(daterange(listed.signed_on, listed.repealed_on)) as held
    from core.portal__listed_procedure as listed
    inner join unit
        on
            listed.commune_code = unit.unit_code
            and unit.valid_from <= listed.updated_at::date
            and (unit.valid_to is null or unit.valid_to > listed.updated_at::date)
    where
        listed._is_current
        and not listed.is_deleted
        and (listed.repealed_on is null or listed.repealed_on > listed.signed_on)
    group by listed.commune_code, unit.valid_from, listed.updated_at::date
),

-- Where listings of several days hold, the office is written as in the newest of them.
office as (
    select
        commune_code,
        valid_from,
        written_on,
        unnest(held - coalesce(range_agg(held) over newer, '{}')) as held
    from listed
    window newer as (
        partition by commune_code, valid_from
        order by written_on desc
        rows between unbounded preceding and 1 preceding
    )
),

certified as (
    select
        copy.commune_code,
        unit.valid_from,
        copy.certified_at::date as certified_on
    from core.portal__certified_copy as copy
    inner join unit
        on
            copy.commune_code = unit.unit_code
            and unit.valid_from <= copy.updated_at::date
            and (unit.valid_to is null or unit.valid_to > copy.updated_at::date)
    where
        copy._is_current
        and not copy.is_deleted
    group by copy.commune_code, unit.valid_from, copy.certified_at::date
),

newest as (
    select
        commune_code,
        valid_from,
        certified_on,
        lead(certified_on) over (
            partition by commune_code, valid_from order by certified_on
        ) as certified_next_on
    from certified
)

select
    'service.offices' as kpi_code,
    commune_code,
    written_on,
    -- In every period: an office is one on its last day.
    'infinity'::date as falls_on,
    lower(held) as counts_from,
    upper(held) as counts_to,
    true as is_counted,
    'mart.dim_admin_unit' as dataset_code,
    concat_ws('|', commune_code, valid_from) as record_key
from office
union all
select
    'service.offices_certifying' as kpi_code,
    office.commune_code,
    office.written_on,
    newest.certified_on as falls_on,
    greatest(lower(office.held), newest.certified_on) as counts_from,
    least(upper(office.held), newest.certified_next_on) as counts_to,
    true as is_counted,
    'mart.dim_admin_unit' as dataset_code,
    concat_ws('|', office.commune_code, office.valid_from) as record_key
from office
inner join newest
    on office.commune_code = newest.commune_code and office.valid_from = newest.valid_from
