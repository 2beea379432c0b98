-- Purpose:    record that a head of the audit chain is signed and its file stored. It runs as the
--             owner: no service changes what was recorded. A made-up head would count as one that
--             covers all that comes, and nobody would be told that the chain is not signed.
-- Grain:      one head; nothing when it is recorded already, or no head of the chain.
-- Parameters: of_entry, of_hash, signed, moment: place, hash, signature and when it was made.
-- Reads:      ops.audit_link.
-- Writes:     ops.record_head, ops.audit_head.
create or replace function ops.record_head(
    of_entry bigint, of_hash text, signed text, moment timestamptz
) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
insert into ops.audit_head (entry_no, hash, signature, signed_at)
select link.entry_no, of_hash, signed, moment
from ops.audit_link as link
where link.entry_no = of_entry and encode(link.hash, 'hex') = of_hash
on conflict (entry_no) do nothing
$$;

comment on function ops.record_head(bigint, text, text, timestamptz) is
'Records that a head of the audit chain is signed and its file stored.';

revoke all on function ops.record_head(bigint, text, text, timestamptz) from public;
grant execute on function ops.record_head(bigint, text, text, timestamptz) to dean06_loader;
