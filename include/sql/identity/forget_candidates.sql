-- Purpose:    make room for the candidates that are found anew.
-- Grain:      one row per candidate.
-- Parameters: dataset; chosen: of which records.
-- Reads:      for_review.
delete from core.identity_candidate as candidate
where candidate.dataset_code = {dataset} and {chosen}
