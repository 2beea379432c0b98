/*---
sources: [education, health, insurance, police, portal]
position: 92
group: 4
counts: rows
independent_by: personal_id
kpis:
  - code: quality.consistent_share
    version: 1
    period: day
    name_en: Consistency, persons on whom sources agree
    name_vi: Thống nhất – tỷ lệ người dân có thông tin khớp giữa các nguồn
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Công an tỉnh
    legal_basis: KH 02-KH/BCĐTW ngày 19/6/2025
    formula_en: Of the persons living in the province on the day who also appear in at least one
      other source, the share for whom no two sources (including the population registry) disagree
      in name, birth date, sex or commune of residence. A record belongs to the person whose ID it
      has. Records without a usable ID, with an ID that several records have, or with an ID that the
      registry does not know are excluded; deceased persons are excluded too. This is the project's
      own interpretation of “thống nhất”.
    formula_vi: Số người có họ tên, ngày sinh, giới tính và xã cư trú được các nguồn ghi thống nhất,
      trên tổng số người đang cư trú trong tỉnh tại ngày báo cáo và có trong ít nhất một nguồn ngoài
      CSDL quốc gia về dân cư. Bản ghi được gắn với người theo số định danh. Không tính người đã
      chết; không tính bản ghi thiếu số định danh hoặc có số định danh không dùng được, bị trùng,
      không có trong CSDL quốc gia về dân cư. Phần mềm này tạm hiểu “thống nhất” theo cách tính này.
  - code: quality.consistent_name_share
    version: 1
    period: day
    name_en: Consistency of the name, persons on whom sources agree
    name_vi: Thống nhất về họ tên – tỷ lệ người dân có họ tên khớp giữa các nguồn
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Công an tỉnh
    legal_basis: KH 02-KH/BCĐTW ngày 19/6/2025
    formula_en: Of the persons in the denominator of the KPI “Consistency” for whom at least two
      sources have a comparable name, the share for whom no two of these sources disagree. The name
      agrees with the registry when it is the same after normalisation as in identity verification
      (also without accents). Two other sources agree when both agree with the registry or have the
      same letters, accents and tone marks (ignoring capitals and spaces; names in TCVN3 or VNI are
      not decoded for this comparison).
    formula_vi: Số người có họ tên được các nguồn ghi thống nhất, trên tổng số người thuộc phạm vi
      chỉ tiêu “Thống nhất” có họ tên so sánh được ở ít nhất hai nguồn. Họ tên được coi là khớp CSDL
      quốc gia về dân cư khi giống nhau sau chuẩn hóa như khi xác thực (kể cả không dấu). Giữa hai
      nguồn không phải CSDL quốc gia về dân cư, họ tên được coi là khớp khi cùng khớp CSDL quốc gia
      về dân cư hoặc giống nhau về chữ và dấu (không phân biệt chữ hoa, dấu cách; không giải mã
      TCVN3, VNI).
  - code: quality.consistent_birth_date_share
    version: 1
    period: day
    name_en: Consistency of the birth date, persons on whom sources agree
    name_vi: Thống nhất về ngày sinh – tỷ lệ người dân có ngày sinh khớp giữa các nguồn
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Công an tỉnh
    legal_basis: KH 02-KH/BCĐTW ngày 19/6/2025
    formula_en: Of the persons in the denominator of the KPI “Consistency” for whom at least two
      sources have a comparable birth date, the share for whom no two of these sources disagree.
      Full dates must be the same; if both have only a year, the years must be the same. A year and
      a full date of that year are not comparable.
    formula_vi: Số người có ngày sinh được các nguồn ghi thống nhất, trên tổng số người thuộc phạm
      vi chỉ tiêu “Thống nhất” có ngày sinh so sánh được ở ít nhất hai nguồn. Hai ngày sinh đầy đủ
      phải giống nhau; hai năm sinh phải giống nhau. Năm sinh và ngày sinh đầy đủ của cùng năm đó
      không so sánh được với nhau.
  - code: quality.consistent_sex_share
    version: 1
    period: day
    name_en: Consistency of the sex, persons on whom sources agree
    name_vi: Thống nhất về giới tính – tỷ lệ người dân có giới tính khớp giữa các nguồn
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Công an tỉnh
    legal_basis: KH 02-KH/BCĐTW ngày 19/6/2025
    formula_en: Of the persons in the denominator of the KPI “Consistency” for whom at least two
      sources have a comparable sex, the share for whom no two of these sources disagree. A
      source that does not record the person's sex is not compared.
    formula_vi: Số người có giới tính được các nguồn ghi thống nhất, trên tổng số người thuộc phạm
      vi chỉ tiêu “Thống nhất” có giới tính so sánh được ở ít nhất hai nguồn. Nguồn không ghi giới
      tính thì không so sánh được.
  - code: quality.consistent_commune_share
    version: 1
    period: day
    name_en: Consistency of the commune of residence, persons on whom sources agree
    name_vi: Thống nhất về xã cư trú – tỷ lệ người dân có xã cư trú khớp giữa các nguồn
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Công an tỉnh
    legal_basis: KH 02-KH/BCĐTW ngày 19/6/2025
    formula_en: Of the persons in the denominator of the KPI “Consistency” for whom at least two
      sources have a comparable commune of residence, the share for whom no two of these sources
      disagree. Only the registry and health insurance give the residence; other sources give the
      commune of a facility, a school or an office. Codes written before and after 1 July 2025 agree
      when the old commune gave the new one all or a part of its territory.
    formula_vi: Số người có xã cư trú được các nguồn ghi thống nhất, trên tổng số người thuộc phạm
      vi chỉ tiêu “Thống nhất” có xã cư trú so sánh được ở ít nhất hai nguồn. Chỉ CSDL quốc gia về
      dân cư và BHYT ghi nơi cư trú; các nguồn khác ghi xã nơi đặt cơ sở, trường hoặc bộ phận một
      cửa. Mã trước và sau ngày 01/7/2025 được coi là khớp khi toàn bộ hoặc một phần xã cũ nhập vào
      xã mới.
  - code: quality.not_comparable_birth_date
    version: 1
    period: day
    name_en: Persons whose birth date cannot be compared between sources
    name_vi: Số người có ngày sinh không so sánh được giữa các nguồn
    unit: person
    grain: commune
    additivity: additive
    has_denominator: false
    owner_agency: Công an tỉnh
    legal_basis: KH 02-KH/BCĐTW ngày 19/6/2025
    formula_en: Number of persons in the denominator of the KPI “Consistency” who are not in the
      denominator of the KPI “Consistency of the birth date”, since fewer than two sources have a
      comparable birth date. A missing value is no disagreement.
    formula_vi: Số người thuộc phạm vi chỉ tiêu “Thống nhất” nhưng không thuộc phạm vi chỉ tiêu
      “Thống nhất về ngày sinh – tỷ lệ người dân có ngày sinh khớp giữa các nguồn” vì chưa đủ hai
      nguồn có ngày sinh so sánh được. Trường hợp thiếu thông tin không tính là sai khác.
  - code: quality.not_comparable_sex
    version: 1
    period: day
    name_en: Persons whose sex cannot be compared between sources
    name_vi: Số người có giới tính không so sánh được giữa các nguồn
    unit: person
    grain: commune
    additivity: additive
    has_denominator: false
    owner_agency: Công an tỉnh
    legal_basis: KH 02-KH/BCĐTW ngày 19/6/2025
    formula_en: Number of persons in the denominator of the KPI “Consistency” who are not in the
      denominator of the KPI “Consistency of the sex”, since fewer than two sources have a
      comparable sex. A missing value is no disagreement.
    formula_vi: Số người thuộc phạm vi chỉ tiêu “Thống nhất” nhưng không thuộc phạm vi chỉ tiêu
      “Thống nhất về giới tính – tỷ lệ người dân có giới tính khớp giữa các nguồn” vì chưa đủ hai
      nguồn có giới tính so sánh được. Trường hợp thiếu thông tin không tính là sai khác.
  - code: quality.not_comparable_commune
    version: 1
    period: day
    name_en: Persons whose commune of residence cannot be compared between sources
    name_vi: Số người có xã cư trú không so sánh được giữa các nguồn
    unit: person
    grain: commune
    additivity: additive
    has_denominator: false
    owner_agency: Công an tỉnh
    legal_basis: KH 02-KH/BCĐTW ngày 19/6/2025
    formula_en: Number of persons in the denominator of the KPI “Consistency” who are not in the
      denominator of the KPI “Consistency of the commune of residence”, since fewer than two sources
      have a comparable commune of residence. A missing value is no disagreement.
    formula_vi: Số người thuộc phạm vi chỉ tiêu “Thống nhất” nhưng không thuộc phạm vi chỉ tiêu
      “Thống nhất về xã cư trú – tỷ lệ người dân có xã cư trú khớp giữa các nguồn” vì chưa đủ hai
      nguồn có xã cư trú so sánh được. Trường hợp thiếu thông tin không tính là sai khác.
  - code: quality.disagreements
    version: 1
    period: day
    name_en: Disagreements between two sources on a person
    name_vi: Số thông tin khác nhau giữa hai nguồn về cùng một người
    unit: disagreement
    grain: commune
    additivity: additive
    has_denominator: false
    owner_agency: Công an tỉnh
    legal_basis: KH 02-KH/BCĐTW ngày 19/6/2025
    breakdowns: [disagreement]
    formula_en: Number of disagreements about the persons in the denominator of the KPI
      “Consistency”, by pair of sources and attribute. For each person, an attribute in which two
      sources disagree counts once for that pair of sources.
    formula_vi: Số sai khác giữa hai nguồn về thông tin của những người thuộc phạm vi chỉ tiêu
      “Thống nhất”, theo từng cặp nguồn và từng loại thông tin. Đối với mỗi người, một loại thông
      tin mà hai nguồn ghi khác nhau được tính một lần cho cặp nguồn đó.
  - code: quality.consistent_by_source_share
    version: 1
    period: day
    name_en: Consistency by source, persons on whom a source agrees with the others
    name_vi: Thống nhất theo nguồn – tỷ lệ người dân có thông tin ở nguồn đó khớp với tất cả nguồn
      còn lại
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Công an tỉnh
    legal_basis: KH 02-KH/BCĐTW ngày 19/6/2025
    breakdowns: [source]
    formula_en: Each person in the denominator of the KPI “Consistency” forms one
      pair with each source (other than the registry) that has a record of the person. The value is
      the share of these pairs in which the source disagrees with no other source about the person.
    formula_vi: Mỗi người thuộc phạm vi chỉ tiêu “Thống nhất” được tính vào mẫu số một lần cho mỗi
      nguồn (ngoài CSDL quốc gia về dân cư) có người đó. Tử số gồm những lần tính mà thông tin ở
      nguồn đó khớp với tất cả nguồn còn lại.
---*/
-- Purpose:    whether sources agree on the persons that they hold.
-- Grain:      one row per KPI, span of a person of the registry in which nothing that is stated of
--             them changes, and pair of sources and attribute, or source. Unless each is wanted
--             (by_thing), one row per number of persons more or fewer who count so from a day on.
-- Parameters: person_statement, registered_person, stated_span, source_agreement: parts in
--             include/sql/kpi_build.
-- Reads:      reform (of this build), and what its parts read.
with stated as materialized (
    {person_statement}
),

