-- Purpose:    give the received text of portal.dossier its types and meaning.
-- Grain:      one version of one dossier. | Một phiên bản của một hồ sơ.
-- Parameters: none.
-- Reads:      accepted (the rows of one load that broke no critical rule).
-- Writes:     nothing.
--
-- Times come as dd/mm/yyyy hh:mm:ss in Vietnam, the session's time zone. No rule speaks of the
-- arrays and the modelled fields: what cannot be read in them is empty and counts as none.
with readable as (
    select
        received.*,
        case
            when pg_input_is_valid(received.components, 'jsonb') then received.components::jsonb
        end as component_list,
        case
            when pg_input_is_valid(received.results, 'jsonb') then received.results::jsonb
        end as result_list,
        case
            when pg_input_is_valid(received.fees, 'jsonb') then received.fees::jsonb
        end as fee_list
    from accepted as received
)

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
    component_list as components,
    jsonb_array_length(jsonb_path_query_array(component_list, '$[*]'))::smallint as component_count,
    jsonb_array_length(
        jsonb_path_query_array(component_list, '$[*] ? (@.DuocSoHoa == "1")')
    )::smallint as digitised_component_count,
    jsonb_array_length(
        jsonb_path_query_array(
            component_list, '$[*] ? (@.DuocTaiSuDung == "1" || @.DuocTaiSuDung == "2")'
        )
    )::smallint as reused_component_count,
    jsonb_array_length(
        jsonb_path_query_array(component_list, '$[*] ? (@.DuocLayTuKhoDMQG == "1")')
    )::smallint as from_store_component_count,
    result_list as results,
    jsonb_path_exists(
        result_list, '$[*].DuongDanTepTinKetQua ? (@ != null && @ != "")'
    ) as has_electronic_result,
    fee_list as fees,
    (
        select coalesce(sum(fee.gia::numeric), 0)
        from jsonb_path_query(readable.fee_list, '$[*].Gia ? (@.type() == "number")') as fee (gia)
    ) as fee_total,
    case
        when supplement_count ~ '^\d{1,4}$' then supplement_count::smallint
    end as supplement_count,
    case
        when supplement_days ~ '^\d{1,4}$' then supplement_days::smallint
    end as supplement_days,
    rating,
    to_timestamp(updated_at, 'DD/MM/YYYY HH24:MI:SS') as updated_at
from readable
