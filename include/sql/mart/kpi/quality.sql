/*---
sources: [education, health, insurance, police, portal]
position: 90
group: 4
counts: rows
independent_by: record
commune_breakdowns: [outcome]
kpis:
  - code: quality.compared_records
    version: 6
    period: day
    name_en: Records of persons compared with the population registry
    name_vi: Số bản ghi về người dân đã đối chiếu với CSDL quốc gia về dân cư
    unit: record
    grain: commune
    additivity: additive
    has_denominator: false
    owner_agency: Công an tỉnh
    legal_basis: QĐ 06/QĐ-TTg ngày 06/01/2022
    breakdowns: [outcome]
    formula_en: Number of records of persons, as of the day, that have been compared with the
      registry, by dataset and outcome, in the province and in each commune. It is based on the data
      available at the time of computation. Exam registrations of earlier years are also counted,
      because they are kept; those of candidates who have withdrawn are not. Records of a deceased
      person (the KPI “Records that treat a deceased person as living”) are excluded.
    formula_vi: Số bản ghi về người dân tại ngày báo cáo đã đối chiếu, theo bộ dữ liệu và kết quả
      (theo dữ liệu hiện có tại thời điểm tính), toàn tỉnh và từng xã. Đăng ký dự thi của các năm
      trước vẫn được tính vì còn lưu giữ; không tính thí sinh đã rút đăng ký và bản ghi của người đã
      chết (xem chỉ tiêu “Số bản ghi của người đã chết nhưng vẫn ghi là còn sống”).
  - code: quality.accurate_share
    version: 6
    period: day
    name_en: Accuracy, records of persons that agree with the population registry
    name_vi: Đúng – tỷ lệ bản ghi về người dân khớp CSDL quốc gia về dân cư
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Công an tỉnh
    legal_basis: QĐ 06/QĐ-TTg ngày 06/01/2022
    breakdowns: [dataset]
    formula_en: Share of the records of the KPI “Records of persons compared with the population
      registry” that are verified (including after normalisation, or by ID and name only, as for
      dossiers, which have neither birth date nor sex), based on the data available at the time of
      computation.
    formula_vi: Số bản ghi về người dân tại ngày báo cáo có kết quả đã xác thực (kể cả sau chuẩn
      hóa, hoặc chỉ theo số định danh và họ tên đối với hồ sơ không có ngày sinh và giới tính, theo
      dữ liệu hiện có tại thời điểm tính) trên tổng số bản ghi đã đối chiếu (chỉ tiêu “Số bản ghi về
      người dân đã đối chiếu với CSDL quốc gia về dân cư”).
  - code: quality.complete_share
    version: 5
    period: day
    name_en: Completeness, records of persons that have every field
    name_vi: Đủ – tỷ lệ bản ghi về người dân có đủ thông tin
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Công an tỉnh
    legal_basis: QĐ 06/QĐ-TTg ngày 06/01/2022
    breakdowns: [dataset]
    formula_en: Share of the records of the KPI “Records of persons compared with the population
      registry” that have an ID. All other required fields are present in every record, since a
      record without them is rejected; a birth date may be only a year.
    formula_vi: Số bản ghi về người dân tại ngày báo cáo có ghi số định danh trên tổng số bản ghi đã
      đối chiếu (chỉ tiêu “Số bản ghi về người dân đã đối chiếu với CSDL quốc gia về dân cư”). Bản
      ghi thiếu trường bắt buộc khác đã bị từ chối nên không thuộc tổng số này; ngày sinh có thể chỉ
      có năm.
  - code: quality.clean_share
    version: 5
    period: day
    name_en: Cleanliness, records of persons whose ID can be used
    name_vi: Sạch – tỷ lệ bản ghi về người dân có số định danh sử dụng được
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Công an tỉnh
    legal_basis: QĐ 06/QĐ-TTg ngày 06/01/2022
    breakdowns: [dataset]
    formula_en: Of the records of persons on the day that have an ID, the share whose ID is not an
      old nine-digit number (CMND), is well formed, and is not shared by several records that must
      each have their own ID. An ID that lost its leading zero is well formed if it agrees with the
      birth year and sex of the record. Rejected records and records of a deceased person (the KPI
      “Records that treat a deceased person as living”) are in neither numerator nor denominator.
    formula_vi: Số bản ghi có số định danh hợp lệ, không phải số CMND và không trùng với bản ghi
      khác, trên tổng số bản ghi về người dân tại ngày báo cáo có ghi số định danh. Số định danh mất
      số 0 ở đầu vẫn được tính là hợp lệ nếu không trái với năm sinh và giới tính của bản ghi. Bản
      ghi bị từ chối và bản ghi của người đã chết (xem chỉ tiêu “Số bản ghi của người đã chết nhưng
      vẫn ghi là còn sống”) không được tính.
  - code: quality.deceased_records
    version: 4
    period: day
    name_en: Records that treat a deceased person as living
    name_vi: Số bản ghi của người đã chết nhưng vẫn ghi là còn sống
    unit: record
    grain: commune
    additivity: additive
    has_denominator: false
    owner_agency: Công an tỉnh
    legal_basis: QĐ 06/QĐ-TTg ngày 06/01/2022
    breakdowns: [dataset]
    formula_en: Number of records on the day that agree with a person of the registry who has died,
      based on the data available at the time of computation. Insurance participations are counted
      from the day of death on; visits, vaccinations, exam registrations and dossiers are counted if
      they are dated after it. No other KPI about persons counts these records. They are on the
      correction list of their agency.
    formula_vi: Số bản ghi tại ngày báo cáo khớp với người đã chết theo CSDL quốc gia về dân cư
      (theo dữ liệu hiện có tại thời điểm tính). Bản ghi tham gia BHYT được tính kể từ ngày chết;
      lượt khám, mũi tiêm, đăng ký dự thi và hồ sơ được tính nếu ghi ngày sau ngày chết. Các bản ghi
      này không được tính vào bất kỳ chỉ tiêu nào khác về người dân và có trong danh sách cần chỉnh
      sửa gửi cơ quan cung cấp dữ liệu.
---*/
-- Purpose:    how good the records of persons are that sources keep: right, complete, clean.
-- Grain:      one row per record and KPI, from the day it counts on; a record of a deceased person
--             leaves the KPIs about the living on the day from which it is one. Of records that
--             count alike one with their number, unless each is wanted (by_thing).
-- Parameters: none.
-- Reads:      core.insurance__participant, core.health__encounter, core.health__immunization,
--             core.education__exam_registration, core.portal__dossier, core.identity_verdict,
--             reform (of this build).
with record as (
    select
        'insurance.participant' as dataset_code,
        bhxh_code as record_key,
        commune_code,
        updated_at::date as written_on,
        greatest(effective_on, participates_from) as counts_from,
        least(_valid_to, participates_to + 1) as counts_to
    from core.insurance__participant
    where
        participation_status = 'dang_tham_gia'
        and not is_deleted
    union all
    select
        'health.encounter' as dataset_code,
        encounter_id as record_key,
        commune_code,
        updated_at::date as written_on,
        started_at::date as counts_from,
        null::date as counts_to
    from core.health__encounter
    where _is_current and not is_deleted
    union all
    select
        'health.immunization' as dataset_code,
        immunization_id as record_key,
        commune_code,
        updated_at::date as written_on,
        occurred_on as counts_from,
        null::date as counts_to
    from core.health__immunization
    where
        _is_current
        and not is_deleted
        and immunization_status = 'completed'
    union all
    select
        'education.exam_registration' as dataset_code,
        concat_ws('|', exam_year, registration_no) as record_key,
        commune_code,
        updated_at::date as written_on,
        registered_on as counts_from,
        null::date as counts_to
    from core.education__exam_registration
    where
        _is_current
        and is_withdrawn is not true
    union all
    select
        'portal.dossier' as dataset_code,
        dossier_code as record_key,
        commune_code,
        updated_at::date as written_on,
        received_at::date as counts_from,
        null::date as counts_to
    from core.portal__dossier
    where _is_current and not is_deleted
),

