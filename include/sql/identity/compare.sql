-- Purpose:    the verdict on each subject for itself: the first rule that applies, in the order id,
--             registry, name, birth date, sex. Where a record has neither birth date nor sex, ID
--             and name decide alone, and the verdict says so. What other records and deaths make of
--             it comes after.
-- Grain:      one row per subject.
-- Parameters: subject: the subjects (a table or a query); registry, registry_id, registry_name,
--             registry_born_on, registry_birth_year, registry_sex, registry_present: the registry's
--             table and columns.
-- Reads:      the registry (and what subject names).
-- Writes:     compared (temporary).
create temporary table compared on commit drop as
with found as (
    select
        subject.*, -- noqa: AM04
        registered.full_name as registry_name,
        registered.born_on as registry_born_on,
        registered.birth_year as registry_birth_year,
        registered.sex as registry_sex,
        case
            when subject.id_verdict is not null then subject.id_verdict
            when registered.personal_id is not null then null
            when core.id_contradicts(subject.claimed_id, subject.birth_year, subject.sex)
                then 'invalid_id'
            else 'not_found'
        end as early_verdict
    from {subject} as subject
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
),

met as (
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
    from found
    -- Here and below: computed once, not once for every mention. A quoted 0 is a constant to the
    -- planner, a bare one is cast first, and no parallel worker runs what stands below it.
    offset '0' -- noqa: AM09
),

judged as (
    select
        met.*,
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
        end as verdict
    from met
    offset '0' -- noqa: AM09
)

select
    record_key,
    claimed_id,
    id_scope,
    event_on,
    is_living,
    is_padded,
    verdict,
    verdict as verdict_in_life,
    null::date as deceased_from,
    case
        when id_verdict = 'invalid_id' then 'malformed'
        when early_verdict = 'invalid_id' then 'contradicts'
        else nullif(concat_ws(
            ',',
            case when claimed_id is not null and is_padded then 'padded' end,
            case
                when early_verdict is not null then null
                when agreement is null then core.name_difference(full_name, registry_name)
                when agreement <> 'exact' then agreement
            end,
            case
                when
                    early_verdict is null
                    and birth_verdict = 'mismatch_birth_date'
                    and to_char(born_on, 'DDMM') = '0101'
                    then 'placeholder'
            end
        ), '')
    end as detail
from judged
