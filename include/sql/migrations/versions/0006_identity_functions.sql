-- Purpose:    what names and personal ids are compared by. Match keys never replace what is stored.
-- Grain:      none (functions only).
-- Parameters: none.
-- Reads:      nothing.
--
-- All are immutable and speak of code points only, so that they mean the same under any locale and
-- any provider: after NFD every Vietnamese letter but đ is a Latin letter with combining marks, and
-- ASCII is all that is left to fold.

-- Personal identification number (NĐ 137/2015/NĐ-CP, điều 13; province codes TT 59/2021/TT-BCA):
-- province of birth registration, century and sex, year, six digits.
create function core.is_personal_id(id text) returns boolean
language sql immutable parallel safe as $$
select id ~ (
    '^0(0[12468]|1[0-24579]|2[024-7]|3[013-8]|4[024-689]|5[12468]|6[024678]|7[024579]'
    || '|8[02-4679]|9[1-6])[0-3][0-9]{8}$'
)
$$;
comment on function core.is_personal_id(text) is
'Whether twelve digits are built as a personal id. No check digit: not that it is anybody''s.';

create function core.id_contradicts(id text, birth_year integer, sex text) returns boolean
language sql immutable parallel safe as $$
select
    coalesce(
        birth_year
        <> 1900 + 100 * (substr(id, 4, 1)::integer / 2) + substr(id, 5, 2)::integer, false
    )
    or coalesce(
        sex <> case substr(id, 4, 1)::integer % 2 when 0 then 'male' else 'female' end, false
    )
$$;
comment on function core.id_contradicts(text, integer, text) is
'Whether the digits of a well-formed id speak of another birth year or sex. Unknown: no.';

-- The steps of a match key, one difference of spelling each.
-- Ð and ð (eth) are often typed for Đ and đ.
create function core.decomposed(name text) returns text
language sql immutable parallel safe as $$
select translate(normalize(name, NFD), 'Ðð', 'Đđ')
$$;
comment on function core.decomposed(text) is 'A name in Unicode NFD.';

-- Dropped: soft hyphen, zero width characters and joiners. Space: NBSP and every other one.
create function core.well_spaced(name text) returns text
language sql immutable parallel safe as $$
select btrim(regexp_replace(
    regexp_replace(name, '[\u00AD\u200B-\u200F\u2060-\u2064\uFEFF]+', '', 'g'),
    '[\u0009-\u000D\u0020\u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]+',
    ' ', 'g'
))
$$;
comment on function core.well_spaced(text) is
'A name with single spaces between its words and nothing invisible in it.';

create function core.lower_case(name text) returns text
language sql immutable parallel safe as $$
select translate(name, 'ABCDEFGHIJKLMNOPQRSTUVWXYZĐ', 'abcdefghijklmnopqrstuvwxyzđ')
$$;
comment on function core.lower_case(text) is 'A decomposed Vietnamese name in small letters.';

create function core.tone_last(name text) returns text
language sql immutable parallel safe as $$
select regexp_replace(
    name,
    '([\u0300\u0301\u0303\u0309\u0323])'
    || '([^\u0009-\u000D\u0020\u0085\u00A0\u1680\u2000-\u200B\u2028\u2029\u202F\u205F\u3000]+)',
    '\2\1', 'g'
)
$$;
comment on function core.tone_last(text) is
'A decomposed name with the tone mark of each word at its end: hòa and hoà are one.';

create function core.name_key(name text) returns text
language sql immutable parallel safe as $$
select core.tone_last(core.lower_case(core.well_spaced(core.decomposed(name))))
$$;
comment on function core.name_key(text) is
'Match key of a name: Unicode form, spaces, capitals and placement of the tone do not count.';

create function core.spelling_differences(name text, other text) returns text
language sql immutable parallel safe as $$
select coalesce(nullif(concat_ws(
    ',',
    case when (name is nfc normalized) <> (other is nfc normalized) then 'nfc' end,
    case
        when core.tone_last(core.lower_case(core.decomposed(name)))
            <> core.tone_last(core.lower_case(core.decomposed(other))) then 'spacing'
    end,
    case
        when core.tone_last(core.well_spaced(core.decomposed(name)))
            <> core.tone_last(core.well_spaced(core.decomposed(other))) then 'case'
    end,
    case
        when core.lower_case(core.well_spaced(core.decomposed(name)))
            <> core.lower_case(core.well_spaced(core.decomposed(other))) then 'tone'
    end
), ''), 'letter')
$$;
comment on function core.spelling_differences(text, text) is
'What had to be folded for two names of one match key: nfc, spacing, case, tone, letter (eth).';

