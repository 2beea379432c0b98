"""The defects of bad records by dataset: error class, broken rule, column and wrong values.

A record that carries a defect breaks exactly the rule the defect names. Error classes ``E…`` are
those of the list of person errors; the others are named here.
"""

from dataclasses import dataclass

LINE = ""
"""The column of defects that make the whole line unreadable."""


@dataclass(frozen=True)
class Defect:
    """One way of being wrong: the error class, the rule it breaks, and where."""

    error_class: str
    rule: str
    column: str
    values: tuple[str | None, ...] = ()


def _field(error_class: str, rule: str, column: str, *values: str | None) -> Defect:
    return Defect(error_class, rule, column, values)


def _unreadable(error_class: str) -> Defect:
    return Defect(error_class, "readable", LINE)


_ID_OF_NO_PROVINCE = _field(
    "E16", "personal_id_well_formed", "personal_id", "003095001234", "0820A5001234", "082995001234"
)
_IMPLAUSIBLE_ID = _field(
    "E16", "personal_id_plausible", "personal_id", "003095001234", "0820A5001234", "12345"
)
_NO_NAME = _field("missing_value", "full_name_present", "full_name", None)
_NO_COMMUNE = _field("E21", "commune_code_known", "commune_code", "99999", "28998")
_BAD_BIRTH = _field("impossible_date", "birth_date_valid", "birth_date", "2022-02-31", "1990-13-01")
_JSON_LINES = (
    _unreadable("malformed_json"),
    _unreadable("invalid_utf8"),
    _unreadable("nul_byte"),
)


def _date(column: str, rule: str | None = None) -> Defect:
    return _field("impossible_date", rule or f"{column}_valid", column, "2022-02-31", "2022-13-01")


def _moment(column: str) -> Defect:
    wrong = "31/02/2022 08:00:00", "01/13/2022 09:30:00"
    return _field("impossible_date", f"{column}_valid", column, *wrong)


def _day(column: str) -> Defect:
    return _field("impossible_date", f"{column}_valid", column, "31/02/2022", "01/13/2022")


def _code(column: str, *values: str) -> Defect:
    return _field("unknown_code", f"{column}_known", column, *values)


