-- Purpose:    make room for the candidates that are found again.
-- Grain:      one row per candidate.
-- Parameters: dataset; chosen: of which records.
-- Reads:      nothing (for_review, where chosen names it).
-- Writes:     core.identity_candidate.
delete from core.identity_candidate as candidate
where candidate.dataset_code = {dataset} and {chosen}
