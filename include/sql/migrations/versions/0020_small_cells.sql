-- Purpose:    values that would tell of a few persons are published as hidden; their numbers stay
--             out of mart.
-- Grain:      ops.kpi_withheld: one hidden value of one publication.
-- Parameters: none.
-- Reads:      mart.kpi_value.
alter table mart.kpi_definition
add column hides_small_cells boolean not null default true;
comment on column mart.kpi_definition.hides_small_cells is
'Counts persons or what belongs to them: small counts are hidden (docs/decisions/0021).';

alter table mart.kpi_publication add column smallest_shown integer;
comment on column mart.kpi_publication.smallest_shown is
'Counts of persons from 1 to below this are hidden in it.';

alter table mart.kpi_value alter column numerator drop not null;
alter table mart.kpi_value
add column province_code text,
add column is_suppressed boolean not null default false,
add constraint hidden_values_have_no_numbers check (
    (numerator is null) = is_suppressed
    and (not is_suppressed or (denominator is null and value is null))
);
comment on column mart.kpi_value.province_code is
'Province that the unit lies in, on the boundaries of the value.';
comment on column mart.kpi_value.is_suppressed is
'True: hidden, because it tells of fewer persons than may be shown, or would tell such a value.';
comment on column mart.kpi_value.numerator is 'What was counted; null: hidden.';
comment on column mart.kpi_value.denominator is
'Of how many; null where nothing is compared, or hidden.';
comment on column mart.kpi_value.value is
'Null when the denominator is zero (N/A is not 0), or when it is hidden.';

create table ops.kpi_withheld (
    publication_id bigint not null references mart.kpi_publication,
    kpi_code text not null,
    kpi_version integer not null,
    unit_level text not null,
    unit_code text not null,
    boundary_version text not null,
    breakdown text not null,
    member_code text not null,
    numerator bigint not null,
    denominator bigint,
    value numeric,
    primary key (
        publication_id, kpi_code, unit_level, unit_code, boundary_version, breakdown, member_code
    )
);
comment on table ops.kpi_withheld is
'Numbers of hidden values, for the pipeline''s own comparisons. | Số liệu nhỏ không công bố.';
comment on column ops.kpi_withheld.publication_id is 'As in mart.kpi_value.';
comment on column ops.kpi_withheld.kpi_code is 'As in mart.kpi_value.';
comment on column ops.kpi_withheld.kpi_version is 'As in mart.kpi_value.';
comment on column ops.kpi_withheld.unit_level is 'As in mart.kpi_value.';
comment on column ops.kpi_withheld.unit_code is 'As in mart.kpi_value.';
comment on column ops.kpi_withheld.boundary_version is 'As in mart.kpi_value.';
comment on column ops.kpi_withheld.breakdown is 'As in mart.kpi_value.';
comment on column ops.kpi_withheld.member_code is 'As in mart.kpi_value.';
comment on column ops.kpi_withheld.numerator is 'What was counted.';
comment on column ops.kpi_withheld.denominator is 'Of how many.';
comment on column ops.kpi_withheld.value is 'Numerator or share.';
create trigger kpi_withheld_is_append_only before update or delete on ops.kpi_withheld
for each statement execute function mart.refuse_change();

create view ops.kpi_exact as
select
    publication_id,
    as_of_date,
    kpi_code,
    kpi_version,
    unit_level,
    unit_code,
    boundary_version,
    breakdown,
    member_code,
    numerator,
    denominator,
    value,
    is_suppressed
from mart.kpi_value
where not is_suppressed
union all
select
    withheld.publication_id,
    publication.as_of_date,
    withheld.kpi_code,
    withheld.kpi_version,
    withheld.unit_level,
    withheld.unit_code,
    withheld.boundary_version,
    withheld.breakdown,
    withheld.member_code,
    withheld.numerator,
    withheld.denominator,
    withheld.value,
    true as is_suppressed
from ops.kpi_withheld as withheld
inner join mart.kpi_publication as publication
    on withheld.publication_id = publication.publication_id;
comment on view ops.kpi_exact is
'Values of every publication with the hidden ones, for the pipeline itself. | Giá trị đầy đủ.';
comment on column ops.kpi_exact.publication_id is 'As in mart.kpi_value.';
comment on column ops.kpi_exact.as_of_date is 'As in mart.kpi_value.';
comment on column ops.kpi_exact.kpi_code is 'As in mart.kpi_value.';
comment on column ops.kpi_exact.kpi_version is 'As in mart.kpi_value.';
comment on column ops.kpi_exact.unit_level is 'As in mart.kpi_value.';
comment on column ops.kpi_exact.unit_code is 'As in mart.kpi_value.';
comment on column ops.kpi_exact.boundary_version is 'As in mart.kpi_value.';
comment on column ops.kpi_exact.breakdown is 'As in mart.kpi_value.';
comment on column ops.kpi_exact.member_code is 'As in mart.kpi_value.';
comment on column ops.kpi_exact.numerator is 'What was counted.';
comment on column ops.kpi_exact.denominator is 'Of how many.';
comment on column ops.kpi_exact.value is 'As in mart.kpi_value.';
comment on column ops.kpi_exact.is_suppressed is 'True: readers of mart do not see it.';
