-- Purpose:    what reconciling with the national portal came to: counts, never a dossier.
-- Grain:      ops.portal_reconciliation: one day; ops.portal_reconciliation_figure: one day,
--             period, procedure and figure.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     ops.portal_reconciliation, ops.portal_reconciliation_figure.

create table ops.portal_reconciliation (
    day date primary key,
    as_of timestamptz not null,
    load_count bigint not null,
    last_load_id bigint not null references ops.load,
    difference_count bigint not null check (difference_count >= 0),
    csv_name text not null,
    csv_sha256 text not null,
    xlsx_name text not null,
    xlsx_sha256 text not null,
    made_at timestamptz not null default now()
);
comment on table ops.portal_reconciliation is
'Reconciliations with the national portal: as of when, and the files of the agency''s list. |
Các lần đối soát với Cổng Dịch vụ công quốc gia.';
comment on column ops.portal_reconciliation.day is 'Day at whose end both sides are compared.';
comment on column ops.portal_reconciliation.as_of is
'Versions that the portal wrote up to this moment are compared.';
comment on column ops.portal_reconciliation.load_count is
'Published loads of the portal up to the day when it was made: another number makes it due again.';
comment on column ops.portal_reconciliation.last_load_id is 'The newest of these loads.';
comment on column ops.portal_reconciliation.difference_count is 'Lines of the agency''s list.';
comment on column ops.portal_reconciliation.csv_name is
'The list as CSV, below the root of the lists.';
comment on column ops.portal_reconciliation.csv_sha256 is 'Digest of the CSV file.';
comment on column ops.portal_reconciliation.xlsx_name is
'The list as workbook, below the root of the lists.';
comment on column ops.portal_reconciliation.xlsx_sha256 is 'Digest of the workbook.';
comment on column ops.portal_reconciliation.made_at is 'When it became what it is.';

create table ops.portal_reconciliation_figure (
    day date not null references ops.portal_reconciliation,
    period_month date not null,
    procedure_id text not null,
    figure text not null check (
        figure in (
            'national', 'province', 'not_synced_here', 'not_known_there', 'twice', 'late',
            'other_period', 'other_status', 'other_procedure', 'unexplained'
        )
    ),
    dossier_count bigint not null check (dossier_count >= 0),
    effect bigint not null,
    primary key (day, period_month, procedure_id, figure)
);
comment on table ops.portal_reconciliation_figure is
'From the count of the national portal to the count of the province: what each kind of difference
adds, by month and procedure. Effects of a cell sum to 0. |
Từ số liệu của Cổng quốc gia đến số liệu của tỉnh, theo tháng, thủ tục và loại chênh lệch.';
comment on column ops.portal_reconciliation_figure.day is 'The reconciliation.';
comment on column ops.portal_reconciliation_figure.period_month is 'First day of the month.';
comment on column ops.portal_reconciliation_figure.procedure_id is
'Procedure; a code that is not listed stands for itself.';
comment on column ops.portal_reconciliation_figure.figure is
'national and province: the two counts; unexplained: what no difference explains; else a kind.';
comment on column ops.portal_reconciliation_figure.dossier_count is
'Dossiers counted, or dossiers that differ in this way; of unexplained the size of the remainder.';
comment on column ops.portal_reconciliation_figure.effect is
'The count of the national portal, less the count of the province, less what each kind explains:
signed so that they sum to 0.';

grant select on ops.portal_reconciliation, ops.portal_reconciliation_figure to dean06_ui;
