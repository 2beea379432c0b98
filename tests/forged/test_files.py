"""Files of publications and proofs as somebody forges them who knows ``verify.py``."""

import ast
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import verify
from dean06 import settings
from tests.lib.forged import (
    BODIES,
    CODE,
    COLUMNS,
    HIDDEN,
    OURS,
    STRANGER,
    answer,
    bodies_in,
    body_of,
    changed,
    edit,
    head_of,
    id_of,
    rewrite,
)  # fmt: skip


def with_header(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    """The publisher signs publication 6 with another first line."""

    def tamper(folder: Path) -> None:
        rewrite(folder, {**BODIES, 6: changed(BODIES[6], change)}, OURS)

    return tamper


def with_definition(*definitions: list[Any]) -> Callable[[Path], None]:
    return with_header(lambda header: header.__setitem__("definitions", list(definitions)))


def with_line(old: str, new: str) -> Callable[[Path], None]:
    """The publisher signs publication 6 with other values."""

    def tamper(folder: Path) -> None:
        body = BODIES[6].replace(old.encode(), new.encode())
        assert body != BODIES[6]
        rewrite(folder, {**BODIES, 6: body}, OURS)

    return tamper


def with_proof(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    def tamper(folder: Path) -> None:
        path = folder / "proofs/000003.json"
        proof = json.loads(path.read_text())
        change(proof)
        path.write_text(json.dumps(proof))

    return tamper


def with_bytes(name: str, change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def tamper(folder: Path) -> None:
        path = next(folder.glob(name))
        body = change(path.read_bytes())
        assert body != path.read_bytes()
        path.write_bytes(body)

    return tamper


PROOF = "publication 3: proof: not a proof, or altered"
FILE = "publication 6: its file is the signed one, but not a valid publication"
TWICE = "publication 6: it defines a formula twice"
OTHER = "2:" + "b" * 64
FORMULA = f"publication 6: the formula of {CODE} is not the one that version 1 had"
KIND = f"publication 6: the fingerprint of the formula of {CODE} is of an unknown kind"
SUPPRESSED = f"publication 6: a suppressed value of {CODE} has a number"
ATTACKS: dict[str, tuple[Callable[[Path], object], str]] = {
    "a version as text, another formula": (
        with_definition([CODE, "1", OTHER]),
        f"{FILE}: field definitions",
    ),
    "a version with a point": (with_definition([CODE, 1.0, OTHER]), f"{FILE}: field definitions"),
    "a version that is true": (with_definition([CODE, True, OTHER]), f"{FILE}: field definitions"),
    "a definition twice": (
        with_definition([CODE, 1, "2:" + "a" * 64], [CODE, 1, None]),
        TWICE,
    ),
    "a formula without fingerprint": (with_definition([CODE, 1, None]), FORMULA),
    "a made-up kind of fingerprint": (with_definition([CODE, 1, "3:" + "b" * 64]), KIND),
    "a fingerprint that is none": (with_definition([CODE, 1, "2:" + "B" * 64]), KIND),
    "a fingerprint of the former kind": (with_definition([CODE, 1, "b" * 64]), FORMULA),
    "another fingerprint": (with_definition([CODE, 1, OTHER]), FORMULA),
    "the first line has one field more": (
        with_header(lambda header: header.__setitem__("withdrawn", True)),
        f"{FILE}: unknown field withdrawn",
    ),
    "a value without a definition": (
        with_line(f"{CODE},1,", "other,1,"),
        "publication 6: no definition of other",
    ),
    "a number in value of a hidden row": (
        with_line(HIDDEN, HIDDEN.replace(",,,,hidden", ",,,3,hidden")),
        SUPPRESSED,
    ),
    "a number in denominator of a hidden row": (
        with_line(HIDDEN, HIDDEN.replace(",,,,hidden", ",,3,,hidden")),
        SUPPRESSED,
    ),
    "a number in numerator of a hidden row": (
        with_line(HIDDEN, HIDDEN.replace(",,,,hidden", ",3,,,hidden")),
        SUPPRESSED,
    ),
    "a number in another column of a hidden row": (
        with_line(HIDDEN, HIDDEN.replace("hidden,f,,", "hidden,f,3,")),
        f"{FILE}: column counted_on",
    ),
    "a blank for a number": (
        with_line(HIDDEN, HIDDEN.replace(",,,,hidden", ",, ,,hidden")),
        f"{FILE}: column denominator",
    ),
    "one cell more": (with_line(HIDDEN, f"{HIDDEN},3"), FILE),
    "one cell less": (with_line(HIDDEN, HIDDEN[:-1]), FILE),
    "one column more": (with_line(COLUMNS, f"{COLUMNS},exact"), FILE),
    "a proof has one field more": (
        with_proof(lambda proof: proof.__setitem__("withdrawn", True)),
        f"{PROOF}: unknown field withdrawn",
    ),
    "a field is said twice": (
        with_bytes("proofs/000003.json", lambda body: b'{"publication": 9, ' + body[1:]),
        PROOF,
    ),
    "a leaf is written another way": (
        with_proof(lambda proof: proof.__setitem__("leaf", proof["leaf"].upper())),
        f"{PROOF}: field leaf",
    ),
    "a place is text": (
        with_proof(lambda proof: proof.__setitem__("place", "2")),
        f"{PROOF}: field place",
    ),
    "a head without its last line end": (
        with_bytes("heads/000003-*", lambda body: body[:-1]),
        "not a signed note, or altered",
    ),
    "a head with a line more": (
        with_bytes("heads/000003-*", lambda body: body.replace(b"\n\n", b"\nmore\n\n")),
        "head of publication 3",
    ),
    "a strange file": (
        lambda folder: (folder / "README.txt").write_text("x"),
        "README.txt: not a file of the signed publications",
    ),
}  # fmt: skip
for _name in sorted(json.loads(BODIES[6].partition(b"\n")[0][2:])):
    ATTACKS[f"the first line has no {_name}"] = (
        with_header(lambda header, name=_name: header.pop(name)),
        f"{FILE}: field {_name} is missing",
    )
    ATTACKS[f"the first line has a strange {_name}"] = (
        with_header(lambda header, name=_name: header.__setitem__(name, {"x": 1.5})),
        f"{FILE}: field {_name} has a wrong value",
    )
for _name in ("publication", "place", "leaf", "inclusion", "consistency"):
    ATTACKS[f"a proof has no {_name}"] = (
        with_proof(lambda proof, name=_name: proof.pop(name)),
        f"{PROOF}: field {_name} is missing",
    )


def test_the_folder_is_genuine(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = answer(capsys, home / "folder", "--key", home / "public.pem")
    assert (code, said.startswith("GENUINE: 6 publications;"), said.count("\n")) == (0, True, 1)


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_is_forged_is_refused_by_name(
    home: Path, attack: str, capsys: pytest.CaptureFixture[str]
) -> None:
    tamper, told = ATTACKS[attack]
    tamper(home / "folder")
    code, said = answer(capsys, home / "folder", "--key", home / "public.pem")
    assert code == 1
    assert f"REFUSED: {told}" in said or told in said.splitlines()[0]


def test_a_message_has_no_words_of_a_file(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with_proof(lambda proof: proof.__setitem__("Nguyen Van A 082190001234", 1))(home / "folder")
    code, said = answer(capsys, home / "folder", "--key", home / "public.pem")
    assert (code, f"{PROOF}: unknown field (not a name)\n" in said, "Nguyen" in said) == (
        1,
        True,
        False,
    )


@pytest.mark.parametrize("name", [".DS_Store", "keys/.DS_Store", "Thumbs.db", "heads/desktop.ini"])
def test_what_a_file_manager_leaves_is_ignored(
    home: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "folder" / name).write_bytes(b"x")
    code, said = answer(capsys, home / "folder", "--key", home / "public.pem")
    assert code == 0
    assert f"NOTE: {name}: ignored, a file of the computer's file manager\n" in said


def test_former_kinds_of_fingerprints_stay_genuine(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """None was recorded, then words were included, then they were not."""
    kinds = {1: None, 2: None, 3: "c" * 64, 4: "c" * 64}
    bodies = dict(BODIES)
    for number, kind in kinds.items():
        bodies[number] = changed(
            bodies[number], lambda header, kind=kind: header["definitions"][0].__setitem__(2, kind)
        )
    rewrite(home / "folder", bodies, OURS)
    code, said = answer(capsys, home / "folder", "--key", home / "public.pem")
    assert code == 0
    assert "NOTE: 1 formulas have no fingerprint in some publications" in said
    assert "NOTE: 1 formulas have fingerprints of two kinds, which cannot be compared" in said
    assert bodies_in(home / "folder") == bodies


def test_a_file_alone_is_checked_as_strictly(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = home / "folder"
    with_line(HIDDEN, HIDDEN.replace(",,,,hidden", ",,,3,hidden"))(folder)
    words = ("--head", head_of(folder, 6), "--key", home / "public.pem")
    file, proof = folder / "publications/000006.csv", folder / "proofs/000006.json"
    code, said = answer(capsys, file, "--proof", proof, *words)
    assert (code, f"a suppressed value of {CODE} has a number" in said) == (1, True)
    edit(proof, "{", '{"withdrawn": true, ')
    code, said = answer(capsys, file, "--proof", proof, *words)
    assert (code, "unknown field withdrawn" in said) == (1, True)


def with_leaf(folder: Path, number: int, body: bytes | None) -> None:
    """The leaf in a proof is another one, and the file too, but for None."""
    path = folder / f"proofs/{number:06}.json"
    proof = json.loads(path.read_text())
    proof["leaf"] = verify.sha256(b"\x00", body or b"").hex()
    path.write_text(json.dumps(proof))
    if body:
        (folder / f"publications/{number:06}.csv").write_bytes(body)


@pytest.mark.parametrize("number", range(1, 7))
@pytest.mark.parametrize("is_file_true", [False, True])
def test_a_changed_leaf_is_named_and_true_heads_are_not_accused(
    home: Path, number: int, is_file_true: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, saved = home / "folder", home / "saved.txt"
    shutil.copy(head_of(folder, 6), saved)
    with_leaf(folder, number, None if is_file_true else body_of(number, 500))
    words = ("--key", home / "public.pem", "--saved-head", saved)
    code, said = answer(capsys, folder, *words)
    what = "the proof was" if is_file_true else "file and proof were"
    told = f"publication {number}: its proof lacks the leaf that its head signs: {what} changed"
    assert (code, said) == (1, f"REFUSED: {told}\n")


def test_a_wholly_changed_proof_under_a_true_head_is_one_error(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = home / "folder"
    rewrite(home / "forged", {**BODIES, 3: body_of(3, 500)}, STRANGER)
    for name in ("publications/000003.csv", "proofs/000003.json"):
        shutil.copy(home / "forged" / name, folder / name)
    code, said = answer(capsys, folder, "--key", home / "public.pem")
    told = f"head of publication 3 ({id_of(OURS)}) and 3 more: it signs another history than"
    end = "the folder has: files and proofs were changed, or it is not their head"
    assert (code, said) == (1, f"REFUSED: {told} {end}\n")


def test_another_program_in_the_folder_is_noted(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy, words = home / "folder/verify.py", (home / "folder", "--key", home / "public.pem")
    shutil.copy(verify.__file__, copy)
    code, said = answer(capsys, *words)
    assert (code, "NOTE" in said) == (0, False)
    edit(copy, r"\Z", "\n")
    code, said = answer(capsys, *words)
    assert (code, "NOTE: verify.py: another program than this one" in said) == (0, True)


SECRET = "Nguyen Van A 082190001234"


@pytest.mark.parametrize(
    "tamper",
    [
        with_definition([CODE, 1, "2:" + "a" * 64], [SECRET, 1, "3:x"]),
        with_line(f"{CODE},1,", f"{SECRET},1,"),
        with_header(lambda header: header.__setitem__(SECRET, 1)),
        with_header(lambda header: header.__setitem__("reason", [SECRET])),
        with_header(lambda header: header.__setitem__("as_of_date", SECRET)),
    ],
    ids=["a formula", "a value", "a field", "a reason", "a day"],
)
def test_no_message_repeats_a_word_of_a_publication(
    home: Path, tamper: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    tamper(home / "folder")
    code, said = answer(capsys, home / "folder", "--key", home / "public.pem")
    assert (code, "Nguyen" in said, "0821" in said) == (1, False, False)


def test_an_error_of_consequence_is_not_told(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Publication 5 replaces 3, whose file is false."""
    folder = home / "folder"
    again = changed(BODIES[5], lambda header: header.update(as_of_date="2022-10-03", replaces=3))
    rewrite(folder, {**BODIES, 5: again}, OURS)
    words = (folder, "--key", home / "public.pem")
    assert answer(capsys, *words)[0] == 0
    edit(folder / "publications/000003.csv", ",103,", ",104,")
    told = "REFUSED: publication 3: its file is not the one that was published\n"
    assert answer(capsys, *words) == (1, told)
    other = changed(again, lambda header: header.update(replaces=4))
    rewrite(folder, {**BODIES, 5: other}, OURS)
    code, said = answer(capsys, *words)
    told = "REFUSED: publication 5: it does not name the publication that it replaces\n"
    assert (code, said) == (1, told)


def test_the_page_for_readers_quotes_messages_that_the_program_has() -> None:
    page = (settings.PROJECT / "docs/signed-publications.md").read_text(encoding="utf-8")
    table = page.partition("| message of `verify.py` |")[2].partition("\n\n")[0]
    rows = [line.split(" | ")[0] for line in table.splitlines()[2:]]
    quoted = [each for row in rows for each in re.findall("`([^`]+)`", row)]
    parts = [
        part.strip(" :;()")
        for each in quoted
        for part in re.split("…|[0-9]+|[:,] | was (?=rev)", each)
    ]
    told = "\n".join(
        "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
        if isinstance(node, ast.JoinedStr)
        else str(node.value)
        for node in ast.walk(ast.parse(Path(verify.__file__).read_text(encoding="utf-8")))
        if isinstance(node, ast.JoinedStr | ast.Constant)
    )
    told = f"{told}\n{verify.OTHER_HISTORY}"
    assert len(rows) > 20
    assert [part for part in parts if part not in told] == []
