/*---
sources: [portal]
position: 73
group: 1
counts: rows
kpis:
  - code: service.procedures_used_online
    version: 1
    period: since_start
    also_by: [month, quarter, year]
    counts_from: 2022-06-23
    event_en: Dossiers received
    event_vi: Tính hồ sơ tiếp nhận
    name_en: Procedures offered online with online dossiers
    name_vi: Số thủ tục cung cấp trực tuyến có phát sinh hồ sơ trực tuyến
    unit: procedure
    grain: commune
    additivity: additive
    has_denominator: false
    owner_agency: Văn phòng UBND tỉnh
    legal_basis: QĐ 766/QĐ-TTg ngày 23/06/2022 (3.2)
    formula_en: Number of listed procedures that the office offers online and for which it has
      received an online dossier up to and including the day. A procedure counts once for each
      office.
    formula_vi: Số thủ tục đang niêm yết được cung cấp trực tuyến và có hồ sơ trực tuyến mà cơ quan
      đã tiếp nhận, lũy kế đến ngày báo cáo. Một thủ tục được tính một lần cho mỗi cơ quan.
  - code: service.fee_procedures_used
    version: 1
    period: since_start
    also_by: [month, quarter, year]
    counts_from: 2022-06-23
    event_en: Dossiers received
    event_vi: Tính hồ sơ tiếp nhận
    name_en: Procedures with fees that have dossiers
    name_vi: Số thủ tục có phí, lệ phí có phát sinh hồ sơ
    unit: procedure
    grain: commune
    additivity: additive
    has_denominator: false
    owner_agency: Văn phòng UBND tỉnh
    legal_basis: QĐ 766/QĐ-TTg ngày 23/06/2022 (3.5)
    formula_en: Number of listed procedures with a fee for which the office has received a dossier
      up to and including the day. A procedure counts once for each office.
    formula_vi: Số thủ tục đang niêm yết có phí, lệ phí và có hồ sơ mà cơ quan đã tiếp nhận, lũy kế
      đến ngày báo cáo. Một thủ tục được tính một lần cho mỗi cơ quan.
---*/
-- Purpose:    which listed procedures have dossiers: QĐ 766/QĐ-TTg, metrics 3.2 and 3.5. The newest
--             dossier says in which periods there is one at all.
-- Grain:      one row per listing of a procedure at an office, KPI and day with a dossier; it
--             counts from that day to the next one with a dossier, while the listing is in force.
-- Parameters: none.
-- Reads:      core.portal__listed_procedure, core.portal__dossier, mart.procedure_code,
--             mart.dim_procedure, mart.dim_admin_unit.
with listing as (
    select
        listed.listing_code,
        listed.commune_code,
        listed.updated_at::date as written_on,
        listed.is_offered_online,
        listed.has_fee,
        listed.signed_on,
        listed.repealed_on,
        named.procedure_id
    from core.portal__listed_procedure as listed
    -- Codes change hands over time: the one that held when the listing was written tells the
    -- procedure.
    inner join mart.procedure_code as named
        on
            listed.procedure_code = named.code
            and named.valid_from <= listed.updated_at::date
            and (named.valid_to is null or named.valid_to > listed.updated_at::date)
    inner join mart.dim_procedure as known
        on
            named.procedure_id = known.procedure_id
            and known.procedure_set in ('DA06_25', 'QD422')
    where
        listed._is_current
        and not listed.is_deleted
),

-- Codes of communes mean other units since a reform: an office's dossiers are those that were
-- written under its code while this meant the same unit.
office as (
    select
        unit_code as commune_code,
        valid_from,
        valid_to
    from mart.dim_admin_unit
    where unit_level = 'commune'
),

used as (
    select
        received.commune_code,
        office.valid_from,
        named.procedure_id,
        received.received_at::date as used_on,
        bool_or(received.channel_code = '2') as is_used_online
    from core.portal__dossier as received
    -- Codes change hands over time: the one that held on the day of receipt tells the procedure.
    inner join mart.procedure_code as named
        on
            received.procedure_code = named.code
            and named.valid_from <= received.received_at::date
            and (named.valid_to is null or named.valid_to > received.received_at::date)
    inner join office
        on
            received.commune_code = office.commune_code
            and office.valid_from <= received.updated_at::date
            and (office.valid_to is null or office.valid_to > received.updated_at::date)
    where
        received._is_current
        and not received.is_deleted
    group by
        received.commune_code, office.valid_from, named.procedure_id, received.received_at::date
),

newest as (
    select
        'service.fee_procedures_used' as kpi_code,
        commune_code,
        valid_from,
        procedure_id,
        used_on,
        lead(used_on) over (
            partition by commune_code, valid_from, procedure_id order by used_on
        ) as used_next_on
    from used
    union all
    select
        'service.procedures_used_online' as kpi_code,
        commune_code,
        valid_from,
        procedure_id,
        used_on,
        lead(used_on) over (
            partition by commune_code, valid_from, procedure_id order by used_on
        ) as used_next_on
    from used
    where is_used_online
)

select
    newest.kpi_code,
    listing.commune_code,
    listing.written_on,
    newest.used_on as falls_on,
    greatest(listing.signed_on, newest.used_on) as counts_from,
    least(listing.repealed_on, newest.used_next_on) as counts_to,
    true as is_counted,
    'portal.listed_procedure' as dataset_code,
    listing.listing_code as record_key
from listing
inner join office
    on
        listing.commune_code = office.commune_code
        and listing.written_on >= office.valid_from
        and (office.valid_to is null or listing.written_on < office.valid_to)
inner join newest
    on
        listing.commune_code = newest.commune_code
        and office.valid_from = newest.valid_from
        and listing.procedure_id = newest.procedure_id
        and case newest.kpi_code
            when 'service.fee_procedures_used' then listing.has_fee
            else listing.is_offered_online
        end
