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
      registry does not know are excluded; deceased persons are excluded too. This project's
      interpretation of “thống nhất”.
    formula_vi: Số người có họ tên, ngày sinh, giới tính và xã cư trú được các nguồn ghi thống nhất,
      trên tổng số người đang cư trú trong tỉnh tại ngày báo cáo và có trong ít nhất một nguồn khác
      ngoài CSDL quốc gia về dân cư. Bản ghi được gắn với người theo số định danh; không tính bản
      ghi thiếu số định danh, có số định danh không dùng được, bị trùng hoặc không có trong CSDL
      quốc gia về dân cư, và người đã chết. Phần mềm này tạm hiểu “thống nhất” theo cách tính này.
  - code: quality.consistent_name_share
    version: 1
    period: day
    name_en: Consistency of the name, persons on whom sources agree
    name_vi: Thống nhất về họ tên – tỷ lệ người dân khớp giữa các nguồn
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
      same letters, accents and tone marks (ignoring capitals and spaces; TCVN3 and VNI are not
      decoded there).
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
    name_vi: Thống nhất về ngày sinh – tỷ lệ người dân khớp giữa các nguồn
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
    name_vi: Thống nhất về giới tính – tỷ lệ người dân khớp giữa các nguồn
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Công an tỉnh
    legal_basis: KH 02-KH/BCĐTW ngày 19/6/2025
    formula_en: Of the persons in the denominator of the KPI “Consistency” for whom at least two
      sources have a comparable sex, the share for whom no two of these sources disagree. If a
      source does not know the sex, it is not comparable.
    formula_vi: Số người có giới tính được các nguồn ghi thống nhất, trên tổng số người thuộc phạm
      vi chỉ tiêu “Thống nhất” có giới tính so sánh được ở ít nhất hai nguồn. Nguồn không ghi giới
      tính thì không so sánh được.
  - code: quality.consistent_commune_share
    version: 1
    period: day
    name_en: Consistency of the commune of residence, persons on whom sources agree
    name_vi: Thống nhất về xã cư trú – tỷ lệ người dân khớp giữa các nguồn
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
      “Thống nhất về ngày sinh – tỷ lệ người dân khớp giữa các nguồn” vì chưa đủ hai nguồn có ngày
      sinh so sánh được. Trường hợp thiếu thông tin không tính là sai khác.
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
      “Thống nhất về giới tính – tỷ lệ người dân khớp giữa các nguồn” vì chưa đủ hai nguồn có giới
      tính so sánh được. Trường hợp thiếu thông tin không tính là sai khác.
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
      “Thống nhất về xã cư trú – tỷ lệ người dân khớp giữa các nguồn” vì chưa đủ hai nguồn có xã cư
      trú so sánh được. Trường hợp thiếu thông tin không tính là sai khác.
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
    formula_vi: Tổng số sai khác giữa hai nguồn về từng loại thông tin của những người thuộc phạm vi
      chỉ tiêu “Thống nhất”, theo cặp nguồn và loại thông tin.
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
    formula_en: Each person in the denominator of the KPI “Consistency” is counted once for each
      source (other than the registry) that has a record of the person. The value is the share of
      these counts in which that source disagrees with no other source.
    formula_vi: Mỗi người thuộc phạm vi chỉ tiêu “Thống nhất” được tính một lần cho mỗi nguồn (ngoài
      CSDL quốc gia về dân cư) có người đó; tử số là số lượt người có thông tin ở nguồn đó khớp với
      tất cả nguồn còn lại.
---*/
-- Purpose:    whether sources agree on the persons that they hold.
-- Grain:      one row per KPI, span of a person of the registry in which nothing that is stated of
--             them changes, and pair of sources and attribute, or source. Unless each is wanted
--             (by_thing), one row per number of persons more or fewer who count so from a day on.
-- Parameters: person_statement, registered_person, stated_span, source_agreement, agreeing_person:
--             parts in include/sql/kpi_build.
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

person as (
    {agreeing_person}
),

