-- Purpose:    the verdict on each subject: the first rule that applies, in the order id,
--             duplicates, registry, name, birth date, sex, death. Where a record has neither birth
--             date nor sex, ID and name decide alone, and the verdict says so. A state is one of a
--             deceased from the day of death on, an event only if it is dated after that day.
-- Grain:      one row per subject.
-- Parameters: registry, registry_id, registry_name, registry_born_on, registry_birth_year,
--             registry_sex, registry_present: the registry's table and columns.
-- Reads:      subject, death, the registry.
-- Writes:     compared (temporary).
create temporary table compared on commit drop as
with shared as materialized (
    select
        claimed_id,
        id_scope
    from subject
    where id_scope is not null
    group by claimed_id, id_scope
    having count(*) > 1
),

agreed as (
    select
        met.record_key,
        met.claimed_id,
        met.id_scope,
        met.event_on,
        met.is_living,
        met.died_on,
        case
            when met.early_verdict is not null then met.early_verdict
            when met.agreement is null then 'mismatch_name'
            -- Without accents many are called the same: birth date and sex must say so too.
            when
                met.agreement = 'unaccented'
                and met.has_birth
                and not (met.birth_verdict is null and coalesce(met.has_same_sex, false))
                then 'mismatch_name'
            when met.birth_verdict is not null then met.birth_verdict
            when not met.has_same_sex then 'mismatch_sex'
            when not met.has_birth and met.sex is null then 'verified_by_name'
            when met.agreement <> 'exact' or met.is_padded then 'verified_after_normalisation'
            else 'verified'
        end as verdict_in_life,
        case
            when met.id_verdict = 'invalid_id' then 'malformed'
            when met.early_verdict = 'invalid_id' then 'contradicts'
            else nullif(concat_ws(
                ',',
                case when met.claimed_id is not null and met.is_padded then 'padded' end,
                case
                    when met.early_verdict is not null then null
                    when met.agreement is null
                        then core.name_difference(met.full_name, met.registry_name)
                    when met.agreement <> 'exact' then met.agreement
                end,
                case
                    when
                        met.early_verdict is null
                        and met.birth_verdict = 'mismatch_birth_date'
                        and to_char(met.born_on, 'DDMM') = '0101'
                        then 'placeholder'
                end
            ), '')
        end as detail
    from (
        select
            found.*,
            case
                when found.early_verdict is not null then null
                when found.full_name = found.registry_name then 'exact'
                else core.name_agreement(found.full_name, found.registry_name)
            end as agreement,
            case
                when found.birth_year is null or found.registry_birth_year is null then null
                when found.birth_year <> found.registry_birth_year then 'mismatch_birth_date'
                when found.born_on = found.registry_born_on then null
                when found.born_on is null and found.registry_born_on is null then null
                when found.born_on is null or found.registry_born_on is null
                    then 'mismatch_birth_date_year_only'
                when
                    extract(day from found.born_on) = extract(month from found.registry_born_on)
                    and extract(month from found.born_on) = extract(day from found.registry_born_on)
                    then 'mismatch_birth_date_swapped'
                else 'mismatch_birth_date'
            end as birth_verdict,
            found.birth_year is not null as has_birth,
            found.sex = found.registry_sex as has_same_sex
        from (
            select
                subject.*,
                registered.full_name as registry_name,
                registered.born_on as registry_born_on,
                registered.birth_year as registry_birth_year,
                registered.sex as registry_sex,
                death.died_on,
                case
                    when subject.id_verdict is not null then subject.id_verdict
                    when shared.claimed_id is not null then 'duplicate_id'
                    when registered.personal_id is not null then null
                    when core.id_contradicts(subject.claimed_id, subject.birth_year, subject.sex)
                        then 'invalid_id'
                    else 'not_found'
                end as early_verdict
            from subject
            left join shared
                on subject.claimed_id = shared.claimed_id and subject.id_scope = shared.id_scope
            left join (
                select
                    {registry_id} as personal_id,
                    {registry_name} as full_name,
                    {registry_born_on} as born_on,
                    {registry_birth_year} as birth_year,
                    {registry_sex} as sex
                from {registry} as record
                where {registry_present}
            ) as registered
                on subject.claimed_id = registered.personal_id
            left join death on subject.claimed_id = death.personal_id
        ) as found
        -- Keeps names from being compared once for every mention of the result.
        offset 0 -- noqa: AM09
    ) as met
),

since as (
    select
        agreed.*,
        case
            when
                agreed.verdict_in_life not in (
                    'verified', 'verified_after_normalisation', 'verified_by_name'
                )
                then null
            when agreed.event_on is null then agreed.died_on
            when agreed.event_on > agreed.died_on then agreed.event_on
        end as deceased_from
    from agreed
)

select
    record_key,
    claimed_id,
    id_scope,
    case
        when deceased_from is not null and is_living then 'deceased' else verdict_in_life
    end as verdict,
    verdict_in_life,
    deceased_from,
    detail
from since
