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
    formula_en: Of the persons who live in the province on the day and whom at least one other
      source holds beside the population registry, those on whom no two sources disagree in name,
      birth date, sex or commune of residence. A record is of the person whose ID it shows; records
      without a usable ID, with one that several records carry or that the registry does not know
      are left out, and so are the dead. Our reading of “thống nhất”.
    formula_vi: Trong số người đang cư trú trong tỉnh tại ngày báo cáo và có trong ít nhất một
      nguồn khác ngoài CSDL quốc gia về dân cư, số người mà không có hai nguồn nào ghi khác nhau về
      họ tên, ngày sinh, giới tính hoặc xã cư trú. Bản ghi được gắn với người theo số định danh;
      không tính bản ghi thiếu số định danh, số không dùng được, bị trùng hoặc không có trong CSDL,
      và người đã chết. Cách hiểu của dự án về “thống nhất”.
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
    formula_en: Persons of quality.consistent_share of whom at least two sources give a comparable
      name, and those among them on whom no two of these sources disagree. The name agrees when it
      is the registry's after normalisation as in identity verification (also without accents), and,
      between two other sources, when both agree with the registry or have the same letters, accents
      and tone marks (capitals and spaces apart; TCVN3 and VNI are not decoded there).
    formula_vi: Trong số người của quality.consistent_share có họ tên so sánh được ở ít nhất hai
      nguồn, số người mà các nguồn này không ghi khác nhau. Họ tên khớp khi giống CSDL quốc gia về
      dân cư sau chuẩn hóa như khi xác thực (kể cả không dấu); giữa hai nguồn khác, khi cùng khớp
      CSDL hoặc giống nhau về chữ và dấu (không kể chữ hoa, dấu cách; không giải mã TCVN3, VNI).
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
    formula_en: Persons of quality.consistent_share of whom at least two sources give a comparable
      birth date, and those among them on whom no two of these sources disagree. Whole dates must be
      the same; two years alone must be the same. A year beside a whole date of that year is not
      comparable.
    formula_vi: Trong số người của quality.consistent_share có ngày sinh so sánh được ở ít nhất
      hai nguồn, số người mà các nguồn này không ghi khác nhau. Hai ngày sinh đầy đủ phải giống
      nhau; hai năm sinh phải giống nhau. Năm sinh so với ngày sinh đầy đủ của cùng năm là không so
      sánh được.
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
    formula_en: Persons of quality.consistent_share of whom at least two sources give a comparable
      sex, and those among them on whom no two of these sources disagree. A sex that a source does
      not know is not comparable.
    formula_vi: Trong số người của quality.consistent_share có giới tính so sánh được ở ít nhất
      hai nguồn, số người mà các nguồn này không ghi khác nhau. Nguồn không ghi giới tính thì không
      so sánh được.
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
    formula_en: Persons of quality.consistent_share of whom at least two sources give a comparable
      commune of residence, and those among them on whom no two of these sources disagree. Only the
      registry and health insurance say where a person lives; other sources give the commune of a
      facility, a school or an office. Codes written before and after 1 July 2025 agree when the old
      commune gave the new one all or a part of its territory.
    formula_vi: Trong số người của quality.consistent_share có xã cư trú so sánh được ở ít nhất
      hai nguồn, số người mà các nguồn này không ghi khác nhau. Chỉ CSDL quốc gia về dân cư và BHYT
      ghi nơi cư trú; các nguồn khác ghi xã của cơ sở, trường hoặc bộ phận một cửa. Mã trước và sau
      ngày 01/7/2025 khớp khi xã cũ nhập toàn bộ hoặc một phần vào xã mới.
  - code: quality.not_comparable_birth_date
    version: 1
    period: day
    name_en: Persons whose birth date cannot be compared between sources
    name_vi: Số người không so sánh được ngày sinh giữa các nguồn
    unit: person
    grain: commune
    additivity: additive
    has_denominator: false
    owner_agency: Công an tỉnh
    legal_basis: KH 02-KH/BCĐTW ngày 19/6/2025
    formula_en: Persons of quality.consistent_share who are not in
      quality.consistent_birth_date_share, since fewer than two sources give a comparable birth
      date. A missing value is no disagreement.
    formula_vi: Số người của quality.consistent_share không thuộc
      quality.consistent_birth_date_share vì chưa đủ hai nguồn có ngày sinh so sánh được. Thiếu
      thông tin không tính là sai khác.
  - code: quality.not_comparable_sex
    version: 1
    period: day
    name_en: Persons whose sex cannot be compared between sources
    name_vi: Số người không so sánh được giới tính giữa các nguồn
    unit: person
    grain: commune
    additivity: additive
    has_denominator: false
    owner_agency: Công an tỉnh
    legal_basis: KH 02-KH/BCĐTW ngày 19/6/2025
    formula_en: Persons of quality.consistent_share who are not in quality.consistent_sex_share,
      since fewer than two sources give a comparable sex. A missing value is no disagreement.
    formula_vi: Số người của quality.consistent_share không thuộc quality.consistent_sex_share vì
      chưa đủ hai nguồn có giới tính so sánh được. Thiếu thông tin không tính là sai khác.
  - code: quality.not_comparable_commune
    version: 1
    period: day
    name_en: Persons whose commune of residence cannot be compared between sources
    name_vi: Số người không so sánh được xã cư trú giữa các nguồn
    unit: person
    grain: commune
    additivity: additive
    has_denominator: false
    owner_agency: Công an tỉnh
    legal_basis: KH 02-KH/BCĐTW ngày 19/6/2025
    formula_en: Persons of quality.consistent_share who are not in
      quality.consistent_commune_share, since fewer than two sources give a comparable commune of
      residence. A missing value is no disagreement.
    formula_vi: Số người của quality.consistent_share không thuộc quality.consistent_commune_share
      vì chưa đủ hai nguồn có xã cư trú so sánh được. Thiếu thông tin không tính là sai khác.
  - code: quality.disagreements
    version: 1
    period: day
    name_en: Disagreements between two sources on a person
    name_vi: Số sai khác giữa hai nguồn về một người
    unit: disagreement
    grain: commune
    additivity: additive
    has_denominator: false
    owner_agency: Công an tỉnh
    legal_basis: KH 02-KH/BCĐTW ngày 19/6/2025
    breakdowns: [disagreement]
    formula_en: For every person of quality.consistent_share, pairs of sources and attributes on
      which the two disagree, by pair and attribute.
    formula_vi: Với mỗi người của quality.consistent_share, số cặp nguồn và thông tin mà hai nguồn
      ghi khác nhau, theo cặp nguồn và loại thông tin.
  - code: quality.consistent_by_source_share
    version: 1
    period: day
    name_en: Consistency by source, persons on whom a source agrees with the others
    name_vi: Thống nhất theo nguồn – tỷ lệ người dân mà nguồn khớp với các nguồn khác
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Công an tỉnh
    legal_basis: KH 02-KH/BCĐTW ngày 19/6/2025
    breakdowns: [source]
    formula_en: Persons of quality.consistent_share once for each source beside the registry that
      holds them, and those among them on whom that source disagrees with no other.
    formula_vi: Mỗi người của quality.consistent_share tính một lần cho mỗi nguồn (ngoài CSDL quốc
      gia về dân cư) có người đó; tử số là số lần nguồn không ghi khác nguồn nào.
