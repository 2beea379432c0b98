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
    core.moment_of(received_at) as received_at,
    core.moment_of(issued_at) as issued_at,
    dossier_status,
    is_deleted::boolean as is_deleted,
    core.moment_of(updated_at) as updated_at
from accepted
