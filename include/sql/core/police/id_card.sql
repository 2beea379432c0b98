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
    core.iso_day(issued_on) as issued_on,
    core.iso_day(expires_on) as expires_on,
    core.iso_day(revoked_on) as revoked_on,
    core.flag_of(is_deleted) as is_deleted,
    core.iso_moment(updated_at) as updated_at
from accepted
