-- Purpose:    whether an object of a JSON list has a member that is a text, and no empty one.
-- Grain:      one value.
-- Parameters: written: the list; path: of the member, as $[*].Name.
-- Reads:      nothing.
-- Writes:     core.has_text (macro).
create or replace macro core.has_text(written, path) as
len(
    list_filter(
        cast(json_extract(written, path) as varchar[]),
        lambda said: starts_with(said, '"') and said != '""'
    )
) > 0;
