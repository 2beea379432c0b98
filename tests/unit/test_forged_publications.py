"""Folders as somebody forges them who knows ``verify.py``, and saved heads as people keep them."""

import ast
import base64
import json
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import verify
from dean06 import settings
from dean06.proof import notes
from tests.lib.forged import answer, bodies_in, changed, edit, rewrite, state

CODE = "population.permanent_residents"
OURS, NEXT, STRANGER = (Ed25519PrivateKey.generate() for _ in range(3))
COUNTED = f"{CODE},1,province,82,current,,,{{}},,{{}},,f,,"
HIDDEN = f"{CODE},1,province,82,current,,,,,,hidden,f,,"
COLUMNS = (
    "kpi_code,kpi_version,unit_level,unit_code,boundary_version,breakdown,member_code,numerator,"
    "denominator,value,missing_reason,is_rounded,counted_on,part_codes"
)


def body_of(number: int, counted: int) -> bytes:
    """A publication with one value that is counted and one that is hidden."""
    header = {
        "format": "dean06 publication 1",
        "publication": number,
        "place": number - 1,
        "as_of_date": f"2022-10-{number:02}",
        "published_at": "2022-11-01T00:00:00.000000Z",
        "reason": "test",
        "replaces": None,
        "smallest_shown": 5,
        "sources": ["police"],
        "verification": None,
        "boundaries": {"as_reported": "2022-10-31", "current": "2025-07-01", "units": "0" * 64},
        "datasets": [
            {
                "dataset": "police.resident",
                "until": "2022-10-31T17:00:00.000000Z",
                "loads": 1,
                "fingerprint": "0" * 64,
            }
        ],
        "definitions": [[CODE, 1, "2:" + "a" * 64]],
    }
    lines = [f"# {json.dumps(header)}", COLUMNS, COUNTED.format(counted, counted), HIDDEN]
    return ("\n".join(lines) + "\n").encode()


BODIES = {number: body_of(number, 100 + number) for number in range(1, 7)}


def pem_of(key: Ed25519PrivateKey, path: Path) -> Path:
    """The file of a public key."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    path.write_bytes(key.public_key().public_bytes(serialization.Encoding.PEM, form))
    return path


def head_of(folder: Path, number: int) -> Path:
    """The file of a head."""
    return next(folder.glob(f"heads/{number:06}-*"))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Six publications in ``folder``, by the key of ``public.pem``; ``next.pem``."""
    rewrite(tmp_path / "folder", BODIES, OURS)
    state(tmp_path / "folder", "introduces", OURS)
    pem_of(OURS, tmp_path / "public.pem")
    pem_of(NEXT, tmp_path / "next.pem")
    return tmp_path


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


