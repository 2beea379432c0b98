-- Purpose:    the sum of a member of the objects of a JSON list; 0 where there is none. An error
--             where it is no whole number.
-- Grain:      one value.
-- Parameters: written: the list; path: of the member, as $[*].Name.
-- Reads:      nothing.
-- Writes:     core.total_of (macro).
create or replace macro core.total_of(written, path) as
coalesce(
    list_sum(
        list_transform(
            cast(json_extract(written, path) as varchar[]),
            lambda said: case
                when cast(said as decimal(38, 9)) = cast(said as decimal(38, 0))
                    then cast(said as decimal(38, 0))
                else cast('not whole: ' || said as decimal(38, 0))
            end
        )
    ),
    0
);
