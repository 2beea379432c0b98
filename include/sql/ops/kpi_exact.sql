-- Purpose:    values of every publication as counted, also suppressed and rounded ones, for the
--             pipeline itself. What is not available is no value.
-- Grain:      one value of one publication.
-- Parameters: none.
-- Reads:      mart.kpi_publication, mart.kpi_value, ops.kpi_withheld.
-- Writes:     ops.kpi_exact.
create or replace view ops.kpi_exact as
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
where not is_suppressed and not is_rounded and unknown_because is null
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
'Values of every publication as counted, suppressed and rounded ones too, for the pipeline. |
Giá trị đầy đủ.';
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
comment on column ops.kpi_exact.is_suppressed is
'True: readers of mart do not see this number: it is suppressed or rounded.';
