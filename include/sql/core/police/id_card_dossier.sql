-- Purpose:    give the received text of police.id_card_dossier its types and meaning.
-- Grain:      one version of one dossier. | Một phiên bản của một hồ sơ.
-- Parameters: none.
-- Reads:      accepted (the rows of one load that broke no critical rule).
-- Writes:     nothing.
select
    _row,
    dossier_id,
    personal_id,
    procedure_type,
    station_code,
    commune_code,
    received_at::timestamptz as received_at,
    issued_at::timestamptz as issued_at,
    dossier_status,
    is_deleted::boolean as is_deleted,
    updated_at::timestamptz as updated_at
from accepted