---*/
-- Purpose:    whether sources agree on the persons that they hold.
-- Grain:      one row per KPI, span of a person of the registry in which nothing that is stated of
--             them changes, and pair of sources and attribute, or source.
-- Parameters: person_statement, registered_span, source_agreement: parts in include/sql/kpi_build.
-- Reads:      nothing beside what its parts read.
with stated as materialized (
    {person_statement}
),

registered_span as materialized (
    {registered_span}
),

compared as materialized (
    {source_agreement}
),

person as (
    select
        personal_id,
        counts_from,
        bool_and(name_agrees) as name_agrees,
        bool_and(birth_date_agrees) as birth_date_agrees,
        bool_and(sex_agrees) as sex_agrees,
        bool_and(commune_agrees) as commune_agrees
    from compared
    group by personal_id, counts_from
),

by_source as (
    select
        compared.personal_id,
        compared.counts_from,
        source.source_code,
        bool_and(
            coalesce(compared.name_agrees, true)
            and coalesce(compared.birth_date_agrees, true)
            and coalesce(compared.sex_agrees, true)
            and coalesce(compared.commune_agrees, true)
        ) as agrees
    from compared
    cross join lateral (values (compared.one_code), (compared.other_code)) as source (source_code)
    where source.source_code <> 'police'
    group by compared.personal_id, compared.counts_from, source.source_code
)

select
    kpi.kpi_code,
    registered.commune_code,
    registered.written_on,
    registered.counts_from,
    registered.counts_to,
    kpi.agrees as is_counted,
    null::text[] as members,
    'police.resident' as dataset_code,
    registered.personal_id as record_key
from person
inner join registered_span as registered
    on
        person.personal_id = registered.personal_id
        and person.counts_from = registered.counts_from
cross join
    lateral (
        values
        (
            'quality.consistent_share',
            coalesce(person.name_agrees, true)
            and coalesce(person.birth_date_agrees, true)
            and coalesce(person.sex_agrees, true)
            and coalesce(person.commune_agrees, true)
        ),
        ('quality.consistent_name_share', person.name_agrees),
        ('quality.consistent_birth_date_share', person.birth_date_agrees),
        ('quality.consistent_sex_share', person.sex_agrees),
        ('quality.consistent_commune_share', person.commune_agrees),
        (
            'quality.not_comparable_birth_date',
            case when person.birth_date_agrees is null then true end
        ),
        ('quality.not_comparable_sex', case when person.sex_agrees is null then true end),
        (
            'quality.not_comparable_commune',
            case when person.commune_agrees is null then true end
        )
    ) as kpi (kpi_code, agrees)
where kpi.agrees is not null
union all
select
    'quality.disagreements' as kpi_code,
    registered.commune_code,
    registered.written_on,
    registered.counts_from,
    registered.counts_to,
    true as is_counted,
    array[
        concat('disagreement:', compared.one_code, '/', compared.other_code, '/', attribute.name)
    ] as members,
    'police.resident' as dataset_code,
    registered.personal_id as record_key
from compared
inner join registered_span as registered
    on
        compared.personal_id = registered.personal_id
        and compared.counts_from = registered.counts_from
cross join
    lateral (
        values
        ('name', compared.name_agrees),
        ('birth_date', compared.birth_date_agrees),
        ('sex', compared.sex_agrees),
        ('commune', compared.commune_agrees)
    ) as attribute (name, agrees)
where not attribute.agrees
union all
select
    'quality.consistent_by_source_share' as kpi_code,
    registered.commune_code,
    registered.written_on,
    registered.counts_from,
    registered.counts_to,
    by_source.agrees as is_counted,
    array['source:' || by_source.source_code] as members,
    'police.resident' as dataset_code,
    registered.personal_id as record_key
from by_source
inner join registered_span as registered
    on
        by_source.personal_id = registered.personal_id
        and by_source.counts_from = registered.counts_from
