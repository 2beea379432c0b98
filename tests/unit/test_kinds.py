"""Kinds: what a contract may say of them, and what becomes of a value of each kind.

What is right is computed here from the JSON text and a table of the contract's words, by reading
the text with Python's own parser: the code under test has no part in it.
"""

import io
import json
import re
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dean06 import contract, settings
from dean06.contract import Column
from dean06.errors import ContractError
from dean06.load import texts
from dean06.load.staging import KINDS
from dean06.wire import json_array, ndjson
from dean06.wire.records import Batch, Columns

DOSSIER = contract.load("portal").dataset("dossier")
RESIDENT = contract.load("police").dataset("resident")
PORTAL = (settings.CONTRACTS / "portal.yaml").read_text(encoding="utf-8")
FLAG = '{"0": ["0", 0, false, "false"], "1": ["1", 1, true, "true"]}'

_SCALARS = ['"0"', '"1"', '"2"', '"true"', '"false"', '"x"', '""', "0", "1", "2", "1.0", "-1",
            "20000", '"20000"', "1e3", "true", "false", "null", "[]", "{}", '["1"]', '{"a":1}',
            "12345678901234567890.12"]  # fmt: skip
VALUES = st.sampled_from(_SCALARS)


def kind(written: str) -> str:
    """The kind of a JSON text, by its first sign."""
    first = {'"': "text", "t": "flag", "f": "flag", "n": "empty", "[": "list", "{": "object"}
    return first.get(written[0], "number")


def plain(written: str) -> str:
    """A JSON text as staging has it: a text without its quotes."""
    return str(json.loads(written)) if written[0] == '"' else written.replace("1e3", "1E+3")


YES_OR_NO = {'"0"': "0", "0": "0", "false": "0", '"false"': "0",
             '"1"': "1", "1": "1", "true": "1", '"true"': "1"}  # fmt: skip
UP_TO_TWO = {'"0"': "0", "0": "0", '"1"': "1", "1": "1", '"2"': "2", "2": "2"}


def right_flag(written: str) -> tuple[str | None, str | None]:
    """The text of a flag of the portal, and the kind that is not agreed."""
    if written == "null":
        return None, None
    if written in YES_OR_NO:
        return YES_OR_NO[written], None
    return plain(written), None if kind(written) == "text" else kind(written)


def right_name(written: str) -> tuple[str | None, str | None]:
    """The same of a name, which is a text and nothing else."""
    if written == "null":
        return None, None
    return plain(written), None if kind(written) == "text" else kind(written)


def right_fee(written: str) -> tuple[Any, str | None]:
    """The same of an amount within a list, as a value."""
    if written == "null":
        return None, None
    if kind(written) == "number":
        return Decimal(written), None
    if kind(written) == "text" and re.fullmatch(r'"-?\d+(\.\d+)?"', written):
        return Decimal(json.loads(written)), None
    return json.loads(written), kind(written)


def right_code(written: str) -> tuple[Any, str | None]:
    """The same of DuocTaiSuDung."""
    if written in UP_TO_TWO:
        return UP_TO_TWO[written], None
    wrong = None if kind(written) in ("text", "empty") else kind(written)
    return json.loads(written, parse_float=Decimal), wrong


@given(st.lists(st.tuples(VALUES, VALUES, VALUES, VALUES), min_size=1, max_size=5))
def test_a_value_is_a_listed_spelling_or_noted_with_field_and_kind(
    drawn: list[tuple[str, str, str, str]],
) -> None:
    elements = [
        f'{{"HoSoCoThanhPhanSoHoa":{flag},"ChuHoSo":{name},"DanhSachLePhi":[{{"Gia":{fee}}}],'
        f'"TaiLieuNop":[{{"DuocTaiSuDung":{code}}}]}}'
        for flag, name, fee, code in drawn
    ]
    page = f'{{"duLieu":[{",".join(elements)}]}}'.encode()
    (batch,) = json_array.read(io.BytesIO(page), "duLieu")
    table = {name: column.to_pylist() for name, column in texts.of_batch(DOSSIER, batch).items()}
    for place, (flag, name, fee, code) in enumerate(drawn):
        expected = {
            "HoSoCoThanhPhanSoHoa": right_flag(flag), "ChuHoSo": right_name(name),
            "DanhSachLePhi[].Gia": right_fee(fee), "TaiLieuNop[].DuocTaiSuDung": right_code(code),
        }  # fmt: skip
        assert table["has_digitised_components"][place] == expected["HoSoCoThanhPhanSoHoa"][0]
        assert table["applicant_name"][place] == expected["ChuHoSo"][0]
        fees = json.loads(table["fees"][place], parse_float=Decimal, parse_int=Decimal)
        if kind(fee) in ("number", "text", "empty"):
            assert fees == [{"Gia": expected["DanhSachLePhi[].Gia"][0]}]
        papers = json.loads(table["components"][place], parse_float=Decimal)
        assert papers == [{"DuocTaiSuDung": expected["TaiLieuNop[].DuocTaiSuDung"][0]}]
        noted = table.get(KINDS, [None] * len(drawn))[place]
        wrong = {f"{field}: {kind}" for field, (_, kind) in expected.items() if kind}
        assert set(noted.split("; ") if noted else ()) == wrong