registered as materialized (
    {registered_person}
),

said as materialized (
    {stated_span}
),

-- Almost always all say what the registry says: then nothing is compared pair by pair.
span as materialized (
    select
        personal_id,
        version_from,
        counts_from,
        counts_to,
        bool_and(name_read = '' and says_the_same) as is_plain,
        bool_or(birth_year is not null) as has_birth_date,
        bool_or(sex is not null) as has_sex,
        bool_or(commune_code is not null) as has_commune,
        bool_or(source_code = 'education') as has_education,
        bool_or(source_code = 'health') as has_health,
        bool_or(source_code = 'insurance') as has_insurance,
        bool_or(source_code = 'portal') as has_portal
    from said
    group by personal_id, version_from, counts_from, counts_to
),

compared as materialized (
    {source_agreement}
),

by_pair as (
    select
        personal_id,
        counts_from,
        bool_and(name_agrees) as name_agrees,
        bool_and(birth_date_agrees) as birth_date_agrees,
        bool_and(sex_agrees) as sex_agrees,
        bool_and(commune_agrees) as commune_agrees,
        bool_and(agrees) filter (where 'education' in (one_code, other_code)) as education_agrees,
        bool_and(agrees) filter (where 'health' in (one_code, other_code)) as health_agrees,
        bool_and(agrees) filter (where 'insurance' in (one_code, other_code)) as insurance_agrees,
        bool_and(agrees) filter (where 'portal' in (one_code, other_code)) as portal_agrees
    from (
        select
            compared.*,
            coalesce(compared.name_agrees, true)
            and coalesce(compared.birth_date_agrees, true)
            and coalesce(compared.sex_agrees, true)
            and coalesce(compared.commune_agrees, true) as agrees
        from compared
    ) as pair
    group by personal_id, counts_from
),

