-- Purpose:    a publication has a row for every unit and KPI: 0 where nothing was counted; where
--             nothing is known no number, but the reason. Values of merged provinces name the part
--             that they cover.
-- Grain:      see the comments of the columns.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     nothing.
alter table mart.kpi_value
add column unknown_because text
check (unknown_because in ('source_missing', 'no_records', 'divided')),
add column part_codes text[],
add column missing_reason text generated always as (
    case
        when unknown_because is not null then unknown_because
        when is_suppressed then 'hidden'
        when denominator = 0 and is_rounded then 'rounded_to_nothing'
        when denominator = 0 then 'nothing_to_count'
    end
) stored,
drop constraint hidden_values_have_no_numbers,
add constraint what_is_not_shown_has_no_numbers check (
    (numerator is null) = (is_suppressed or unknown_because is not null)
    and not (is_suppressed and unknown_because is not null)
    and (numerator is not null or (denominator is null and value is null))
);
comment on column mart.kpi_value.unknown_because is
'Why nothing is known. source_missing: a source has not reached the day; no_records: it has sent
nothing of this territory; divided: the unit came from parts of divided ones. Null: it is known.';
comment on column mart.kpi_value.part_codes is
'Codes of the former provinces that the value covers; null: all of the unit.';
comment on column mart.kpi_value.missing_reason is
'Why there is no value; null: there is one. Its words are in mart.missing_reason.';
comment on column mart.kpi_value.numerator is
'What was counted; null: hidden, or not known (missing_reason).';
comment on column mart.kpi_value.value is
'Null when there is no value; then missing_reason says why.';
