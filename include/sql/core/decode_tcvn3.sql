-- Purpose:    read a name as TCVN 5712:1993 (VN3), its bytes taken for Latin-1. Whether it was
--             TCVN3 must be proven.
-- Grain:      one value.
-- Parameters: name: as written.
-- Reads:      nothing.
-- Writes:     core.decode_tcvn3.
--
-- TCVN 5712:1993 (VN3), its bytes read as Latin-1. No capitals with a tone exist in it.
create or replace function core.decode_tcvn3(name text) returns text
language sql immutable parallel safe as $$
select translate(
    normalize(name, NFC),
    U&'\00A1\00A2\00A3\00A4\00A5\00A6\00A7\00A8\00A9\00AA\00AB\00AC\00AD\00AE'
    || 'µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ',
    'ĂÂÊÔƠƯĐăâêôơưđ'
    || 'àảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ'
)
$$;

comment on function core.decode_tcvn3(text) is
'What a TCVN3 (ABC) text says. Only a reading: whether it was TCVN3 must be proven.';