-- One pass for all KPIs: persons of a commune who begin or cease to count on a day, by what is said
-- of them.
tally as materialized (
    select
        held.commune_code,
        min(held.written_on) as written_on,
        held.counts_from,
        held.counts_to,
        min(held.personal_id) as personal_id,
        sum(held.change) filter (where held.is_consistent) as all_same,
        sum(held.change) filter (where not held.is_consistent) as all_differs,
        sum(held.change) filter (where held.name_agrees) as name_same,
        sum(held.change) filter (where not held.name_agrees) as name_differs,
        sum(held.change) filter (where held.birth_date_agrees) as birth_date_same,
        sum(held.change) filter (where not held.birth_date_agrees) as birth_date_differs,
        sum(held.change) filter (where held.sex_agrees) as sex_same,
        sum(held.change) filter (where not held.sex_agrees) as sex_differs,
        sum(held.change) filter (where held.commune_agrees) as commune_same,
        sum(held.change) filter (where not held.commune_agrees) as commune_differs,
        sum(held.change) filter (where held.education_agrees) as education_same,
        sum(held.change) filter (where not held.education_agrees) as education_differs,
        sum(held.change) filter (where held.health_agrees) as health_same,
        sum(held.change) filter (where not held.health_agrees) as health_differs,
        sum(held.change) filter (where held.insurance_agrees) as insurance_same,
        sum(held.change) filter (where not held.insurance_agrees) as insurance_differs,
        sum(held.change) filter (where held.portal_agrees) as portal_same,
        sum(held.change) filter (where not held.portal_agrees) as portal_differs,
        sum(held.change) filter (where held.birth_date_agrees is null) as birth_date_unknown,
        sum(held.change) filter (where held.sex_agrees is null) as sex_unknown,
        sum(held.change) filter (where held.commune_agrees is null) as commune_unknown
    from (
        select
            person.*,
            coalesce(person.name_agrees, true)
            and coalesce(person.birth_date_agrees, true)
            and coalesce(person.sex_agrees, true)
            and coalesce(person.commune_agrees, true) as is_consistent,
            change.counts_from,
            change.counts_to,
            change.change
        from person
        cross join
            lateral (
                values
                (person.holds_from, case when :by_thing then person.holds_to end, 1),
                (case when not :by_thing then person.holds_to end, null, -1)
            ) as change (counts_from, counts_to, change)
        where change.counts_from is not null
    ) as held
    group by
        held.commune_code, held.era, held.counts_from, held.counts_to,
        case when :by_thing then held.personal_id end
)

select
    kpi.kpi_code,
    tally.commune_code,
    tally.written_on,
    tally.counts_from,
    tally.counts_to,
    kpi.is_counted,
    kpi.members,
    'police.resident' as dataset_code,
    tally.personal_id as record_key,
    kpi.thing_count
from tally
cross join
    lateral (
        values
        ('quality.consistent_share', true, null::text[], tally.all_same),
        ('quality.consistent_share', false, null, tally.all_differs),
        ('quality.consistent_name_share', true, null, tally.name_same),
        ('quality.consistent_name_share', false, null, tally.name_differs),
        ('quality.consistent_birth_date_share', true, null, tally.birth_date_same),
        ('quality.consistent_birth_date_share', false, null, tally.birth_date_differs),
        ('quality.consistent_sex_share', true, null, tally.sex_same),
        ('quality.consistent_sex_share', false, null, tally.sex_differs),
        ('quality.consistent_commune_share', true, null, tally.commune_same),
        ('quality.consistent_commune_share', false, null, tally.commune_differs),
        (
            'quality.consistent_by_source_share',
            true,
            array['source:education'],
            tally.education_same
        ),
        (
            'quality.consistent_by_source_share',
            false,
            array['source:education'],
            tally.education_differs
        ),
        ('quality.consistent_by_source_share', true, array['source:health'], tally.health_same),
        ('quality.consistent_by_source_share', false, array['source:health'], tally.health_differs),
        (
            'quality.consistent_by_source_share',
            true,
            array['source:insurance'],
            tally.insurance_same
        ),
        (
            'quality.consistent_by_source_share',
            false,
            array['source:insurance'],
            tally.insurance_differs
        ),
        ('quality.consistent_by_source_share', true, array['source:portal'], tally.portal_same),
        ('quality.consistent_by_source_share', false, array['source:portal'], tally.portal_differs),
        ('quality.not_comparable_birth_date', true, null, tally.birth_date_unknown),
        ('quality.not_comparable_sex', true, null, tally.sex_unknown),
        ('quality.not_comparable_commune', true, null, tally.commune_unknown)
    ) as kpi (kpi_code, is_counted, members, thing_count)
where kpi.thing_count <> 0
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
