-- Purpose:    on how many persons two sources disagree, in columns an analyst expects; no persons.
-- Grain:      one day, boundaries, province, pair of sources and attribute of the latest
--             publication.
-- Parameters: none.
-- Reads:      mart.kpi_latest.
-- Writes:     mart.disagreement_count.
create or replace view mart.disagreement_count with (security_invoker = true) as
select
    told.as_of_date,
    told.boundary_version,
    told.unit_code,
    told.unit_name,
    split_part(told.member_code, '/', 1) as one_source_code,
    split_part(told.member_code, '/', 2) as other_source_code,
    split_part(told.member_code, '/', 3) as attribute,
    told.member_name_vi as name_vi,
    told.member_position as position,
    told.numerator as person_count,
    told.is_rounded,
    told.publication_id,
    told.unit_name_en,
    told.member_name_en as name_en
from mart.kpi_latest as told
where told.kpi_code = 'quality.disagreements' and told.breakdown = 'disagreement';

comment on view mart.disagreement_count is
'Persons on whom two sources disagree, by pair of sources and attribute. |
Số người dân có thông tin khác nhau giữa hai nguồn.';
comment on column mart.disagreement_count.as_of_date is 'The day.';
comment on column mart.disagreement_count.boundary_version is
'as_reported or current boundaries. Choose one.';
comment on column mart.disagreement_count.unit_code is 'Province.';
comment on column mart.disagreement_count.unit_name is 'Its name.';
comment on column mart.disagreement_count.one_source_code is 'First source.';
comment on column mart.disagreement_count.other_source_code is
'Second source; police: the population registry.';
comment on column mart.disagreement_count.attribute is 'name, birth_date, sex or commune.';
comment on column mart.disagreement_count.name_vi is
'The pair of sources and the attribute in Vietnamese.';
comment on column mart.disagreement_count.position is 'Order in which they are shown.';
comment on column mart.disagreement_count.person_count is
'Number of persons. Do not add: a person on whom sources disagree twice is in two rows.';
comment on column mart.disagreement_count.is_rounded is 'True: rounded (docs/decisions/0033).';
comment on column mart.disagreement_count.publication_id is 'Publication of the count.';
comment on column mart.disagreement_count.unit_name_en is
'Its name with the kind of unit in English.';
comment on column mart.disagreement_count.name_en is
'The pair of sources and the attribute in English.';

grant select on mart.disagreement_count to dean06_bi, dean06_bi_province;
