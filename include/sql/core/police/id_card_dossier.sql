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
    core.iso_moment(received_at) as received_at,
    core.iso_moment(issued_at) as issued_at,
    dossier_status,
    core.flag_of(is_deleted) as is_deleted,
    core.iso_moment(updated_at) as updated_at
from accepted
