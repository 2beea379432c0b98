"""Keys and statements as somebody forges them who knows ``verify.py``."""

import shutil
from pathlib import Path

import pytest

import verify
from dean06.proof import notes
from tests.lib.forged import (
    BODIES,
    NEXT,
    NOT_GIVEN,
    OURS,
    STRANGER,
    answer,
    body_of,
    head_of,
    id_of,
    pem_of,
    rewrite,
    rotated,
    state,
    told_of,
)  # fmt: skip


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


ALL = "; no trusted key has signed publication 1 or a later one (6 of 6 publications)"


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
