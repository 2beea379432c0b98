/*---
sources: [education, health, insurance, police, portal]
position: 93
counts: rows
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
    formula_en: Of the persons who live in the province on the day, those with whose registry
      record at least one record of another source is verified, also after normalisation, as known
      now. Our reading of “dùng chung”, which is what the warehouse can prove. Dossiers that reuse
      data are counted by service.reused_share.
    formula_vi: Trong số người đang cư trú trong tỉnh tại ngày báo cáo, số người có ít nhất một
      bản ghi của nguồn khác đã xác thực với CSDL quốc gia về dân cư (kể cả sau chuẩn hóa, theo hiểu
      biết hiện tại). Cách hiểu của dự án về “dùng chung”, theo những gì kho dữ liệu chứng minh
      được. Hồ sơ tái sử dụng dữ liệu xem service.reused_share.
---*/
-- Purpose:    whose data in the population registry another source has used.
-- Grain:      one row per commune of the registry and day written, by whether a record of another
--             source is verified with that of the registry, with how many persons.
-- Parameters: as_of, the day; registered_person, person_statement: parts in include/sql/kpi_build.
-- Reads:      nothing beside what its parts read.
with used as (
    select distinct stated.personal_id
    from ({person_statement}) as stated
    where stated.is_verified
)

select
    'quality.reused_share' as kpi_code,
    registered.commune_code,
    registered.written_on,
    used.personal_id is not null as is_counted,
    count(*) as fact_count
from ({registered_person}) as registered
left join used on registered.personal_id = used.personal_id
group by registered.commune_code, registered.written_on, is_counted