person as (
    select
        registered.commune_code,
        registered.written_on,
        registered.era,
        span.personal_id,
        span.counts_from,
        span.counts_to,
        span.is_plain or by_pair.name_agrees as name_agrees,
        case
            when span.is_plain then nullif(span.has_birth_date, false)
            else by_pair.birth_date_agrees
        end as birth_date_agrees,
        case
            when span.is_plain then nullif(span.has_sex, false) else by_pair.sex_agrees
        end as sex_agrees,
        case
            when span.is_plain then nullif(span.has_commune, false) else by_pair.commune_agrees
        end as commune_agrees,
        case
            when span.is_plain then nullif(span.has_education, false)
            else by_pair.education_agrees
        end as education_agrees,
        case
            when span.is_plain then nullif(span.has_health, false) else by_pair.health_agrees
        end as health_agrees,
        case
            when span.is_plain then nullif(span.has_insurance, false)
            else by_pair.insurance_agrees
        end as insurance_agrees,
        case
            when span.is_plain then nullif(span.has_portal, false) else by_pair.portal_agrees
        end as portal_agrees
    from span
    inner join registered
        on
            span.personal_id = registered.personal_id
            and span.version_from = registered.counts_from
    left join by_pair
        on
            not span.is_plain
            and span.personal_id = by_pair.personal_id
            and span.counts_from = by_pair.counts_from
),

