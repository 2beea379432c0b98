-- Purpose:    the last file of each part of a log that published loads have brought: what the next
--             delivery has to continue.
-- Grain:      one part: what names of pieces begin with, up to the first slash.
-- Parameters: source, dataset.
-- Reads:      ops.landing_file, ops.load.
-- Writes:     nothing.
select distinct on (split_part(file.piece_name, '/', 1))
    file.piece_no,
    file.piece_name,
    file.landed_path,
    file.sha256,
    file.byte_count,
    file.declared_count,
    file.resume_token
from ops.landing_file as file
inner join ops.load on file.load_id = load.load_id
where
    load.source_code = :source
    and load.dataset_code = :dataset
    and load.status = 'published'
    and load.corrects_load_id is null
order by split_part(file.piece_name, '/', 1), file.load_id desc, file.piece_no desc
