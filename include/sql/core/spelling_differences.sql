-- Purpose:    in which ways two names of one match key are spelled differently.
-- Grain:      one value: nfc, spacing, case, tone, joined by commas; else letter.
-- Parameters: name, other: as written.
-- Reads:      nothing.
-- Writes:     core.spelling_differences.
create or replace function core.spelling_differences(name text, other text) returns text
language sql immutable parallel safe as $$
select coalesce(nullif(concat_ws(
    ',',
    case when (name is nfc normalized) <> (other is nfc normalized) then 'nfc' end,
    case
        when core.tone_last(core.lower_case(core.decomposed(name)))
            <> core.tone_last(core.lower_case(core.decomposed(other))) then 'spacing'
    end,
    case
        when core.tone_last(core.well_spaced(core.decomposed(name)))
            <> core.tone_last(core.well_spaced(core.decomposed(other))) then 'case'
    end,
    case
        when core.lower_case(core.well_spaced(core.decomposed(name)))
            <> core.lower_case(core.well_spaced(core.decomposed(other))) then 'tone'
    end
), ''), 'letter')
$$;

comment on function core.spelling_differences(text, text) is
'What had to be folded for two names of one match key: nfc, spacing, case, tone, letter (eth).';
