-- Purpose:    give the received text of police.id_card its types and meaning.
-- Grain:      one version of one card. | Một phiên bản của một thẻ.
-- Parameters: none.
-- Reads:      accepted (the rows of one load that broke no critical rule).
-- Writes:     nothing.
select
    _row,
    card_no,
    personal_id,
    dossier_id,
    commune_code,
    issued_on::date as issued_on,
    expires_on::date as expires_on,
    revoked_on::date as revoked_on,
    is_deleted::boolean as is_deleted,
    core.moment_of(updated_at) as updated_at
from accepted