create function core.without_accents(key text) returns text
language sql immutable parallel safe as $$
select replace(regexp_replace(key, '[\u0300-\u036F]', '', 'g'), 'đ', 'd')
$$;
comment on function core.without_accents(text) is
'A match key as typed without diacritics; equal to the key when the name has none.';

create function core.plain_name(name text) returns text
language sql immutable parallel safe as $$
select core.without_accents(core.lower_case(core.decomposed(name)))
$$;
comment on function core.plain_name(text) is
'A name in small letters without diacritics, for likeness: trigrams look past spaces.';

-- TCVN 5712:1993 (VN3), its bytes read as Latin-1. No capitals with a tone exist in it.
create function core.decode_tcvn3(name text) returns text
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

-- VNI for Windows: a vowel, then a mark that is a letter of its own. Every mark means one thing, so
-- marks become combining characters one by one, whatever the order.
create function core.decode_vni(name text) returns text
language sql immutable parallel safe as $$
select replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
    translate(
        translate(
            normalize(name, NFC),
            'ÙØÛÕÏÂÁÀÅÃÄÊÉÈÚÜËÔÖÆÓÒÎÑÍÌ', 'ùøûõïâáàåãäêéèúüëôöæóòîñíì'
        ),
        'ôöæóòîñùøûõïâê',
        U&'ơưỉĩịỵđ\0301\0300\0309\0303\0323\0302\0306'
    ),
    'á', U&'\0302\0301'), 'à', U&'\0302\0300'), 'å', U&'\0302\0309'), 'ã', U&'\0302\0303'),
    'ä', U&'\0302\0323'), 'é', U&'\0306\0301'), 'è', U&'\0306\0300'), 'ú', U&'\0306\0309'),
    'ü', U&'\0306\0303'), 'ë', U&'\0306\0323')
$$;
comment on function core.decode_vni(text) is
'What a VNI text says, accented letters in lower case. Only a reading: it must be proven.';

-- Legacy text has no letter beyond Latin-1. Capitals only ('HÒA') is proper Unicode that a decoder
-- would spoil ('HềA'): neither encoding could have written it so.
create function core.may_be_legacy(name text) returns boolean
language sql immutable parallel safe as $$
select
    normalize(name, NFC) ~ '[\u00A1-\u00FF]'
    and normalize(name, NFC) !~ '[^\u0001-\u00FF]'
    and name !~ '^[A-ZÀ-ÃÈ-ÊÌÍÒ-ÕÙÚÝ\s]*$'
$$;
comment on function core.may_be_legacy(text) is
'Whether a name could be TCVN3 or VNI seen as Latin-1.';

create function core.name_agreement(name text, registry_name text) returns text
language plpgsql immutable parallel safe as $$
declare
    key text;
    registry_key text;
    plain text;
    registry_plain text;
begin
    if name = registry_name then
        return 'exact';
    end if;
    key := core.name_key(name);
    registry_key := core.name_key(registry_name);
    if key = registry_key then
        return core.spelling_differences(name, registry_name);
    end if;
    if core.may_be_legacy(name) then
        if core.name_key(core.decode_tcvn3(name)) = registry_key then
            return 'tcvn3';
        elsif core.name_key(core.decode_vni(name)) = registry_key then
            return 'vni';
        end if;
    end if;
    plain := core.without_accents(key);
    registry_plain := core.without_accents(registry_key);
    if plain = registry_plain and (plain = key or registry_plain = registry_key) then
        return 'unaccented';
    end if;
    return null;
end
$$;
comment on function core.name_agreement(text, text) is
'exact, what had to be folded, tcvn3, vni, or null: they disagree. unaccented needs a second key.';

create function core.name_difference(name text, registry_name text) returns text
language sql immutable parallel safe as $$
select case
    when words.words = words.registry_words then 'accents'
    when sorted.words = sorted.registry_words then 'reordered'
    when
        words.words[1] = words.registry_words[1]
        and words.words[cardinality(words.words)]
        = words.registry_words[cardinality(words.registry_words)]
        and (words.words <@ words.registry_words or words.registry_words <@ words.words)
        then 'middle_dropped'
    else 'other'
end
from (
    select
        string_to_array(core.without_accents(core.name_key(name)), ' ') as words,
        string_to_array(core.without_accents(core.name_key(registry_name)), ' ') as registry_words
) as words
cross join lateral (
    select
        array(select word from unnest(words.words) as word order by word collate "C") as words,
        array(
            select word from unnest(words.registry_words) as word order by word collate "C"
        ) as registry_words
) as sorted
$$;
comment on function core.name_difference(text, text) is
'Of what kind a disagreement of names is, for the steward who reads it.';