DEFECTS: dict[str, tuple[Defect, ...]] = {
    "police.resident": (
        _ID_OF_NO_PROVINCE,
        _NO_NAME,
        _BAD_BIRTH,
        _NO_COMMUNE,
        *_JSON_LINES,
        _code("sex_code", "9"),
        _code("residence_type", "luu_tru"),
        _code("residence_status", "khong_ro"),
        _date("effective_on"),
        _field("malformed_key", "household_id_well_formed", "household_id", "H82-001"),
    ),
    "police.household": (
        _field("malformed_key", "household_id_well_formed", "household_id", "H82-001", "khong co"),
        _NO_COMMUNE,
        *_JSON_LINES,
        _code("residence_type", "luu_tru"),
        _code("household_status", "khong_ro"),
        _date("effective_on"),
    ),
    "police.id_card_dossier": (
        _ID_OF_NO_PROVINCE,
        _NO_COMMUNE,
        *_JSON_LINES,
        _field("malformed_key", "dossier_id_well_formed", "dossier_id", "CC-2022", "2022000001"),
        _code("procedure_type", "doi_the"),
        _date("received_at"),
        _date("issued_at"),
        _code("dossier_status", "khong_ro"),
    ),
    "police.id_card": (
        _ID_OF_NO_PROVINCE,
        _NO_COMMUNE,
        *_JSON_LINES,
        _field("malformed_key", "card_no_well_formed", "card_no", "TC-1", "0000000001"),
        _date("issued_on"),
        _date("expires_on"),
        _date("revoked_on"),
    ),
    "police.eid_account": (
        _ID_OF_NO_PROVINCE,
        _NO_COMMUNE,
        *_JSON_LINES,
        _field("malformed_key", "account_id_well_formed", "account_id", "E-1", "00000000001"),
        _date("registered_at"),
        _date("level2_at"),
        _date("activated_at"),
        _date("locked_at"),
    ),
    "insurance.participant": (
        _IMPLAUSIBLE_ID,
        _NO_NAME,
        _field("impossible_date", "birth_date_valid", "birth_date", "31/02/2022", "01/13/1990"),
        _NO_COMMUNE,
        _unreadable("wrong_field_count"),
        _unreadable("invalid_utf8"),
        _unreadable("nul_byte"),
        _code("sex_code", "9"),
        _code("subject_code", "ZZ"),
        _field("malformed_key", "bhxh_code_well_formed", "bhxh_code", "82-1", "82A0000001"),
        _field("malformed_key", "insurance_card_no_well_formed", "insurance_card_no", "GD982000"),
        _date("participates_from"),
        _date("participates_to"),
        _code("participation_status", "khong_ro"),
        _code("change_type", "X"),
        _date("effective_on"),
    ),
    "health.encounter": (
        _IMPLAUSIBLE_ID,
        _BAD_BIRTH,
        _NO_COMMUNE,
        *_JSON_LINES,
        _field("missing_value", "encounter_id_present", "encounter_id", None),
        _code("sex_code", "nam"),
        _code("document_used", "gplx"),
        _field("malformed_key", "facility_code_well_formed", "facility_code", "BV-TG"),
        _date("started_at"),
        _code("encounter_status", "khong-ro"),
    ),
    "health.immunization": (
        _IMPLAUSIBLE_ID,
        _BAD_BIRTH,
        _NO_COMMUNE,
        *_JSON_LINES,
        _field("missing_value", "immunization_id_present", "immunization_id", None),
        _code("sex_code", "nam"),
        _field("malformed_key", "facility_code_well_formed", "facility_code", "BV-TG"),
        _date("occurred_on"),
        _code("immunization_status", "khong-ro"),
        _field("unknown_code", "dose_number_valid", "dose_number", "0"),
    ),
    "portal.dossier": (
        _unreadable("not_an_object"),
        _IMPLAUSIBLE_ID,
        _NO_COMMUNE,
        _field("missing_value", "applicant_name_present", "applicant_name", None),
        _field(
            "malformed_key", "dossier_code_well_formed", "dossier_code", "H58-221031-1", "khong co"
        ),
        _code("procedure_code", "9.999999", "DVC.KHAC"),
        _moment("received_at"),
        _code("channel_code", "4", "truc tuyen"),
        _code("dossier_status", "8", "dang xu ly"),
        _moment("submitted_at"),
        _code("applicant_type", "7"),
        _code("id_type", "5"),
        _moment("due_at"),
        _moment("finished_at"),
        _moment("returned_at"),
        _code("online_payment", "5"),
    ),
    "portal.national_dossier": (
        _unreadable("not_an_object"),
        _field("malformed_key", "entry_code_well_formed", "entry_code", "QG-1", "khong co"),
        _field("unknown_code", "period_code_valid", "period_code", "13/2022", "2022-10"),
        _field(
            "malformed_key", "dossier_code_well_formed", "dossier_code", "H58-221031-1", "khong co"
        ),
        _code("procedure_code", "9.999999", "DVC.KHAC"),
        _code("dossier_status", "8", "dang xu ly"),
        _moment("received_at"),
        _moment("recorded_at"),
    ),
    "portal.national_count": (
        _unreadable("not_an_object"),
        _field("unknown_code", "dossier_count_valid", "dossier_count", "-1", "nhieu"),
        _code("procedure_code", "9.999999", "DVC.KHAC"),
        _moment("closed_at"),
    ),
    "portal.listed_procedure": (
        _unreadable("not_an_object"),
        _field("malformed_key", "listing_code_well_formed", "listing_code", "NY-1", "khong co"),
        _NO_COMMUNE,
        _code("procedure_code", "9.999999", "DVC.KHAC"),
        _day("signed_on"),
        _code("listing_status", "8"),
    ),
    "portal.petition": (
        _unreadable("not_an_object"),
        _field("malformed_key", "petition_code_well_formed", "petition_code", "PA-1", "khong co"),
        _NO_COMMUNE,
        _moment("received_at"),
        _moment("due_at"),
        _moment("answered_at"),
        _code("petition_status", "8", "dang xu ly"),
        _code("rating", "5"),
        _moment("rated_at"),
    ),
    "portal.certified_copy": (
        _unreadable("not_an_object"),
        _field("malformed_key", "copy_code_well_formed", "copy_code", "CT-1", "khong co"),
        _NO_COMMUNE,
        _moment("certified_at"),
        _code("copy_status", "8"),
    ),
    "programme.task": (
        _field("impossible_date", "deadline_valid", "deadline", "31/02/2023", "quý IV/2022"),
        _code("task_status", "gan_xong"),
        _unreadable("wrong_field_count"),
        _code("phase", "2024"),
        _field("malformed_key", "task_id_well_formed", "task_id", "NV-7", "Nhiệm vụ 8"),
        _code("group_code", "6"),
        _field("missing_value", "owner_agency_present", "owner_agency", None),
        _code("province_code", "99"),
        _field("impossible_date", "completed_on_valid", "completed_on", "30/02/2022"),
    ),
    "education.exam_registration": (
        _field("bad_workbook_row", "birth_date_valid", "birth_date", "không rõ", "(xem ghi chú)"),
        _IMPLAUSIBLE_ID,
        _NO_NAME,
        _NO_COMMUNE,
        _field("impossible_date", "birth_date_valid", "birth_date", "31/02/2004"),
        _field("malformed_key", "registration_no_well_formed", "registration_no", "5300-1"),
        _code("sex_code", "3"),
        _field("malformed_key", "school_code_well_formed", "school_code", "THPT01"),
        _field("impossible_date", "registered_on_valid", "registered_on", "31/02/2022"),
    ),
}
