-- Purpose:    every record of a load's files of staging, with its row number.
-- Grain:      one staged record.
-- Parameters: files: the files; staged_columns: of a record.
-- Reads:      the files, pieces (number of a landed file and of its first row).
-- Writes:     staged (temporary).
create or replace temp view staged as
select
    pieces.first_row + file._line - 1 as _row,
    {staged_columns}
from {files} as file
inner join pieces on file._piece = pieces.piece_no
