-- Purpose:    record who proposes, approves or refuses the release of a held build of KPIs. It runs
--             as the owner: nobody writes decisions past it.
-- Grain:      one value: whether it is recorded; not if the build does not wait for that.
-- Parameters: which_build; step: propose, approve or reject; who, why.
-- Reads:      nothing.
-- Writes:     ops.decide_build, ops.kpi_build.
create or replace function ops.decide_build(which_build bigint, step text, who text, why text)
returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    case step
        when 'propose' then
            update ops.kpi_build
            set proposed_by = who, proposed_at = clock_timestamp(), proposal_reason = why
            where build_id = which_build and state = 'held' and proposed_by is null;
        when 'approve' then
            update ops.kpi_build
            set decided_by = who, decided_at = clock_timestamp(), decision_reason = why
            where
                build_id = which_build and state = 'held'
                and proposed_by is not null and decided_by is null;
        when 'reject' then
            update ops.kpi_build
            set
                state = 'rejected', decided_by = who, decided_at = clock_timestamp(),
                decision_reason = why
            where build_id = which_build and state = 'held' and decided_by is null;
    end case;
    return found;
end
$$;

comment on function ops.decide_build(bigint, text, text, text) is
'Records who proposes, approves or refuses the release of a held build.';

revoke all on function ops.decide_build(bigint, text, text, text) from public;
grant execute on function ops.decide_build(bigint, text, text, text)
to dean06_ui, dean06_loader;
