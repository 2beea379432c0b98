-- Purpose:    outcomes of identity verification by dataset and unit, in columns an analyst expects.
-- Grain:      one day, boundaries, unit, dataset and outcome of the latest publication; outcomes
--             that no record has are not listed.
-- Parameters: none.
-- Reads:      mart.dim_member, mart.kpi_latest.
-- Writes:     mart.verdict_count.
create or replace view mart.verdict_count with (security_invoker = true) as
select
    told.as_of_date,
    told.boundary_version,
    told.unit_level,
    told.unit_code,
    told.unit_name,
    split_part(told.member_code, '/', 1) as dataset_code,
    dataset.name_vi as dataset_name_vi,
    split_part(told.member_code, '/', 2) as verdict,
    verdict.name_vi as verdict_name_vi,
    told.numerator as record_count,
    told.publication_id,
    told.unit_name_en,
    dataset.name_en as dataset_name_en,
    verdict.name_en as verdict_name_en
from mart.kpi_latest as told
left join mart.dim_member as dataset
    on
        dataset.breakdown = 'dataset'
        and split_part(told.member_code, '/', 1) = dataset.member_code
left join mart.dim_member as verdict
    on
        verdict.breakdown = 'verdict'
        and split_part(told.member_code, '/', 2) = verdict.member_code
where told.kpi_code = 'quality.compared_records' and told.breakdown = 'outcome';

comment on view mart.verdict_count is
'Records of persons by dataset, outcome of their comparison with the population registry, and unit.
| Số bản ghi về người dân theo bộ dữ liệu, kết quả đối chiếu và đơn vị.';
comment on column mart.verdict_count.as_of_date is 'The day.';
comment on column mart.verdict_count.boundary_version is
'as_reported or current boundaries. Choose one.';
comment on column mart.verdict_count.unit_level is 'province or commune. Choose one.';
comment on column mart.verdict_count.unit_code is 'Code of the unit.';
comment on column mart.verdict_count.unit_name is 'Its name.';
comment on column mart.verdict_count.dataset_code is 'Source and dataset of the records.';
comment on column mart.verdict_count.dataset_name_vi is 'Name of the dataset in Vietnamese.';
comment on column mart.verdict_count.verdict is 'Outcome of the comparison, as known now.';
comment on column mart.verdict_count.verdict_name_vi is 'Name of the outcome in Vietnamese.';
comment on column mart.verdict_count.record_count is
'Number of records. Add only within one as_of_date, boundary_version and unit_level. Counts by
commune are rounded: their sum is approximate.';
comment on column mart.verdict_count.publication_id is 'Publication of the count.';
comment on column mart.verdict_count.unit_name_en is 'Its name with the kind of unit in English.';
comment on column mart.verdict_count.dataset_name_en is 'Name of the dataset in English.';
comment on column mart.verdict_count.verdict_name_en is 'Name of the outcome in English.';

grant select on mart.verdict_count to dean06_bi, dean06_bi_province;
