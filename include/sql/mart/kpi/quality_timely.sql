/*---
sources: [health, portal]
position: 91
counts: rows
kpis:
  - code: quality.timely_share
    version: 4
    period: last_30_days
    name_en: Timeliness, events of the last 30 days sent within the agreed time
    name_vi: Sống – tỷ lệ sự kiện 30 ngày gần nhất được gửi đúng hạn
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Công an tỉnh
    legal_basis: QĐ 06/QĐ-TTg ngày 06/01/2022
    breakdowns: [dataset]
    formula_en: Visits, completed vaccinations and dossiers (of organisations too) of the 30 days up
      to the day whose first accepted version the source wrote by 01:00 of the day after, as the
      contracts promise, of all of them, as known now. A version that was rejected does not count as
      sent. Events dated after the death of their person are left out. Participants and exam
      registrations are not counted (N/A), since they have no moment at which they happen.
    formula_vi: Số lượt khám, mũi tiêm hoàn thành và hồ sơ (cả của tổ chức) trong 30 ngày đến ngày
      báo cáo có phiên bản đầu tiên được chấp nhận do nguồn ghi không muộn hơn 01:00 ngày hôm sau,
      theo cam kết, trên tổng số (theo hiểu biết hiện tại). Phiên bản bị từ chối không tính là đã
      gửi. Sự kiện ghi sau ngày chết của người đó không tính. Không áp dụng cho người tham gia bảo
      hiểm và thí sinh, vì không có thời điểm phát sinh.
---*/
-- Purpose:    how soon sources tell what has happened.
-- Grain:      one row per event of the 30 days up to the day.
-- Parameters: as_of, the day.
-- Reads:      core.health__encounter, core.health__immunization, core.portal__dossier,
--             core.identity_verdict.
-- Verdicts are as known now: the dead leave once the police report them; no build waits for that.
with event as (
    select
        'health.encounter' as dataset_code,
        visit.encounter_id as record_key,
        visit.commune_code,
        visit.updated_at::date as written_on,
        visit.started_at::date as happened_on,
        (
            select min(version.updated_at)
            from core.health__encounter as version
            where version.encounter_id = visit.encounter_id
        ) as told_at
    from core.health__encounter as visit
    where
        visit._is_current
        and not visit.is_deleted
        and visit.started_at >= cast(:as_of as date) - 29
        and visit.started_at < cast(:as_of as date) + 1
    union all
    select
        'health.immunization' as dataset_code,
        vaccination.immunization_id as record_key,
        vaccination.commune_code,
        vaccination.updated_at::date as written_on,
        vaccination.occurred_on as happened_on,
        (
            select min(version.updated_at)
            from core.health__immunization as version
            where version.immunization_id = vaccination.immunization_id
        ) as told_at
    from core.health__immunization as vaccination
    where
        vaccination._is_current
        and not vaccination.is_deleted
        and vaccination.immunization_status = 'completed'
        and vaccination.occurred_on between cast(:as_of as date) - 29 and :as_of
    union all
    select
        'portal.dossier' as dataset_code,
        dossier.dossier_code as record_key,
        dossier.commune_code,
        dossier.updated_at::date as written_on,
        dossier.received_at::date as happened_on,
        (
            select min(version.updated_at)
            from core.portal__dossier as version
            where version.dossier_code = dossier.dossier_code
        ) as told_at
    from core.portal__dossier as dossier
    where
        dossier._is_current
        and not dossier.is_deleted
        and dossier.received_at >= cast(:as_of as date) - 29
        and dossier.received_at < cast(:as_of as date) + 1
)

select
    'quality.timely_share' as kpi_code,
    event.commune_code,
    event.written_on,
    event.told_at <= (event.happened_on + 1)::timestamptz + interval '1 hour' as is_counted,
    array['dataset:' || event.dataset_code] as members
from event
left join core.identity_verdict as identity
    on event.dataset_code = identity.dataset_code and event.record_key = identity.record_key
where identity.deceased_from is null or identity.deceased_from > :as_of
