-- Purpose:    read a name as VNI for Windows, its bytes taken for Latin-1. Whether it was VNI must
--             be proven.
-- Grain:      one value.
-- Parameters: name: as written.
-- Reads:      nothing.
-- Writes:     core.decode_vni.
--
-- VNI for Windows: a vowel, then a mark that is a letter of its own. Every mark means one thing, so
-- marks become combining characters one by one, whatever the order.
create or replace function core.decode_vni(name text) returns text
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
