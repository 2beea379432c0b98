/*---
sources: [health, portal]
position: 91
group: 4
counts: rows
independent_by: record
kpis:
  - code: quality.timely_share
    version: 4
    period: last_30_days
    name_en: Timeliness, events of the last 30 days sent within the agreed time
    name_vi: Sống – tỷ lệ dữ liệu phát sinh trong 30 ngày gần nhất được gửi đúng hạn
    unit: share
    grain: commune
    additivity: ratio
    has_denominator: true
    owner_agency: Công an tỉnh
    legal_basis: QĐ 06/QĐ-TTg ngày 06/01/2022
    breakdowns: [dataset]
    formula_en: Of the visits, completed vaccinations and dossiers (including those of
      organisations) of the 30 days up to the day, the share that the source sent by 01:00 of the
      day after the event, as the contracts require, based on the data available at the time of
      computation. An event counts as sent when the source wrote its first accepted version; a
      rejected version does not count. Events dated after the person's death are excluded.
      Participants and exam registrations are not counted, since they are not events.
    formula_vi: Số lượt khám, mũi tiêm hoàn thành và hồ sơ (kể cả của tổ chức) phát sinh trong 30
      ngày tính đến ngày báo cáo và được nguồn gửi (phiên bản đầu tiên được chấp nhận) đúng cam kết,
      tức là chậm nhất lúc 01:00 ngày liền sau ngày phát sinh, trên tổng số lượt khám, mũi tiêm và
      hồ sơ đó (theo dữ liệu hiện có tại thời điểm tính). Phiên bản bị từ chối không được tính là đã
      gửi. Lượt khám, mũi tiêm, hồ sơ ghi ngày sau ngày chết của người bệnh, người được tiêm hoặc
      chủ hồ sơ không được tính. Không áp dụng cho người tham gia bảo hiểm và thí sinh vì không có
      thời điểm phát sinh.
---*/
-- Purpose:    how soon sources tell what has happened.
-- Grain:      one row per event in life; it counts on its day and the 29 days after it.
-- Parameters: none.
-- Reads:      core.health__encounter, core.health__immunization, core.portal__dossier,
--             core.identity_verdict.
-- Verdicts are as known now: the dead leave once the police report them; no build waits for that.
with event as (
    select
        'health.encounter' as dataset_code,
        encounter_id as record_key,
        commune_code,
        updated_at::date as written_on,
        started_at::date as happened_on,
        started_at::date + 30 as forgotten_on
    from core.health__encounter
    where
        _is_current
        and not is_deleted
    union all
    select
        'health.immunization' as dataset_code,
        immunization_id as record_key,
        commune_code,
        updated_at::date as written_on,
        occurred_on as happened_on,
        occurred_on + 30 as forgotten_on
    from core.health__immunization
    where
        _is_current
        and not is_deleted
        and immunization_status = 'completed'
    union all
    select
        'portal.dossier' as dataset_code,
        dossier_code as record_key,
        commune_code,
        updated_at::date as written_on,
        received_at::date as happened_on,
        received_at::date + 30 as forgotten_on
    from core.portal__dossier
    where
        _is_current
        and not is_deleted
)

select
    'quality.timely_share' as kpi_code,
    event.commune_code,
    event.written_on,
    event.happened_on as counts_from,
    event.forgotten_on as counts_to,
    case event.dataset_code
        when 'health.encounter'
            then (
                select min(version.updated_at)
                from core.health__encounter as version
                where version.encounter_id = event.record_key
            )
        when 'health.immunization'
            then (
                select min(version.updated_at)
                from core.health__immunization as version
                where version.immunization_id = event.record_key
            )
        else (
            select min(version.updated_at)
            from core.portal__dossier as version
            where version.dossier_code = event.record_key
        )
    end
    <= (event.happened_on + 1)::timestamptz + interval '1 hour' as is_counted,
    array['dataset:' || event.dataset_code] as members,
    event.dataset_code,
    event.record_key
from event
left join core.identity_verdict as identity
    on event.dataset_code = identity.dataset_code and event.record_key = identity.record_key
where identity.deceased_from is null
