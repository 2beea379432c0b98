-- Purpose:    a verdict of its own for records of the deceased, and from which day on it holds;
--             beside it stays what the comparison came to, for the days before.
-- Grain:      none (columns and constraints of core.identity_verdict).
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     core.identity_verdict.

alter table core.identity_verdict add column verdict_in_life text;
update core.identity_verdict set verdict_in_life = verdict;
alter table core.identity_verdict alter column verdict_in_life set not null;
alter table core.identity_verdict add column deceased_from date;

alter table core.identity_verdict drop constraint identity_verdict_known;
alter table core.identity_verdict add constraint identity_verdict_known check (
    verdict_in_life in (
        'verified', 'verified_after_normalisation', 'mismatch_name', 'mismatch_birth_date',
        'mismatch_birth_date_swapped', 'mismatch_birth_date_year_only', 'mismatch_sex',
        'missing_id', 'id_is_cmnd', 'not_found', 'duplicate_id', 'invalid_id'
    )
    and (verdict = verdict_in_life or (verdict = 'deceased' and deceased_from is not null))
    and (
        deceased_from is null
        or verdict_in_life in ('verified', 'verified_after_normalisation')
    )
);

comment on column core.identity_verdict.verdict is
'verified and verified_after_normalisation count as verified; deceased: the record still says that a
deceased person lives; see mart.dim_member for names.';
comment on column core.identity_verdict.verdict_in_life is
'What the comparison came to, also where the person has died: the verdict of the days before.';
comment on column core.identity_verdict.deceased_from is
'Day from which the verdict is deceased: of a state the day of death, of an event that is dated
after the death its own day; null: never. [personal]';