alike as materialized (
    select
        person.commune_code,
        min(person.written_on) as written_on,
        held.counts_from,
        held.counts_to,
        person.name_agrees,
        person.birth_date_agrees,
        person.sex_agrees,
        person.commune_agrees,
        person.education_agrees,
        person.health_agrees,
        person.insurance_agrees,
        person.portal_agrees,
        min(person.personal_id) as personal_id,
        sum(held.change)::integer as thing_count
    from person
    cross join
        lateral (
            values
            (person.counts_from, case when :by_thing then person.counts_to end, 1),
            (case when not :by_thing then person.counts_to end, null, -1)
        ) as held (counts_from, counts_to, change)
    where held.counts_from is not null
    group by
        person.commune_code, person.era, held.counts_from, held.counts_to, person.name_agrees,
        person.birth_date_agrees, person.sex_agrees, person.commune_agrees,
        person.education_agrees, person.health_agrees, person.insurance_agrees,
        person.portal_agrees, case when :by_thing then person.personal_id end
    having sum(held.change) <> 0
)

select
    kpi.kpi_code,
    alike.commune_code,
    alike.written_on,
    alike.counts_from,
    alike.counts_to,
    kpi.agrees as is_counted,
    kpi.members,
    'police.resident' as dataset_code,
    alike.personal_id as record_key,
    alike.thing_count
from alike
cross join
    lateral (
        values
        (
            'quality.consistent_share',
            coalesce(alike.name_agrees, true)
            and coalesce(alike.birth_date_agrees, true)
            and coalesce(alike.sex_agrees, true)
            and coalesce(alike.commune_agrees, true),
            null::text[]
        ),
        ('quality.consistent_name_share', alike.name_agrees, null),
        ('quality.consistent_birth_date_share', alike.birth_date_agrees, null),
        ('quality.consistent_sex_share', alike.sex_agrees, null),
        ('quality.consistent_commune_share', alike.commune_agrees, null),
        (
            'quality.not_comparable_birth_date',
            case when alike.birth_date_agrees is null then true end,
            null
        ),
        ('quality.not_comparable_sex', case when alike.sex_agrees is null then true end, null),
        (
            'quality.not_comparable_commune',
            case when alike.commune_agrees is null then true end,
            null
        ),
        (
            'quality.consistent_by_source_share', alike.education_agrees,
            array['source:education']
        ),
        ('quality.consistent_by_source_share', alike.health_agrees, array['source:health']),
        (
            'quality.consistent_by_source_share', alike.insurance_agrees,
            array['source:insurance']
        ),
        ('quality.consistent_by_source_share', alike.portal_agrees, array['source:portal'])
    ) as kpi (kpi_code, agrees, members)
where kpi.agrees is not null
union all
select
    'quality.disagreements' as kpi_code,
    registered.commune_code,
    registered.written_on,
    compared.counts_from,
    compared.counts_to,
    true as is_counted,
    array[
        concat('disagreement:', compared.one_code, '/', compared.other_code, '/', attribute.name)
    ] as members,
    'police.resident' as dataset_code,
    compared.personal_id as record_key,
    1 as thing_count
from compared
inner join registered
    on
        compared.personal_id = registered.personal_id
        and compared.version_from = registered.counts_from
cross join
    lateral (
        values
        ('name', compared.name_agrees),
        ('birth_date', compared.birth_date_agrees),
        ('sex', compared.sex_agrees),
        ('commune', compared.commune_agrees)
    ) as attribute (name, agrees)
where not attribute.agrees
