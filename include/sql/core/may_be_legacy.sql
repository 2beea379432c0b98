-- Purpose:    whether a name could be TCVN3 or VNI shown as Latin-1.
-- Grain:      one value.
-- Parameters: name: as written.
-- Reads:      nothing.
-- Writes:     core.may_be_legacy.
--
-- Legacy text has no letter beyond Latin-1. Capitals only ('HÒA') is proper Unicode that a decoder
-- would spoil ('HềA'): neither encoding could have written it so.
create or replace function core.may_be_legacy(name text) returns boolean
language sql immutable parallel safe as $$
select
    normalize(name, NFC) ~ '[\u00A1-\u00FF]'
    and normalize(name, NFC) !~ '[^\u0001-\u00FF]'
    and name !~ '^[A-ZÀ-ÃÈ-ÊÌÍÒ-ÕÙÚÝ\s]*$'
$$;

comment on function core.may_be_legacy(text) is
'Whether a name could be TCVN3 or VNI seen as Latin-1.';
