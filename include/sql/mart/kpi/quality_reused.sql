/*---
sources: [education, health, insurance, police, portal]
position: 93
group: 4
counts: rows
independent_by: personal_id
kpis:
  - code: quality.reused_share
    version: 1
    period: day
    name_en: Shared use, residents whose registry data another source has used
    name_vi: Dùng chung – tỷ lệ người dân có dữ liệu dân cư được nguồn khác sử dụng
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Công an tỉnh
    legal_basis: KH 02-KH/BCĐTW ngày 19/6/2025
    formula_en: Share of the persons living in the province on the day whose registry record was
      used to verify at least one record of another source (verified, verified after normalisation,
      or verified by ID and name only), based on the data available at the time of computation. This
      is the project's own interpretation of “dùng chung”; it counts only use that the warehouse can
      prove. The KPI “Dossiers that reuse data” counts dossiers.
    formula_vi: Số người có ít nhất một bản ghi của nguồn khác đã xác thực với CSDL quốc gia về dân
      cư (kể cả sau chuẩn hóa hoặc chỉ theo số định danh và họ tên, theo dữ liệu hiện có tại thời
      điểm tính) trên tổng số người đang cư trú trong tỉnh tại ngày báo cáo. Phần mềm này tạm hiểu
      “dùng chung” theo cách tính này; chỉ tính những trường hợp có căn cứ trong kho dữ liệu. Hồ sơ
      tái sử dụng dữ liệu được thống kê ở chỉ tiêu “Tỷ lệ hồ sơ có thành phần được tái sử dụng”.
---*/
-- Purpose:    whose data in the population registry another source has used.
-- Grain:      one row per span of a version of a person of the registry, by whether a record of
--             another source is verified with that of the registry.
-- Parameters: registered_person, person_record: parts in include/sql/kpi_build.
-- Reads:      nothing beside what its parts read.
with used as materialized (
    select
        personal_id,
        range_agg(daterange(counts_from, counts_to)) as days
    from ({person_record}) as record
    where verdict in ('verified', 'verified_after_normalisation', 'verified_by_name')
    group by personal_id
),

registered as (
    {registered_person}
),

held as (
    select
        registered.*,
        datemultirange(daterange(registered.counts_from, registered.counts_to)) as days,
        used.days as used_days
    from registered
    left join used on registered.personal_id = used.personal_id
)

select
    'quality.reused_share' as kpi_code,
    held.commune_code,
    held.written_on,
    lower(part.days) as counts_from,
    upper(part.days) as counts_to,
    part.is_used as is_counted,
    'police.resident' as dataset_code,
    held.personal_id as record_key
from held
cross join
    lateral (
        select
            unnest(held.days * held.used_days) as days,
            true as is_used
        union all
        select
            unnest(held.days - coalesce(held.used_days, '{}')) as days,
            false as is_used
    ) as part
