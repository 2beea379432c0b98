"""Saved heads as people keep them, and as somebody forges them."""

import base64
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

import verify
from dean06.proof import notes
from tests.lib.forged import (
    BODIES,
    NEXT,
    OURS,
    STRANGER,
    answer,
    body_of,
    head_of,
    id_of,
    rewrite,
    rotated,
    state,
    told_of,
)  # fmt: skip


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


def test_a_forged_saved_head_is_refused_beside_one_file_too(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, saved = home / "folder", home / "saved.txt"
    saved.write_bytes(other_root(head_of(folder, 6).read_bytes()))
    words = (folder / "publications/000006.csv", "--proof", folder / "proofs/000006.json")
    words = (*words, "--head", head_of(folder, 6), "--key", home / "public.pem")
    assert answer(capsys, *words)[0] == 0
    code, said = answer(capsys, *words, "--saved-head", saved)
    assert (code, f"REFUSED: saved head {saved}: this text was changed" in said) == (1, True)


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
