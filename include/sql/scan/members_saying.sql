-- Purpose:    how many objects of a JSON list have a member that is one of some texts.
-- Grain:      one value.
-- Parameters: written: the list; path: of the member, as $[*].Name; texts: as JSON writes them,
--             with or between them.
-- Reads:      nothing.
-- Writes:     core.members_saying (macro).
create or replace macro core.members_saying(written, path, texts) as
len(
    list_filter(
        cast(json_extract(written, path) as varchar[]),
        lambda said: list_contains(string_split(texts, ' or '), said)
    )
);
