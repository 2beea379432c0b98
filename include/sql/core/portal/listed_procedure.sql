-- Purpose:    give the received text of portal.listed_procedure its types and meaning.
-- Grain:      one version of the listing of one procedure at one office. | Một phiên bản niêm
--             yết của một thủ tục tại một cơ quan.
-- Parameters: none.
-- Reads:      accepted (the rows of one load that broke no critical rule).
-- Writes:     nothing.
--
-- Days come as dd/mm/yyyy, times as dd/mm/yyyy hh:mm:ss in Vietnam, the session's time zone.
select
    _row,
    listing_code,
    commune_code,
    procedure_code,
    core.day_first(signed_on) as signed_on,
    core.day_first(effective_on) as effective_on,
    core.day_first(published_on) as published_on,
    core.day_first(repealed_on) as repealed_on,
    is_complete = '1' as is_complete,
    is_eligible_online = '1' as is_eligible_online,
    is_offered_online = '1' as is_offered_online,
    has_fee = '1' as has_fee,
    has_online_payment = '1' as has_online_payment,
    listing_status,
    listing_status = '9' as is_deleted,
    core.local_moment_of(updated_at) as updated_at
from accepted
