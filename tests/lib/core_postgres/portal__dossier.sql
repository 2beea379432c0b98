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
    to_timestamp(submitted_at, 'DD/MM/YYYY HH24:MI:SS') as submitted_at,
    to_timestamp(received_at, 'DD/MM/YYYY HH24:MI:SS') as received_at,
    to_timestamp(due_at, 'DD/MM/YYYY HH24:MI:SS') as due_at,
    to_timestamp(finished_at, 'DD/MM/YYYY HH24:MI:SS') as finished_at,
    to_timestamp(returned_at, 'DD/MM/YYYY HH24:MI:SS') as returned_at,
    return_method,
    dossier_status,
    dossier_status = '9' as is_deleted,
    commune_code,
    has_digitised_components = '1' as has_digitised_components,
    is_vneid_verified = '1' as is_vneid_verified,
    online_payment,
    database_consulted,
    components::jsonb as components,
    jsonb_array_length(components::jsonb)::smallint as component_count,
    jsonb_array_length(
        jsonb_path_query_array(components::jsonb, '$[*] ? (@.DuocSoHoa == "1")')
    )::smallint as digitised_component_count,
    jsonb_array_length(
        jsonb_path_query_array(
            components::jsonb, '$[*] ? (@.DuocTaiSuDung == "1" || @.DuocTaiSuDung == "2")'
        )
    )::smallint as reused_component_count,
    jsonb_array_length(
        jsonb_path_query_array(components::jsonb, '$[*] ? (@.DuocLayTuKhoDMQG == "1")')
    )::smallint as from_store_component_count,
    results::jsonb as results,
    jsonb_path_exists(
        results::jsonb, '$[*].DuongDanTepTinKetQua ? (@ != null && @ != "")'
    ) as has_electronic_result,
    fees::jsonb as fees,
    (
        select coalesce(sum(fee.gia::numeric), 0)
        from jsonb_path_query(accepted.fees::jsonb, '$[*].Gia') as fee (gia)
    ) as fee_total,
    supplement_count::smallint as supplement_count,
    supplement_days::smallint as supplement_days,
    rating,
    to_timestamp(updated_at, 'DD/MM/YYYY HH24:MI:SS') as updated_at
from accepted
