"""Somebody has the folder, the public key and ``verify.py``: what is genuine, and what is not."""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dean06.proof import keys, notes, signing
from tests.conftest import Cluster
from tests.lib.forged import answer, bodies_in, changed, edit, rewrite
from tests.lib.published import publish

DOSSIERS, RESIDENTS = "service.dossiers_essential", "population.permanent_residents"
NOTHING = "0" * 64
STRANGER = Ed25519PrivateKey.generate()


def publish_four() -> None:
    """Three days, the last one twice; one value is suppressed."""
    for day, counted in (("29", 70), ("30", 80), ("31", 90), ("31", 95)):
        publish(f"2022-10-{day}", (RESIDENTS, "", "", counted, None))
    publish("2022-11-01", (RESIDENTS, "", "", 96, None), (DOSSIERS, "", "", None, None))


@pytest.fixture(scope="module")
def released(
    cluster: Cluster, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """A folder with ``released``, signed publications; ``public.pem``; ``publication_keys.json``,
    which nobody has outside."""
    home = tmp_path_factory.mktemp("released")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEAN06_PUBLICATION_KEYS", str(home / "publication_keys.json"))
        patch.setenv("DEAN06_SIGNED_PUBLICATIONS", (home / "released").as_uri())
        with cluster.copy(migrated):
            publish_four()
            assert signing.sign_due() == signing.Signed(5, 5)
            keys.write_public(keys.newest(), home / "public.pem")
            yield home


@pytest.fixture
def home(released: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it; also the keys, for attacks by whoever has them."""
    copy = tmp_path / "home"
    shutil.copytree(released, copy)
    monkeypatch.setenv("DEAN06_PUBLICATION_KEYS", str(copy / "publication_keys.json"))
    return copy


def newest_head(home: Path) -> Path:
    """The head that a reader has saved before, from a mail."""
    saved = home / "saved.txt"
    text = newest_of(home / "released").read_bytes()
    saved.write_bytes(b"\r\n" + text.replace(b"\n", b"\r\n") + b"\r\n")
    return saved


def delete(folder: Path, *patterns: str) -> None:
    for pattern in patterns:
        for path in list(folder.glob(pattern)):
            path.unlink()


def swap(folder: Path) -> None:
    one, other = folder / "publications/000002.csv", folder / "publications/000003.csv"
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def edited_throughout(folder: Path, key: Ed25519PrivateKey) -> None:
    """Publication 2 says something else, and all that comes after agrees with it."""
    bodies = bodies_in(folder)
    bodies[2] = bodies[2].replace(b",80,", b",88,")
    rewrite(folder, bodies, key)


def heads_of_before(folder: Path) -> None:
    """As ``edited_throughout`` by somebody without the key: heads have its signatures of before."""
    signed = {path.name: path.read_text() for path in folder.glob("heads/*")}
    edited_throughout(folder, STRANGER)
    new = {path.stem[:6]: path.read_text() for path in folder.glob("heads/*")}
    delete(folder, "heads/*")
    for name, text in signed.items():
        signature = text.partition("\n\n")[2]
        body = new[name[:6]].partition("\n\n")[0]
        (folder / "heads" / name).write_text(f"{body}\n\n{signature}")


def with_own_key(folder: Path) -> None:
    """As ``edited_throughout``, with a statement that introduces the key."""
    edited_throughout(folder, STRANGER)
    public = STRANGER.public_key()
    delete(folder, "keys/*")
    text = notes.statement_text("introduces", public, "2022-11-02T00:00:00Z")
    path = folder / f"keys/introduces-{notes.key_id(public)}.txt"
    path.write_text(notes.signed(text, [STRANGER]))


def with_another_formula(folder: Path) -> None:
    """By the office itself, which has the key: the same version, another query."""
    with_fingerprint(folder, "2:" + "0" * 64, 4)


def with_fingerprint(folder: Path, fingerprint: str, *numbers: int) -> None:
    """Publications with another fingerprint of one definition, signed as they should be."""
    bodies = bodies_in(folder)
    for number in numbers:
        bodies[number] = changed(
            bodies[number], lambda head: head["definitions"][0].__setitem__(2, fingerprint)
        )
    rewrite(folder, bodies, keys.newest().private)


def with_a_hidden_number(folder: Path) -> None:
    bodies = bodies_in(folder)
    bodies[5] = bodies[5].replace(b",,,,hidden", b",3,,,hidden")
    assert bodies[5] != bodies_in(folder)[5]
    rewrite(folder, bodies, keys.newest().private)


def renumbered(folder: Path) -> None:
    bodies = bodies_in(folder)
    rewrite(folder, {**bodies, 3: bodies[4], 4: bodies[3]}, keys.newest().private)


def unread_json(folder: Path) -> None:
    bodies = bodies_in(folder)
    bodies[5] = changed(bodies[5], lambda head: head.pop("definitions"))
    rewrite(folder, bodies, keys.newest().private)


ATTACKS: dict[str, tuple[Callable[[Path], object], str]] = {
    "a value is edited": (
        lambda f: edit(f / "publications/000002.csv", ",80,", ",81,"),
        "publication 2: its file is not the one that was published",
    ),
    "a line is added": (
        lambda f: edit(f / "publications/000004.csv", r"\Z", "x\n"),
        "publication 4: its file is not the one that was published",
    ),
    "the reason is edited": (
        lambda f: edit(f / "publications/000001.csv", '"reason":"test"', '"reason":"Test"'),
        "publication 1: its file is not the one that was published",
    ),
    "two files change places": (swap, "publication 2: its file is not the one"),
    "the newest file is deleted": (
        lambda f: delete(f, "publications/000005.csv"),
        "publication 5: the file is missing",
    ),
    "the newest is deleted but for its head": (
        lambda f: delete(f, "*/000005.csv", "*/000005.json"),
        "publication 5: proof: the file is missing",
    ),
    "one in between is deleted": (
        lambda f: delete(f, "*/000003*"),
        "publication 4: out of order",
    ),
    "the newest head is deleted": (
        lambda f: delete(f, "heads/000005*"),
        "head of publication 5: the file is missing",
    ),
    "a publication is made up": (
        lambda f: shutil.copy(f / "publications/000005.csv", f / "publications/000006.csv"),
        "publication 6: proof: the file is missing",
    ),
    "a strange file lies there": (
        lambda f: (f / "publications/notes.docx").write_bytes(b"x"),
        "publications/notes.docx: not a file of the signed publications",
    ),
    "a second file has the number of another": (
        lambda f: shutil.copy(f / "publications/000005.csv", f / "publications/0000005.csv"),
        "publications/0000005.csv: not a file of the signed publications",
    ),
    "a proof is edited": (
        lambda f: edit(
            f / "proofs/000004.json", r'"inclusion": \[\s+"\w+', f'"inclusion": ["{NOTHING}'
        ),
        "publication 4: the proof belongs to another head",
    ),
    "a leaf is edited": (
        lambda f: edit(f / "proofs/000002.json", r'"leaf": "\w+', f'"leaf": "{NOTHING}'),
        "publication 2: its proof lacks the leaf that its head signs: the proof was changed",
    ),
    "a root is edited": (
        lambda f: edit(newest_of(f), r"\n5\n\S+", f"\n5\n{'A' * 43}="),
        "the signature of key",
    ),
    "an old head stands for the newest": (
        lambda f: shutil.copy(next(f.glob("heads/000004-*")), newest_of(f)),
        "it signs another history",
    ),
    "a head is garbage": (
        lambda f: newest_of(f).write_bytes(b"\xff\n\n"),
        "not a signed note, or altered",
    ),
    "history is rewritten with another key": (
        lambda f: edited_throughout(f, STRANGER),
        f"signed by key {notes.key_id(STRANGER.public_key())}, which is not one of the keys that",
    ),
    "history is rewritten by a superuser without the key": (
        heads_of_before,
        "is invalid",
    ),
    "another key introduces itself": (
        with_own_key,
        f"signed by key {notes.key_id(STRANGER.public_key())}, which is not one of the keys that",
    ),
    "a formula is changed under its version": (
        with_another_formula,
        f"publication 4: the formula of {RESIDENTS} is not the one that version",
    ),
    "a changed formula gets a fingerprint of the former kind": (
        lambda f: with_fingerprint(f, "0" * 64, 4),
        f"publication 4: the formula of {RESIDENTS} is not the one that version",
    ),
    "a suppressed value gets a number": (
        with_a_hidden_number,
        f"publication 5: a suppressed value of {DOSSIERS} has a number",
    ),
    "publications are signed out of order": (renumbered, "publication 3: out of order"),
    "a signed file says nothing": (
        unread_json,
        "publication 5: its file is the signed one, but not a valid publication",
    ),
    "everything is deleted": (lambda f: delete(f, "*/*"), "the folder has no publications"),
}  # fmt: skip


def newest_of(folder: Path) -> Path:
    return next(folder.glob("heads/000005-*"))


def test_what_was_published_is_genuine(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = (home / "released", "--key", home / "public.pem", "--saved-head", newest_head(home))
    code, said = answer(capsys, *words)
    assert code == 0, said
    assert said.startswith(
        "GENUINE: 5 publications; the newest is publication 5 for 2022-11-01, published at 2"
    )


def test_publications_from_when_fingerprints_included_words_stay_genuine(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with_fingerprint(home / "released", "0" * 64, 1, 2, 3)
    code, said = answer(capsys, home / "released", "--key", home / "public.pem")
    assert code == 0, said
    with_fingerprint(home / "released", "1" * 64, 2)
    code, said = answer(capsys, home / "released", "--key", home / "public.pem")
    assert (code, "is not the one that version" in said) == (1, True)


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_was_tampered_with_is_refused(
    home: Path, attack: str, capsys: pytest.CaptureFixture[str]
) -> None:
    tamper, told = ATTACKS[attack]
    tamper(home / "released")
    code, said = answer(capsys, home / "released", "--key", home / "public.pem")
    assert code == 1
    assert told in said
    assert all(line.startswith(("REFUSED: ", "NOTE: ")) for line in said.splitlines())


def test_saved_heads_tell_what_the_folder_cannot(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved, folder, key = newest_head(home), home / "released", ("--key", home / "public.pem")
    shutil.copytree(folder, home / "fork")
    edited_throughout(home / "fork", keys.newest().private)  # by the office itself
    forked = newest_of(home / "fork")
    assert answer(capsys, home / "fork", *key)[0] == 0  # alone it looks like any other
    code, said = answer(capsys, home / "fork", *key, "--saved-head", saved)
    assert (code, "at least one of publications 1 to 5 differs" in said) == (1, True)
    code, said = answer(capsys, *key, "--saved-head", saved, "--saved-head", forked)
    assert (code, "two readers were shown different histories" in said) == (1, True)
    delete(folder, "*/000005*")
    assert answer(capsys, folder, *key)[0] == 0  # a genuine copy of the day before
    code, said = answer(capsys, folder, *key, "--saved-head", saved)
    assert (code, "covers 5 publications and the folder has 4" in said) == (1, True)


def test_one_file_is_checked_by_its_proof_and_head(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, key = home / "released", ("--key", home / "public.pem")
    heads = {path.name[:6]: path for path in folder.glob("heads/*")}
    file, proof = folder / "publications/000002.csv", folder / "proofs/000002.json"
    words = (file, "--proof", proof, "--head")
    code, said = answer(capsys, *words, heads["000002"], *key)
    assert (code, said.splitlines()) == (
        0,
        [
            "GENUINE: publication 2 of 2022-10-30, 1 values",
            "NOTE: its formulas were not compared with other publications: give the folder",
        ],
    )
    code, said = answer(capsys, *words, heads["000005"], *key)
    assert (code, "the proof is for the head of 2 publications" in said) == (1, True)
    other = folder / "publications/000001.csv"
    code, said = answer(capsys, other, "--proof", proof, "--head", heads["000002"], *key)
    assert (code, "000001.csv: not the file that" in said) == (1, True)


def test_a_key_that_is_unknown_or_no_key_is_refused(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "keys.json").write_text("{}")
    code, said = answer(capsys, home / "released", "--key", home / "keys.json")
    assert (code, said.endswith("keys.json: not a public key in PEM\n")) == (1, True)
    mine = keys.newest().id
    (home / "publication_keys.json").unlink()
    (home / "other.pem").write_text(keys.public_pem(keys.load().keys[0]))
    code, said = answer(capsys, home / "released", "--key", home / "other.pem")
    told = (
        f"head of publication 5 ({mine}): signed by key {mine}, which is not one of the keys that"
    )
    assert (code, said.startswith(f"REFUSED: {told}"), said.count("\n")) == (1, True, 1)
    end = "no trusted key has signed publication 1 or a later one (5 of 5 publications)\n"
    assert said.endswith(end)


def test_a_key_is_replaced_without_a_gap_and_revoked(
    released: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Last: it changes the folder that the others copy."""
    old = keys.newest()
    new = keys.rotate(timedelta(days=30))
    keys.write_public(new, released / "new.pem")
    folder = released / "released"
    signing.sign_due()
    for name in ("public.pem", "new.pem"):
        assert answer(capsys, folder, "--key", released / name)[0] == 0
    assert sorted(path.name for path in folder.glob("heads/000005-*")) == sorted(
        f"000005-{key.id}.txt" for key in (old, new)
    )
    keys.revoke(old.id)
    signing.sign_due()
    assert answer(capsys, folder, "--key", released / "new.pem")[0] == 0
    code, said = answer(capsys, folder, "--key", released / "public.pem")
    assert (code, f"key {old.id} was revoked on 2" in said) == (1, True)
    delete(folder, f"heads/000005-{new.id}.txt")  # what only the revoked key signed
    code, said = answer(capsys, folder, "--key", released / "new.pem")
    assert (code, f"signed by key {old.id}, revoked on" in said) == (1, True)
