"""Derived: the suite that follows from a contract, for a dataset that has none yet.

Every column that comes on the wire gets the rules of its type, its bounds and its being required; a
record that keeps them can be cast by core SQL. Whatever needs knowledge of the matter (an order of
two days, a code that another list holds) people add to the file.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from dean06.contract import Column, Dataset
from dean06.errors import ContractError
from dean06.kinds import COMMUNE, DATE_FORMATS, MOMENT_FORMATS, PERSONAL_ID, PROVINCE
from dean06.rules.suite import UNREADABLE, Rule, RuleMeta, Suite, SuiteMeta

_GOOD_SHARE = 0.95
"""Of the records of a batch: below, the batch is held."""
_HOLD_FROM = 20
_DAYS = dict(zip(DATE_FORMATS, ("YYYY-MM-DD", "DD/MM/YYYY"), strict=True))
_MOMENTS = dict(
    zip(MOMENT_FORMATS, ("YYYY-MM-DDTHH:MM:SS±HH:MM", "DD/MM/YYYY HH:MM:SS"), strict=True)
)
_DIGITS = {"smallint": (4, 0), "integer": (9, 0), "bigint": (18, 0), "real": (12, 6),
           "double precision": (15, 6), "numeric": (18, 6)}  # fmt: skip
"""Digits before and after the point that every value of a type fits with."""
_NUMERIC = re.compile(r"numeric\((\d+)(?:,\s*(\d+))?\)")
_FLAGS = ("true", "false")
_NOTES = (
    "Row rules on the staging files, where every column is text. A row that breaks a critical rule "
    "goes to quarantine. Warnings are recorded only. | "
    "Quy tắc áp dụng cho từng dòng ở vùng trung gian (staging), "
    "trong đó các cột đều là chuỗi ký tự. Dòng vi phạm quy tắc nghiêm trọng được chuyển vào khu "
    "cách ly. Vi phạm quy tắc cảnh báo chỉ được ghi nhận."
)
_SENTENCES = {
    UNREADABLE: "The record could be read. | Bản ghi đọc được.",
    "kinds_agreed": "Every value has a type that the contract allows: text, number, true or "
    "false, list. | Tất cả giá trị thuộc kiểu dữ liệu quy định trong hợp đồng dữ liệu: chuỗi ký "
    "tự, số, true hoặc false, danh sách.",
}


def suite_of(dataset: Dataset) -> Suite:
    """The suite that follows from the dataset's columns.

    Raises ContractError naming a column whose type has no rules yet.
    """
    rules = [
        _rule("_problem", "to_be_null", UNREADABLE, _SENTENCES[UNREADABLE], "sạch"),
        _rule("_kinds", "to_be_null", "kinds_agreed", _SENTENCES["kinds_agreed"], "sạch"),
    ]
    for column in dataset.staged:
        rules += _of_column(dataset, column)
    return Suite(
        name=dataset.code,
        expectations=tuple(rules),
        meta=SuiteMeta(
            dataset=dataset.code,
            hold_from_records=_HOLD_FROM,
            note="Derived from the contract; add what only people know. | Lập từ hợp đồng dữ liệu; "
            "bổ sung những quy tắc mà chỉ người phụ trách biết.",
        ),
        notes=_NOTES,
    )


def text_of(suite: Suite) -> str:
    """A suite as its file holds it: each member of a rule on one line."""
    native = suite.native()
    rules = ",\n".join(f"    {_object(rule, 6)}" for rule in native.pop("expectations"))
    head, *others = (f"  {_json(name)}: {_json(value)}" for name, value in native.items())
    return "{\n" + ",\n".join([head, f'  "expectations": [\n{rules}\n  ]', *others]) + "\n}\n"


def _object(members: dict[str, Any], indent: int) -> str:
    lines = (f"{' ' * indent}{_json(name)}: {_json(value)}" for name, value in members.items())
    return "{\n" + ",\n".join(lines) + "\n" + " " * (indent - 2) + "}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _of_column(dataset: Dataset, column: Column) -> Iterator[Rule]:
    """The rules of one column: it is given, and it is what its type says."""
    if column.required:
        en, vi = f"{column.label.en} is given.", f"Có {_lower(column.label.vi)}."
        code = f"{column.name}_present"
        yield _rule(column.name, "to_not_be_null", code, f"{en} | {vi}", "đủ")
    kind = column.type.split("(")[0]
    if kind not in _BY_TYPE:
        raise ContractError(
            f"{dataset.code}.{column.name}: no rules can be derived from type {column.type}; write "
            f"its rules in expectations/{dataset.source}/{dataset.name}.json"
        )
    yield from _BY_TYPE[kind](dataset, column)


def _text(dataset: Dataset, column: Column) -> Iterator[Rule]:
    en, vi, name = column.label.en, column.label.vi, column.name
    values = column.values
    if values.codes:
        yield _in_set(column, values.codes)
    if values.pattern:
        sentence = (
            f"{en} matches the format of the contract. | "
            f"{vi} đúng định dạng quy định trong hợp đồng dữ liệu."
        )
        pattern = {"regex": f"^(?:{values.pattern})$"}
        yield _rule(name, "to_match_regex", f"{name}_well_formed", sentence, "sạch", **pattern)
    if values.format == PERSONAL_ID:
        sentence = f"{en} is a well-formed ID of 12 digits. | {vi} đúng dạng 12 chữ số."
        code = "personal_id_well_formed"
        yield _rule(name, "to_be_personal_ids", code, sentence, "sạch", or_shapes=[])
    if values.format in (COMMUNE, PROVINCE):
        yield _unit(dataset, column)
    if not (values.codes or values.pattern or values.format) and column.required:
        sentence = f"{en} is not blank. | {vi} không chỉ gồm khoảng trắng."
        yield _rule(name, "to_match_regex", f"{name}_present", sentence, "đủ", regex=r"\S")


def _unit(dataset: Dataset, column: Column) -> Rule:
    if column.name != column.values.format:
        # A load looks its codes up by this name.
        raise ContractError(
            f"{dataset.code}.{column.name}: the column must have the name {column.values.format}"
        )
    is_commune = column.values.format == COMMUNE
    level, cap = ("commune", "cấp xã") if is_commune else ("province", "cấp tỉnh")
    version = next(c for c in dataset.columns if c.name == dataset.version)
    return _rule(
        column.name,
        "to_be_units_of_their_day",
        f"{column.name}_known",
        f"{column.label.en} is the code of a {level} that existed on the day the record was "
        "written. | "
        f"{column.label.vi} thuộc danh mục đơn vị hành chính {cap} có hiệu lực vào ngày lập bản "
        "ghi.",
        "sạch",
        written_at=dataset.version,
        notation=_notation(version),
        spans={"$PARAMETER": "commune_spans" if is_commune else "province_spans"},
    )


def _in_set(column: Column, codes: tuple[str, ...]) -> Rule:
    listed = ", ".join(codes)
    sentence = (
        f"{column.label.en} is one of {listed}. | {column.label.vi} thuộc danh mục: {listed}."
    )
    code = f"{column.name}_known"
    return _rule(column.name, "to_be_in_set", code, sentence, "sạch", value_set=list(codes))


def _number(dataset: Dataset, column: Column) -> Iterator[Rule]:
    del dataset
    digits, decimals = _digits(column.type)
    bounds = {
        name: str(bound)
        for name, bound in (("least", column.values.least), ("most", column.values.most))
        if bound is not None
    }
    en = f"{column.label.en} is a number of at most {digits} digits"
    vi = f"{column.label.vi} là số có tối đa {digits} chữ số"
    if decimals:
        en, vi = f"{en} and {decimals} decimals", f"{vi} và {decimals} chữ số thập phân"
    if "least" in bounds:
        en, vi = f"{en}, {bounds['least']} or more", f"{vi}, từ {bounds['least']} trở lên"
    if "most" in bounds:
        en, vi = f"{en}, {bounds['most']} or less", f"{vi}, không quá {bounds['most']}"
    code = f"{column.name}_well_formed"
    arguments = {"digits": digits, "decimals": decimals, **bounds}
    yield _rule(column.name, "to_be_numbers", code, f"{en}. | {vi}.", "sạch", **arguments)


def _flag(dataset: Dataset, column: Column) -> Iterator[Rule]:
    del dataset
    yield _in_set(column, column.values.codes or _FLAGS)


def _day(dataset: Dataset, column: Column) -> Iterator[Rule]:
    del dataset
    written = _DAYS[column.values.format or DATE_FORMATS[0]]
    en = f"{column.label.en} is a valid date written {written}."
    vi = f"{column.label.vi} là ngày hợp lệ, ghi theo dạng {written}."
    code, about = f"{column.name}_valid", f"{en} | {vi}"
    yield _rule(column.name, "to_be_valid_dates", code, about, "sạch", formats=[written])


def _moment(dataset: Dataset, column: Column) -> Iterator[Rule]:
    en, vi, name, written = column.label.en, column.label.vi, column.name, _notation(column)
    about = (
        f"{en} is a valid time written {written}. | "
        f"{vi} là thời điểm hợp lệ, ghi theo dạng {written}."
    )
    yield _rule(name, "to_be_valid_dates", f"{name}_valid", about, "sạch", formats=[written])
    has_zone = written == _MOMENTS[MOMENT_FORMATS[0]]
    zone_en, zone_vi = (", a valid UTC offset", " và múi giờ") if has_zone else ("", "")
    about = (
        f"{en} has a valid clock time: hour below 24, second below 60{zone_en}. | "
        f"{vi} có giờ, phút, giây{zone_vi} hợp lệ (giờ nhỏ hơn 24, giây nhỏ hơn 60)."
    )
    yield _rule(name, "to_be_clock_times", f"{name}_clock", about, "sạch", notation=written)
    if name == dataset.version:
        about = f"{en} is not after the window that was requested. | {vi} không sau kỳ đồng bộ."
        within = {"notation": written, "until": {"$PARAMETER": "window_until"}}
        yield _rule(name, "to_be_within_window", f"{name}_in_window", about, "sống", **within)


def _anything(dataset: Dataset, column: Column) -> Iterator[Rule]:
    """A list or an object: its kinds are a matter of the contract."""
    del dataset, column
    yield from ()


_BY_TYPE: dict[str, Callable[[Dataset, Column], Iterator[Rule]]] = {
    "text": _text,
    "varchar": _text,
    **dict.fromkeys(_DIGITS, _number),
    "boolean": _flag,
    "date": _day,
    "timestamptz": _moment,
    "jsonb": _anything,
}
"""PostgreSQL type → its rules."""


def _digits(kind: str) -> tuple[int, int]:
    if found := _NUMERIC.fullmatch(kind):
        decimals = int(found[2] or 0)
        return int(found[1]) - decimals, decimals
    return _DIGITS[kind]


def _notation(column: Column) -> str:
    return _MOMENTS[column.values.format or MOMENT_FORMATS[0]]


def _lower(label: str) -> str:
    """A label within a sentence; abbreviations stay as they are."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def _rule(
    column: str, expected: str, code: str, sentence: str, dimension: Any, **arguments: Any
) -> Rule:
    return Rule(
        type=f"expect_column_values_{expected}",
        kwargs={"column": column, **arguments, "mostly": _GOOD_SHARE},
        severity="critical",
        description=sentence,
        meta=msgspec.convert({"rule": code, "dimension": dimension}, RuleMeta),
    )
