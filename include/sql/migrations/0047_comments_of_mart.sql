-- Purpose:    comments of mart's tables that say what a column means in standard terms.
-- Grain:      one comment per table or column whose words were unclear.
-- Parameters: none.
-- Reads:      nothing.
-- Writes:     nothing.
comment on table mart.admin_unit_successor is
'Units that replaced others when boundaries changed. | Bảng chuyển đổi đơn vị hành chính.';
comment on column mart.admin_unit_successor.unit_code is 'Code of the unit that was replaced.';
comment on column mart.admin_unit_successor.replaced_on is
'First day on which the code no longer stands for that unit.';
comment on column mart.admin_unit_successor.successor_code is
'Code of the unit that replaced it; <province>:unknown where only the province is known.';
comment on column mart.admin_unit_successor.relation is
'whole: the unit was merged into the successor as a whole; part: only a part of it was; unknown: the
unit no longer existed by mid-2025 and no mapping is published.';
comment on column mart.admin_unit_successor.is_default is
'True for one successor of each unit: values of the unit are shown under it on current boundaries.';
comment on table mart.dim_admin_unit is
'Administrative units, each with the period in which its code stands for it. | Đơn vị hành chính.';
comment on column mart.dim_admin_unit.unit_code is
'Statistics code; codes are re-used over time. <province>:unknown: records from units whose
successor is unknown.';
comment on column mart.dim_admin_unit.boundary_version is
'First list that contains the unit: 2022, 2025-06-30 (the day before the reform) or 2025-07-01
(since the reform).';
comment on column mart.dim_admin_unit.is_valid_from_known is
'False: the unit was created on an unknown day between 2022 and mid-2025; valid_from is assumed.';
comment on column mart.dim_admin_unit.is_valid_to_known is
'False: the unit was abolished on an unknown day between 2022 and mid-2025; valid_to is assumed.';
comment on column mart.dim_campaign.shifts is
'Number of shifts of equal length into which the opening hours are divided.';
comment on column mart.dim_error_group.sureness is
'Certainty: P official text or press; S secondary source; ours: this project''s interpretation.';
comment on column mart.dim_error_group.source is
'What is known about the group, and the source of this knowledge.';
comment on table mart.dim_member is
'Members of breakdowns that are known in advance; they are shown with 0 when nothing was counted. |
Thành phần phân tổ.';
comment on table mart.dim_procedure is
'Administrative procedures, with a short ID that stays the same when their national codes change. |
Thủ tục hành chính.';
comment on column mart.dim_procedure.procedure_set is
'DA06_25: the 25 essential procedures of QĐ 06/QĐ-TTg; QD422: procedures of QĐ 422/QĐ-TTg; other
values: further procedures.';
comment on column mart.dim_procedure.is_digitisation_blocked is
'True: central guidance is missing, so the procedure is not in the denominator of digitisation
KPIs.';
comment on column mart.dim_service_metric.rule_notes is
'Notes on the rule of the metric, as published.';
comment on column mart.error_count.record_count is
'Records that broke a rule of the group; a record that broke rules of two groups is counted in
both.';
comment on table mart.error_group_code is
'The group of each rule and each verdict. | Nhóm của từng quy tắc, kết quả xác thực.';
comment on column mart.error_group_code.kind is
'rule: a rule of a suite; verdict: a verdict of identity verification.';
comment on table mart.kpi_definition is
'Each KPI: what it counts, for which units, by which rule, and which agency is responsible. | Định
nghĩa chỉ tiêu.';
comment on column mart.kpi_definition.additivity is
'additive: values of communes add up to the province; non_additive: they do not, because a person in
two communes is counted once in the province; ratio: add up numerators and denominators.';
comment on column mart.kpi_definition.owner_agency is 'Agency that is responsible for the KPI.';
comment on column mart.kpi_definition.breakdowns is
'Breakdowns by which its values are also published.';
comment on column mart.kpi_definition.digest is
'SHA-256 of front matter and query; if it changes, kpi_version must be bumped.';
comment on column mart.kpi_definition.hides_small_cells is
'True: the KPI counts persons or their records, so small counts are suppressed
(docs/decisions/0021).';
comment on column mart.kpi_definition.period is
'Days that a value covers: day (the state on the day), last_30_days, month, quarter or year (each
from its first day to the day), since_start.';
comment on column mart.kpi_definition.base_code is
'Code shared by the codes of this KPI for different periods: service.on_time_share for
service.on_time_share.year.';
comment on column mart.kpi_definition.counts_from is
'First day set by law: the period that contains it begins on it; null: calendar periods.';
comment on table mart.kpi_publication is
'One audited set of KPI values for one day. Later publications may restate values, but none is ever
changed. | Lần công bố.';
comment on column mart.kpi_publication.as_of_date is 'Day that the values describe.';
comment on column mart.kpi_publication.source_codes is
'Sources whose data were complete up to the day.';
comment on column mart.kpi_publication.reason is
'Why it was published: first publication of the day, data from another source, late or corrected
records, or new or changed definitions. | Lý do công bố.';
comment on column mart.kpi_publication.smallest_shown is
'Counts of persons from 1 to below this number are suppressed.';
comment on table mart.kpi_revision_cause is
'What changed a KPI between a publication and the one before it. | Nguyên nhân điều chỉnh.';
comment on column mart.kpi_revision_cause.cause is
'late_rows: records of the period that arrived later; corrected_rows: newer versions of known
records; deleted_rows: records withdrawn by the agency; changed_verdicts: records whose new
verification had another result; changed_definition: a new version of the KPI; further_source: data
of a source that had been missing on the day.';
comment on column mart.kpi_revision_cause.row_count is
'Rows with this cause, dated up to the day; null: too few to be shown (docs/decisions/0021).';
comment on table mart.kpi_target is
'Targets of KPIs: value, day due, and legal basis. | Mục tiêu của chỉ tiêu.';
comment on column mart.kpi_target.operator is 'Comparison of the value with the target: >= or <=.';
comment on column mart.kpi_target.value is
'Target in the unit of the KPI; with base_kpi_code, a share of that KPI''s value on the same day.';
comment on column mart.kpi_target.scale is
'Factor by which value is multiplied: 1, or less if only a part of a province is simulated.';
comment on column mart.kpi_target.base_kpi_code is
'KPI of which the target is a share; null: the target is a number.';
comment on column mart.kpi_target.period is
'once: one period, from counted_from to due_on; month, quarter or year: the target applies again in
each of them between these days.';
comment on column mart.kpi_target.has_daily_need is
'Whether a number needed per day makes sense for this target.';
comment on column mart.kpi_target.reading_en is
'How the wording of the target is interpreted, in English.';
comment on column mart.kpi_target.reading_vi is
'How the wording of the target is interpreted, in Vietnamese.';
comment on column mart.kpi_target.quote_vi is 'Wording of the target in the source, in Vietnamese.';
comment on column mart.kpi_target.starts_from_zero is
'True: the KPI restarts at 0 in each period (accounts of a month); false: it continues.';
comment on column mart.kpi_value.unit_code is
'Code of the unit. Join it to mart.dim_admin_unit by code and day; with boundary_version current, by
code and the newest boundaries.';
comment on column mart.kpi_value.as_of_date is 'Day that the value describes.';
comment on column mart.kpi_value.numerator is
'What was counted; null: suppressed or unknown (missing_reason).';
comment on column mart.kpi_value.denominator is
'Number of items considered; null: the KPI has no denominator, or it is suppressed.';
comment on column mart.kpi_value.is_suppressed is
'True: suppressed, because it counts fewer persons than may be shown, or would reveal such a
count.';
comment on column mart.kpi_value.counted_on is
'Day on which a rounded count was last updated; before as_of_date if too little has changed since.';
comment on column mart.kpi_value.unknown_because is
'Why the value is unknown. source_missing: a source has no data for the day; no_records: it has sent
no records for this territory; divided: the unit was formed from parts of divided units. Null: the
value is known.';
comment on table mart.procedure_code is
'Procedure codes in dossiers, with the period in which each code stands for a procedure. | Mã thủ
tục theo thời gian.';
comment on column mart.procedure_code.note is
'How it differs from the other codes of the procedure.';
comment on column mart.quality_weight.weight is 'The weight; the weights of a set add up to 1.';
comment on column mart.quality_weight.dimension is
'Quality dimension: accurate, complete, clean, timely or consistent.';
comment on column mart.quality_weight.kpi_code is
'KPI of this dimension for provinces and communes.';
comment on column mart.quality_weight.source_kpi_code is
'KPI of this dimension by source: each source is a member of its breakdown.';
comment on column mart.quality_weight.noted_on is
'Day on which the weight was recorded or assumed.';
comment on table mart.service_assumption is
'Assumptions of this project about QĐ 766/QĐ-TTg. | Giả định của dự án về Bộ chỉ số 766.';
comment on column mart.service_assumption.sureness is
'Certainty: P official text or press; S re-derived by third parties; G guess; A no formula is
known.';
comment on table mart.service_rule is
'Rules by which the metrics of QĐ 766/QĐ-TTg give points, by period of validity. | Cách tính điểm
theo thời gian.';
comment on column mart.service_rule.max_points is
'Maximum points; the rules in force on a day add up to 100.';
comment on column mart.service_rule.full_at is
'Ratio from which the part gives its maximum points.';
comment on column mart.service_rule.kpi_code is
'Base code of the KPI that measures the part; null: not measured.';
comment on column mart.service_rule.whole_code is
'Base code of the KPI that provides the denominator, where kpi_code is a count.';
comment on column mart.service_rule.whole_number is
'Which number of whole_code is the denominator: counted (its numerator) or whole (its
denominator).';
comment on column mart.service_rule.sureness is
'Certainty: P official text or press; S re-derived by third parties; G guess; A no formula is
known.';
comment on column mart.service_rule.assumption_id is 'Assumption on which the rule is based.';