@example(drawn=[('"0"', '"0"'), ('"0"', "null")], same=False)
@given(st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=6), st.booleans())
def test_bulk_and_single_records_are_staged_alike(drawn: list[tuple[str, str]], same: bool) -> None:
    pairs = [drawn[0]] * 6 if same else drawn
    body = "\n".join(f'{{"hoTen":{name},"daXoa":{flag}}}' for name, flag in pairs).encode()
    staged: dict[int, tuple[Any, ...]] = {}
    for batch in ndjson.read_flat(io.BytesIO(body)):
        bulk = isinstance(batch, Columns)
        table = texts.of_columns(RESIDENT, batch) if bulk else texts.of_batch(RESIDENT, batch)
        lines = batch.lines.to_pylist() if isinstance(batch, Columns) else batch.lines
        nothing = pa.nulls(len(lines))
        columns = [
            table.get(name, nothing).to_pylist() for name in ("full_name", "is_deleted", KINDS)
        ]
        staged |= dict(zip(lines, zip(*columns, strict=True), strict=True))
    for line, (name, flag) in enumerate(pairs, start=1):
        text, wrong = right_name(name)
        wrongs = [f"hoTen: {wrong}"] if wrong else []
        if kind(flag) not in ("flag", "empty"):
            wrongs.append(f"daXoa: {kind(flag)}")
        is_deleted = None if flag == "null" else plain(flag)
        assert staged[line] == (text, is_deleted, "; ".join(wrongs) or None)


@pytest.mark.parametrize(
    ("new", "told"),
    [
        ("[]", "accepts must list kinds"),
        ("[text, word]", "accepts must list kinds"),
        ("text", "accepts must list kinds"),
        ("{0: [0]}", "the text in quotes"),
        ('{"0": 0}', "the text in quotes"),
        ('{"0": []}', "the text in quotes"),
        ('{"0": [[0]]}', "each spelling must be"),
        ('{"0": [null]}', "each spelling must be"),
        ('{"0": [0.5]}', "each spelling must be"),
        ('{"0": [0], "1": [1, 0]}', "listed once"),
        ("{null: 9999}", "null must list the texts"),
        ("{null: [9999]}", "null must list the texts"),
    ],
)
def test_a_contract_that_lists_kinds_wrong_is_refused_with_its_place(new: str, told: str) -> None:
    assert FLAG in PORTAL
    with pytest.raises(ContractError, match=rf"dossier\.has_digitised_components: .*{told}"):
        contract.parse(PORTAL.replace(FLAG, new, 1), "portal.yaml")


def test_a_member_of_a_list_is_named_in_the_same_way() -> None:
    start, end = PORTAL.split("- name: DuocSoHoa", 1)
    broken = start + "- name: DuocSoHoa" + end.replace(FLAG, "[word]", 1)
    with pytest.raises(ContractError, match=r"dossier\.components\.DuocSoHoa: accepts"):
        contract.parse(broken, "portal.yaml")


def test_texts_under_null_say_nothing_beside_spellings_and_alone() -> None:
    both = '{null: ["-"], "0": ["0"], "1": ["1"]}'
    parsed = contract.parse(PORTAL.replace(FLAG, both, 1), "portal.yaml").dataset("dossier")
    flag = next(c for c in parsed.staged if c.name == "has_digitised_components").accepts
    assert [flag.staged(value).text for value in ("-", "1", "x")] == [None, "1", "x"]
    due = _column("due_at").accepts
    assert [due.staged(text).text for text in ("31/12/9999", "30/12/9999")] == [None, "30/12/9999"]
    assert due.staged(5).wrong == (": number",)


@pytest.mark.parametrize("word", ["never", "[always]"])
def test_a_column_can_only_be_always_sent(word: str) -> None:
    new = f"{FLAG}\n          - {{property: presence, value: {word}}}"
    with pytest.raises(ContractError, match=r"presence can only be: always"):
        contract.parse(PORTAL.replace(f"value: {FLAG}", f"value: {new}", 1), "portal.yaml")


def _column(name: str) -> Column:
    return next(column for column in DOSSIER.staged if column.name == name)


def test_a_column_takes_the_kind_of_its_logical_type_unless_it_says_more() -> None:
    assert _column("applicant_name").accepts.kinds == {"text"}
    assert _column("updated_at").accepts.kinds == {"text"}
    assert _column("fees").accepts.kinds == {"list"}
    assert _column("supplement_count").accepts.kinds == {"number", "text"}
    assert _column("is_vneid_verified").accepts.kinds == {"number", "text", "flag"}
    dose = next(
        c for c in contract.load("health").dataset("immunization").staged if c.name == "dose_number"
    )
    assert dose.accepts.kinds == {"number"}


def test_corrected_records_come_as_the_text_they_were_staged_as() -> None:
    restore = texts.restored(DOSSIER)
    record: dict[str, Any] = {
        "HoSoCoThanhPhanSoHoa": "1", "ChuHoSo": "1", "SoLanBoSung": "2",
        "DanhSachLePhi": '[{"Gia":1.50}]', "TaiLieuNop": "no list", "GiayToKetQua": None,
    }  # fmt: skip
    batch = Batch([1], [restore(record)])
    table = {name: column.to_pylist()[0] for name, column in texts.of_batch(DOSSIER, batch).items()}
    assert table["has_digitised_components"] == "1"
    assert (table["applicant_name"], table["supplement_count"]) == ("1", "2")
    assert (table["fees"], table["results"]) == ('[{"Gia":1.50}]', None)
    assert table[KINDS] == "TaiLieuNop: text"
