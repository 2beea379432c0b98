-- Purpose:    give the received text of portal.dossier its types and meaning.
-- Grain:      one version of one dossier. | Một phiên bản của một hồ sơ.
-- Parameters: none.
-- Reads:      accepted (the rows of one load that broke no critical rule).
-- Writes:     nothing.
--
-- Times come as dd/mm/yyyy hh:mm:ss in Vietnam, the session's time zone.
select
    _row,
    dossier_code,
    procedure_code,
    field_code,
    coalesce(channel_code, '1') as channel_code,
    applicant_type,
    applicant_name,
    id_type,
    personal_id,
    core.local_moment_of(submitted_at) as submitted_at,
    core.local_moment_of(received_at) as received_at,
    core.local_moment_of(due_at) as due_at,
    core.local_moment_of(finished_at) as finished_at,
    core.local_moment_of(returned_at) as returned_at,
    return_method,
    dossier_status,
    dossier_status = '9' as is_deleted,
    commune_code,
    has_digitised_components = '1' as has_digitised_components,
    is_vneid_verified = '1' as is_vneid_verified,
    online_payment,
    database_consulted,
    core.json_list(components) as components,
    json_array_length(components)::smallint as component_count,
    core.members_saying(components, '$[*].DuocSoHoa', '"1"')::smallint
        as digitised_component_count,
    core.members_saying(components, '$[*].DuocTaiSuDung', '"1" or "2"')::smallint
        as reused_component_count,
    core.members_saying(components, '$[*].DuocLayTuKhoDMQG', '"1"')::smallint
        as from_store_component_count,
    core.json_list(results) as results,
    core.has_text(results, '$[*].DuongDanTepTinKetQua') as has_electronic_result,
    core.json_list(fees) as fees,
    core.total_of(fees, '$[*].Gia') as fee_total,
    core.whole_number(supplement_count)::smallint as supplement_count,
    core.whole_number(supplement_days)::smallint as supplement_days,
    rating,
    core.local_moment_of(updated_at) as updated_at
from accepted