judged as (
    select
        record.*,
        identity.verdict_in_life as verdict,
        identity.deceased_from,
        least(record.counts_to, identity.deceased_from) as lives_to
    from record
    -- A dossier of an organisation has no verdict: it is about nobody.
    inner join core.identity_verdict as identity
        on record.dataset_code = identity.dataset_code and record.record_key = identity.record_key
),

alike as materialized (
    select
        dataset_code,
        commune_code,
        counts_from,
        counts_to,
        lives_to,
        deceased_from,
        verdict,
        array['dataset:' || dataset_code] as members,
        min(written_on) as written_on,
        min(record_key) as record_key,
        count(*)::integer as thing_count
    from judged
    group by
        dataset_code, commune_code, counts_from, counts_to, lives_to, deceased_from, verdict,
        width_bucket(written_on, (select reform.days from reform)),
        case when :by_thing then record_key end
)

select
    'quality.compared_records' as kpi_code,
    commune_code,
    written_on,
    counts_from,
    lives_to as counts_to,
    true as is_counted,
    array['outcome:' || dataset_code || '/' || verdict] as members,
    dataset_code,
    record_key,
    thing_count
from alike
union all
select
    'quality.accurate_share' as kpi_code,
    commune_code,
    written_on,
    counts_from,
    lives_to as counts_to,
    verdict in ('verified', 'verified_after_normalisation', 'verified_by_name') as is_counted,
    members,
    dataset_code,
    record_key,
    thing_count
from alike
union all
select
    'quality.complete_share' as kpi_code,
    commune_code,
    written_on,
    counts_from,
    lives_to as counts_to,
    verdict <> 'missing_id' as is_counted,
    members,
    dataset_code,
    record_key,
    thing_count
from alike
union all
select
    'quality.clean_share' as kpi_code,
    commune_code,
    written_on,
    counts_from,
    lives_to as counts_to,
    verdict not in ('id_is_cmnd', 'invalid_id', 'duplicate_id') as is_counted,
    members,
    dataset_code,
    record_key,
    thing_count
from alike
where verdict <> 'missing_id'
union all
select
    'quality.deceased_records' as kpi_code,
    commune_code,
    written_on,
    greatest(counts_from, deceased_from) as counts_from,
    counts_to,
    true as is_counted,
    members,
    dataset_code,
    record_key,
    thing_count
from alike
where deceased_from is not null
