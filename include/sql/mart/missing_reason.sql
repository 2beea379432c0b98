-- Purpose:    why a value is missing, in words: the one text that pages, files and dashboards show.
-- Grain:      one reason of mart.kpi_value.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     mart.missing_reason.
create or replace view mart.missing_reason with (security_invoker = true) as
select
    reason.missing_reason,
    reason.reason_en,
    reason.reason_vi
from (
    values
    (
        'source_missing',
        'not available: a source has not delivered this day',
        'chưa có số liệu: nguồn chưa gửi dữ liệu của ngày này'
    ),
    (
        'no_records',
        'not available: no records of this territory were received',
        'chưa có số liệu: chưa nhận được bản ghi nào của địa bàn này'
    ),
    (
        'divided',
        'not available: the unit was formed from parts of divided units',
        'chưa có số liệu: không tách được vì đơn vị sau sắp xếp chỉ nhận một phần của đơn vị cũ'
    ),
    (
        'province_missing',
        'not available: a province has not published it',
        'chưa có số liệu: có tỉnh chưa công bố'
    ),
    (
        'definitions_differ',
        'not available: a province counts it by another definition',
        'chưa có số liệu: có tỉnh tính theo định nghĩa khác'
    ),
    (
        'not_additive',
        'not available: a person may count in several provinces',
        'chưa có số liệu: một người có thể được tính ở nhiều tỉnh'
    ),
    (
        'hidden',
        'not shown: small count, or could reveal another one',
        'không hiển thị: số lượng quá nhỏ hoặc có thể làm lộ số lượng nhỏ khác'
    ),
    (
        'too_rough',
        'not available: rounding could change the share by more than 5 percentage points',
        'chưa có số liệu: số lượng nhỏ, việc làm tròn có thể làm tỷ lệ sai quá 5 điểm phần trăm'
    ),
    (
        'rounded_to_nothing',
        'not available: no items, or too few for a share',
        'chưa có số liệu: không phát sinh hoặc quá ít để tính tỷ lệ'
    ),
    (
        'nothing_to_count',
        'not available: nothing to count, 0 of 0',
        'chưa có số liệu: không phát sinh (0/0)'
    )
) as reason (missing_reason, reason_en, reason_vi);

comment on view mart.missing_reason is
'Why a value is missing, in words. | Lý do chưa có số liệu.';
comment on column mart.missing_reason.missing_reason is
'As in mart.kpi_value; too_rough: of shares of districts, in mart.kpi_now only.';
comment on column mart.missing_reason.reason_en is 'The reason in English.';
comment on column mart.missing_reason.reason_vi is 'The reason in Vietnamese.';

grant select on mart.missing_reason to dean06_bi, dean06_bi_province;