@pytest.mark.parametrize("verb", ["introduces", "revokes"])
def test_a_key_with_the_id_of_the_readers_key_does_not_take_its_place(
    home: Path, monkeypatch: pytest.MonkeyPatch, verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """IDs have 32 bits: whoever wants another key with the same one finds it."""
    same = notes.key_id(OURS.public_key())
    monkeypatch.setattr(notes, "_key_hash", lambda _: bytes.fromhex(same))
    monkeypatch.setattr(verify.Key, "id", property(lambda _: same))
    folder, words = home / "folder", ("--key", home / "public.pem")
    assert answer(capsys, folder, *words)[0] == 0
    state(folder, verb, STRANGER)
    told = f"REFUSED: keys/{verb}-{same}.txt: another key has the ID {same} of a key that is known"
    code, said = answer(capsys, folder, *words)
    assert (code, said.startswith(told)) == (1, True)
    rewrite(folder, {**BODIES, 2: body_of(2, 500)}, STRANGER)
    code, said = answer(capsys, folder, *words)
    assert (code, said.startswith(told)) == (1, True)
    shutil.rmtree(folder / "keys")
    code, said = answer(capsys, folder, *words)
    assert (code, f"the signature of key {same} is invalid" in said) == (1, True)
    stranger = pem_of(STRANGER, home / "stranger.pem")
    code, said = answer(capsys, folder, *words, "--key", stranger)
    assert (code, f"another key has the ID {same}" in said) == (1, True)


def test_two_statements_about_one_id_are_refused(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither key is the reader's."""
    mine = verify.Key(notes.raw(OURS.public_key()))
    real = verify.Key.id.fget  # type: ignore[attr-defined]
    monkeypatch.setattr(
        verify.Key, "id", property(lambda key: real(key) if key.raw == mine.raw else "00c0ffee")
    )
    hashed = notes._key_hash
    monkeypatch.setattr(
        notes,
        "_key_hash",
        lambda key: hashed(key) if notes.raw(key) == mine.raw else bytes.fromhex("00c0ffee"),
    )
    state(home / "folder", "introduces", NEXT, OURS, NEXT)
    assert answer(capsys, home / "folder", "--key", home / "public.pem")[0] == 0
    state(home / "folder", "revokes", STRANGER)
    code, said = answer(capsys, home / "folder", "--key", home / "public.pem")
    assert (code, "keys/revokes-00c0ffee.txt: another key has the ID" in said) == (1, True)


def rotated(home: Path) -> tuple[Path, str]:
    """The folder after ``NEXT`` has replaced ``OURS``; a head of before, and the ID of its key."""
    folder, saved = home / "folder", home / "saved.txt"
    shutil.copy(head_of(folder, 4), saved)
    rewrite(folder, BODIES, NEXT)
    state(folder, "introduces", NEXT, OURS, NEXT)
    return saved, notes.key_id(OURS.public_key())


def test_a_head_saved_before_a_rotation_is_good(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved, old = rotated(home)
    words = (home / "folder", "--saved-head", saved, "--key")
    code, said = answer(capsys, *words, home / "public.pem")
    assert (code, "NOTE" in said) == (0, False)
    code, said = answer(capsys, *words, home / "next.pem")
    assert code == 0
    told = (
        f"NOTE: saved head {saved}: it is a head of this log, and good, although signed by key "
        f"{old}, which is not one of the keys that you gave, and none of them introduced it"
    )
    by = f": the folder says that key {notes.key_id(NEXT.public_key())} replaced it\n"
    assert told + by in said
    (home / "folder/keys" / f"introduces-{old}.txt").unlink()
    state(home / "folder", "introduces", NEXT)
    code, said = answer(capsys, *words, home / "next.pem")
    assert (code, f"{told}: the folder has no statement about it\n" in said) == (0, True)


def test_a_head_saved_before_its_key_was_revoked_is_good(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved, old = rotated(home)
    state(home / "folder", "revokes", OURS)
    for given in (("next.pem",), ("next.pem", "public.pem")):
        keys = [word for name in given for word in ("--key", home / name)]
        code, said = answer(capsys, home / "folder", *keys, "--saved-head", saved)
        assert code == 0
        told = "it is a head of this log, and good, although signed by key"
        by = f"{old}, revoked on 2022-11-01T00:00:00Z"
        assert f"NOTE: saved head {saved}: {told} {by}\n" in said


@pytest.mark.parametrize("is_revoked", [False, True])
def test_a_saved_head_of_another_history_is_refused_whoever_signed_it(
    home: Path, is_revoked: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    saved, old = rotated(home)
    if is_revoked:
        state(home / "folder", "revokes", OURS)
    rewrite(home / "folder", {**BODIES, 2: body_of(2, 500)}, NEXT)
    words = ("--key", home / "next.pem", "--saved-head", saved)
    code, said = answer(capsys, home / "folder", *words)
    assert code == 1
    told = "at least one of publications 1 to 4 differs; a head does not show which"
    assert f"it signs another history than the folder has: {told}" in said
    by = "revoked on" if is_revoked else "which is not one of the keys that you gave"
    assert f"the head is signed by key {old}, {by}" in said
    rewrite(home / "folder", {number: BODIES[number] for number in (1, 2, 3)}, NEXT)
    code, said = answer(capsys, home / "folder", *words)
    assert (code, "it covers 4 publications and the folder has 3" in said) == (1, True)


def test_heads_of_other_sizes_need_the_folder(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, key = home / "folder", ("--key", home / "public.pem")
    words = [*key, *(w for n in (5, 6) for w in ("--saved-head", head_of(folder, n)))]
    code, said = answer(capsys, *words)
    assert (code, said.startswith("NOT COMPARED: "), "5 and 6" in said) == (2, True, True)
    assert "give the folder" in said
    assert answer(capsys, folder, *words)[0] == 0
    same = (*key, *2 * ("--saved-head", head_of(folder, 6)))
    assert answer(capsys, *same) == (
        0,
        "GENUINE: the heads are the same: 6 publications, one history\n",
    )
    rewrite(home / "fork", {**BODIES, 3: body_of(3, 500)}, OURS)
    other = ("--saved-head", head_of(home / "fork", 6))
    code, said = answer(capsys, *words, *other)
    assert (code, "two different heads of 6 publications, both signed" in said) == (1, True)


def folded(body: bytes) -> bytes:
    """As mail programs break long lines."""
    return body.replace(b"dean06/publications ", b"dean06/publications\n")


FORMS: Mapping[str, Callable[[bytes], bytes]] = {
    "byte order mark": lambda b: b"\xef\xbb\xbf" + b,
    "line ends of Windows": lambda b: b.replace(b"\n", b"\r\n"),
    "line ends of old Macs": lambda b: b.replace(b"\n", b"\r"),
    "UTF-16": lambda b: b.decode().encode("utf-16"),
    "UTF-16 without a mark": lambda b: b.decode().encode("utf-16-le"),
    "Windows-1252": lambda b: b.decode().encode("cp1252"),
    "quoted": lambda b: b"".join(b"> " + line + b"\n" for line in b.splitlines()),
    "quoted twice": lambda b: b"".join(b">> " + line + b"\n" for line in b.splitlines()),
    "quoted after a blank": lambda b: b"".join(b" > " + line + b"\n" for line in b.splitlines()),
    "indented": lambda b: b"".join(b"\t  " + line + b"\n" for line in b.splitlines()),
    "blanks at the ends": lambda b: b"".join(line + b" \n" for line in b.splitlines()),
    "hard blanks": lambda b: b.replace(b" ", "\N{NO-BREAK SPACE}".encode()),
    "two hyphens": lambda b: b.replace("—".encode(), b"--"),
    "a hyphen": lambda b: b.replace("—".encode(), b"-"),
    "an en dash": lambda b: b.replace("—".encode(), "\N{EN DASH}".encode()),
    "no blank line": lambda b: b.replace(b"\n\n", b"\n"),
    "empty lines between": lambda b: b.replace(b"\n", b"\n\n"),
    "a long line broken": folded,
}


@pytest.mark.parametrize("form", FORMS)
def test_a_saved_head_is_read_after_a_mail_program(
    home: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    saved, words = home / "saved.txt", ("--key", home / "public.pem", "--saved-head")
    saved.write_bytes(FORMS[form](head_of(home / "folder", 6).read_bytes()))
    code, said = answer(capsys, home / "folder", *words, saved)
    assert (code, "NOTE" in said) == (0, False), said
    rewrite(home / "fork", {**BODIES, 3: body_of(3, 500)}, OURS)
    saved.write_bytes(FORMS[form](head_of(home / "fork", 6).read_bytes()))
    code, said = answer(capsys, home / "folder", *words, saved)
    assert (code, "one of publications 1 to 6 differs" in said) == (1, True)


def other_root(body: bytes) -> bytes:
    lines = body.split(b"\n")
    lines[2] = base64.b64encode(b"x" * 32)
    return b"\n".join(lines)


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body[:-40] + b"\n",
        lambda body: body.replace(b"publications", b"publication"),
        lambda body: b"Dear reader,\n\n" + body,
        lambda _: b"",
        lambda _: b"\xff\xfe\x00",
        lambda body: body.replace(b"\n6\n", b"\n06\n"),
        lambda body: body.replace(b"\n6\n", b"\n5\n"),
        other_root,
    ],
    ids=["cut", "a letter", "words", "empty", "half", "06", "another size", "another root"],
)
def test_a_saved_head_that_was_changed_is_said_to_be(
    home: Path, change: Callable[[bytes], bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    saved = home / "saved.txt"
    saved.write_bytes(change(head_of(home / "folder", 6).read_bytes()))
    code, said = answer(
        capsys, home / "folder", "--key", home / "public.pem", "--saved-head", saved
    )
    told = f"REFUSED: saved head {saved}: this text was changed by a mail program or by hand"
    assert (code, said.startswith(told)) == (1, True)


def test_a_saved_head_of_fewer_than_no_publications_is_none(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The root of the newest, which is also the last one from the end."""
    root = verify.head_of(verify.note_in(head_of(home / "folder", 6), "head")).root
    saved = home / "saved.txt"
    saved.write_text(notes.signed(notes.head_text(-1, root), [STRANGER]))
    words = ("--key", home / "public.pem", "--saved-head", saved)
    code, said = answer(capsys, home / "folder", *words)
    assert (code, "is not the head of a log of publications" in said) == (1, True)


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


def test_a_key_that_the_publisher_says_is_revoked_counts_for_nothing(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever has the key has removed the statement that revokes it."""
    folder, ours = home / "folder", home / "public.pem"
    state(folder, "introduces", NEXT, OURS, NEXT)
    old = notes.key_id(OURS.public_key())
    both = (folder, "--key", ours, "--key", home / "next.pem")
    assert answer(capsys, *both)[0] == 0  # the folder alone does not show it
    code, said = answer(capsys, *both, "--revoked", ours)
    assert (code, f"signed by key {old}, revoked (--revoked)" in said) == (1, True)
    code, said = answer(capsys, folder, "--key", ours, "--revoked", ours)
    assert (code, "ask the publisher for the new public key" in said) == (1, True)
    rewrite(folder, BODIES, NEXT)
    assert answer(capsys, *both, "--revoked", ours)[0] == 0


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


NOT_GIVEN = "which is not one of the keys that you gave, and none of them introduced it"
ALL = "; no trusted key has signed publication 1 or a later one (6 of 6 publications)"


def told_of(said: str, what: str = "REFUSED") -> list[str]:
    """The lines of one kind."""
    return [line for line in said.splitlines() if line.startswith(f"{what}: ")]


def id_of(key: Ed25519PrivateKey) -> str:
    return notes.key_id(key.public_key())


def test_a_stranger_a_former_key_and_a_key_of_the_folder_are_told_apart(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, words = home / "folder", (home / "folder", "--key", home / "public.pem")
    by = f"signed by key {id_of(STRANGER)}, {NOT_GIVEN}"
    rewrite(folder, BODIES, STRANGER)
    code, said = answer(capsys, *words)
    first = f"head of publication 1 ({id_of(STRANGER)}) and 5 more"
    nothing = ": the folder has no statement about it"
    assert (code, said) == (1, f"REFUSED: {first}: {by}{nothing}\n")
    state(folder, "introduces", STRANGER)
    code, said = answer(capsys, *words)
    newest = f"head of publication 6 ({id_of(STRANGER)})"
    assert (code, said) == (1, f"REFUSED: {newest}: {by}{ALL}\n")
    rewrite(folder, BODIES, OURS)
    state(folder, "introduces", NEXT, OURS, NEXT)
    code, said = answer(capsys, folder, "--key", home / "next.pem")
    by = f"signed by key {id_of(OURS)}, {NOT_GIVEN}"
    replaced = f": the folder says that key {id_of(NEXT)} replaced it"
    newest = f"head of publication 6 ({id_of(OURS)})"
    assert (code, said) == (1, f"REFUSED: {newest}: {by}{replaced}{ALL}\n")


def test_the_first_publication_without_a_trusted_key_is_named(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The heads of a former key after those of its successor."""
    folder, saved = home / "folder", home / "saved"
    saved.mkdir()
    for number in (5, 6):
        shutil.copy(head_of(folder, number), saved)
    rewrite(folder, BODIES, NEXT)
    state(folder, "introduces", NEXT, OURS, NEXT)
    for number in (5, 6):
        head_of(folder, number).unlink()
    for path in saved.iterdir():
        shutil.copy(path, folder / "heads")
    code, said = answer(capsys, folder, "--key", home / "next.pem")
    (line,) = told_of(said)
    end = "no trusted key has signed publication 5 or a later one (2 of 6 publications)"
    assert (code, line.endswith(end)) == (1, True)


def test_a_newest_head_by_a_key_that_was_replaced_is_noted(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, both = home / "folder", ("--key", home / "public.pem", "--key", home / "next.pem")
    state(folder, "introduces", NEXT, OURS, NEXT)
    told = f"newest head is only signed by key {id_of(OURS)}, which key {id_of(NEXT)} replaced"
    for keys in (both, both[:2]):
        code, said = answer(capsys, folder, *keys)
        assert (code, f"NOTE: the {told}" in said) == (0, True)
    old = head_of(folder, 6).read_bytes()
    rewrite(folder, BODIES, NEXT)
    (folder / f"heads/000006-{id_of(OURS)}.txt").write_bytes(old)
    code, said = answer(capsys, folder, *both)
    assert (code, "NOTE" in said) == (0, False)


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


def test_a_saved_head_names_the_publication_if_its_proof_does(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody without the key has left the consistency proof as it was."""
    folder, saved = home / "folder", home / "saved.txt"
    shutil.copy(head_of(folder, 4), saved)
    proof = folder / "proofs/000004.json"
    steps = json.loads(proof.read_text())["consistency"]
    rewrite(folder, {**BODIES, 4: body_of(4, 500)}, STRANGER)
    proof.write_text(json.dumps({**json.loads(proof.read_text()), "consistency": steps}))
    words = (folder, "--key", home / "public.pem", "--saved-head", saved)
    code, said = answer(capsys, *words)
    told = f"saved head {saved}: it signs another history than the folder has: publication 4"
    assert (code, f"REFUSED: {told} differs\n" in said) == (1, True)


def test_an_earlier_saved_head_that_agrees_is_said(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, words = home / "folder", ["--key", home / "public.pem"]
    for number in (2, 5):
        shutil.copy(head_of(folder, number), home / f"{number}.txt")
        words += ["--saved-head", home / f"{number}.txt"]
    rewrite(folder, {**BODIES, 4: body_of(4, 500)}, OURS)
    code, said = answer(capsys, folder, *words)
    (line,) = told_of(said)
    told = "at least one of publications 1 to 5 differs; a head does not show which"
    end = f"{told}; publications up to 2 agree with another saved head"
    assert (code, line.startswith(f"REFUSED: saved head {home / '5.txt'}: ")) == (1, True)
    assert line.endswith(end)


def test_a_shorter_folder_may_be_an_older_copy(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, saved = home / "folder", home / "saved.txt"
    shutil.copy(head_of(folder, 6), saved)
    rewrite(folder, {number: BODIES[number] for number in (1, 2, 3)}, OURS)
    words = (folder, "--key", home / "public.pem", "--saved-head", saved)
    code, said = answer(capsys, *words)
    told = "the folder is older than the head, or its newest publications were deleted"
    end = "whether the folder's 3 are the first 3 of them was not checked"
    assert (code, f"{told}; {end}\n" in said, said.count("\n")) == (1, True, 1)
    (folder / "proofs/000002.json").unlink()
    code, said = answer(capsys, *words)
    assert (code, "it covers 6 publications and the folder has 1: the folder can" in said) == (
        1,
        True,
    )


def test_of_two_saved_heads_the_one_that_the_folder_follows_is_said(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, mine, yours = home / "folder", home / "mine.txt", home / "yours.txt"
    shutil.copy(head_of(folder, 6), mine)
    rewrite(home / "fork", {**BODIES, 3: body_of(3, 500)}, OURS)
    shutil.copy(head_of(home / "fork", 6), yours)
    words = ("--key", home / "public.pem", "--saved-head", mine, "--saved-head", yours)
    for root, good, other in ((folder, mine, yours), (home / "fork", yours, mine)):
        code, said = answer(capsys, root, *words)
        both, refused = told_of(said)
        assert (code, "two different heads of 6 publications, both signed" in both) == (1, True)
        assert refused.startswith(f"REFUSED: saved head {other}: it signs another history than")
        told = f"NOTE: saved head {good}: it is a head of this log: the folder has this history"
        assert told_of(said, "NOTE") == [told]


def test_a_forged_saved_head_does_not_hide_another_one(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, forged, yours = home / "folder", home / "forged.txt", home / "yours.txt"
    forged.write_bytes(other_root(head_of(folder, 6).read_bytes()))
    rewrite(home / "fork", {**BODIES, 3: body_of(3, 500)}, OURS)
    shutil.copy(head_of(home / "fork", 5), yours)
    words = ("--key", home / "public.pem", "--saved-head", forged, "--saved-head", yours)
    code, said = answer(capsys, folder, *words)
    first, second = told_of(said)
    assert (code, first.startswith(f"REFUSED: saved head {forged}: this text was")) == (1, True)
    assert second.startswith(f"REFUSED: saved head {yours}: it signs another history")
    code, said = answer(capsys, *words)
    assert (code, said) == (1, f"{first}\n")


def test_heads_alone_by_a_key_that_was_not_given_are_not_compared(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved, _ = rotated(home)
    new = head_of(home / "folder", 4)
    words = ("--saved-head", saved, "--saved-head", new, "--key")
    end = "which is not one of the keys that you gave: only the whole folder shows whether one of"
    for given, other in (("public.pem", NEXT), ("next.pem", OURS)):
        code, said = answer(capsys, *words, home / given)
        assert code == 0, said
        assert f"it is the same head, signed by key {id_of(other)}, {end}" in said
    code, said = answer(capsys, *2 * ("--saved-head", new), "--key", home / "public.pem")
    assert (code, said.startswith(f"NOT COMPARED: saved head {new}: signed by")) == (2, True)
    assert f"key {id_of(NEXT)}, {end} them introduced it\n" in said
    rewrite(home / "fork", {**BODIES, 3: body_of(3, 500)}, OURS)
    words = ("--saved-head", head_of(home / "fork", 4), "--saved-head", new)
    code, said = answer(capsys, *words, "--key", home / "public.pem")
    assert (code, said.startswith(f"NOT COMPARED: saved head {new}: signed by")) == (2, True)


def test_one_file_by_a_key_that_was_not_given_is_refused(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rotated(home)
    folder = home / "folder"
    words = (folder / "publications/000006.csv", "--proof", folder / "proofs/000006.json")
    words = (*words, "--head", head_of(folder, 6), "--key")
    code, said = answer(capsys, *words, home / "public.pem")
    end = "which is not one of the keys that you gave: only the whole folder shows whether one of"
    assert (code, f"signed by key {id_of(NEXT)}, {end} them introduced it\n" in said) == (1, True)
    code, said = answer(capsys, *words, home / "next.pem")
    told = "NOTE: its formulas were not compared with other publications: give the folder"
    assert (code, told_of(said, "NOTE")) == (0, [told])


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


def test_a_head_of_no_publications_has_the_root_of_none(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "empty").mkdir()
    saved = home / "saved.txt"
    for root, told in ((b"x" * 32, "is not the head of a log"), (verify.sha256(), "has no public")):
        saved.write_text(notes.signed(notes.head_text(0, root), [OURS]))
        words = ("--key", home / "public.pem", "--saved-head", saved)
        code, said = answer(capsys, home / "empty", *words)
        assert (code, told in said) == (1, True)


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
