-- Purpose:    keep tables of evidence append-only.
-- Grain:      none (trigger function).
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     ops.refuse_rewriting; triggers of ops.agency_receipt, ops.api_token,
--             ops.audit_head, ops.audit_link, ops.audit_note, ops.correction_event, ops.day_read,
--             ops.kpi_build_basis, ops.kpi_input, ops.kpi_publication_basis, ops.payload_read,
--             ops.publication_head, ops.publication_leaf, ops.purge, ops.recomputation, ops.replay,
--             ops.replaced_purge, ops.replay_decision, ops.replay_hold, ops.replay_row,
--             ops.restricted_person, ops.subject_request, ops.value_read.
create or replace function ops.refuse_rewriting() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    raise exception 'rows of this table cannot be changed or deleted' using errcode = '55000';
end
$$;

comment on function ops.refuse_rewriting() is 'Keeps tables of evidence append-only.';

create or replace trigger payload_read_is_append_only before update or delete or truncate
on ops.payload_read for each statement execute function ops.refuse_rewriting();
create or replace trigger value_read_is_append_only before update or delete or truncate
on ops.value_read for each statement execute function ops.refuse_rewriting();
create or replace trigger day_read_is_append_only before update or delete or truncate
on ops.day_read for each statement execute function ops.refuse_rewriting();
create or replace trigger purge_is_append_only before update or delete or truncate
on ops.purge for each statement execute function ops.refuse_rewriting();
create or replace trigger replay_is_append_only before update or delete or truncate
on ops.replay for each statement execute function ops.refuse_rewriting();
create or replace trigger replay_row_is_append_only before delete or truncate
on ops.replay_row for each statement execute function ops.refuse_rewriting();
create or replace trigger subject_request_is_append_only before update or delete or truncate
on ops.subject_request for each statement execute function ops.refuse_rewriting();
create or replace trigger restricted_person_is_not_deleted before delete or truncate
on ops.restricted_person for each statement execute function ops.refuse_rewriting();
create or replace trigger api_token_is_not_deleted before delete or truncate
on ops.api_token for each statement execute function ops.refuse_rewriting();
create or replace trigger replay_hold_is_append_only before update or delete or truncate
on ops.replay_hold for each statement execute function ops.refuse_rewriting();
create or replace trigger replay_decision_is_append_only before update or delete or truncate
on ops.replay_decision for each statement execute function ops.refuse_rewriting();
create or replace trigger audit_note_is_append_only before update or delete or truncate
on ops.audit_note for each statement execute function ops.refuse_rewriting();
create or replace trigger audit_head_is_append_only before update or delete or truncate
on ops.audit_head for each statement execute function ops.refuse_rewriting();
create or replace trigger audit_link_is_append_only before update or delete or truncate
on ops.audit_link for each statement execute function ops.refuse_rewriting();
create or replace trigger correction_event_is_append_only before update or delete or truncate
on ops.correction_event for each statement execute function ops.refuse_rewriting();
create or replace trigger agency_receipt_is_append_only before update or delete or truncate
on ops.agency_receipt for each statement execute function ops.refuse_rewriting();
create or replace trigger publication_leaf_is_append_only before update or delete or truncate
on ops.publication_leaf for each statement execute function ops.refuse_rewriting();
create or replace trigger publication_head_is_append_only before update or delete or truncate
on ops.publication_head for each statement execute function ops.refuse_rewriting();
create or replace trigger kpi_input_is_append_only before update or delete or truncate
on ops.kpi_input for each statement execute function ops.refuse_rewriting();
create or replace trigger kpi_build_basis_is_append_only before update or delete or truncate
on ops.kpi_build_basis for each statement execute function ops.refuse_rewriting();
create or replace trigger kpi_publication_basis_is_append_only before update or delete or truncate
on ops.kpi_publication_basis for each statement execute function ops.refuse_rewriting();
create or replace trigger replaced_purge_is_append_only before update or delete or truncate
on ops.replaced_purge for each statement execute function ops.refuse_rewriting();
create or replace trigger recomputation_is_append_only before update or delete or truncate
on ops.recomputation for each statement execute function ops.refuse_rewriting();
