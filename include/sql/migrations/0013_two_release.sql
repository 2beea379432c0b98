-- Purpose:    a held build is released by two persons: one proposes, another one approves.
-- Grain:      none (columns and constraints of ops.kpi_build).
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     nothing.

alter table ops.kpi_build add column proposed_by text;
alter table ops.kpi_build add column proposed_at timestamptz;
alter table ops.kpi_build add column proposal_reason text;
comment on column ops.kpi_build.proposed_by is 'First person: who proposed its release.';
comment on column ops.kpi_build.proposed_at is 'When.';
comment on column ops.kpi_build.proposal_reason is 'Why, in their words.';
comment on column ops.kpi_build.decided_by is
'Second person, who approved the release; of a rejected build: who rejected it.';

alter table ops.kpi_build add constraint a_proposal_has_a_reason check (
    (proposed_by is null and proposed_at is null and proposal_reason is null)
    or (length(btrim(proposed_by)) > 0 and length(btrim(proposal_reason)) > 0) is true
);
-- Not valid: builds released before this step keep their one name.
alter table ops.kpi_build add constraint two_persons_release check (
    state = 'rejected'
    or (state <> 'released' and decided_by is null)
    or (
        regexp_replace(lower(btrim(proposed_by)), '^(os|db):', '')
        <> regexp_replace(lower(btrim(decided_by)), '^(os|db):', '')
    ) is true
) not valid;

-- Who proposed and who decided is written by ops.decide_build alone.
revoke insert, update, delete on ops.kpi_build from dean06_loader;
grant insert (as_of_date, state, cause, source_codes, reason) on ops.kpi_build to dean06_loader;
grant update (state, cause, publication_id) on ops.kpi_build to dean06_loader;
