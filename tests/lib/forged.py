"""Folders of publications as somebody makes them who knows the form, with keys of their own."""

import json
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import verify
from dean06.proof import notes
from dean06.proof.merkle import Tree, leaf_hash

CODE = "population.permanent_residents"
OURS, NEXT, STRANGER = (Ed25519PrivateKey.generate() for _ in range(3))
COUNTED = f"{CODE},1,province,82,current,,,{{}},,{{}},,f,,"
HIDDEN = f"{CODE},1,province,82,current,,,,,,hidden,f,,"
COLUMNS = (
    "kpi_code,kpi_version,unit_level,unit_code,boundary_version,breakdown,member_code,numerator,"
    "denominator,value,missing_reason,is_rounded,counted_on,part_codes"
)
NOT_GIVEN = "which is not one of the keys that you gave, and none of them introduced it"


def bodies_in(folder: Path) -> dict[int, bytes]:
    """The files of publications by their number."""
    return {int(path.stem): path.read_bytes() for path in sorted(folder.glob("publications/*"))}


def changed(body: bytes, change: Callable[[dict[str, Any]], object]) -> bytes:
    """A publication's file with another first line."""
    first, _, rest = body.partition(b"\n")
    header = json.loads(first.removeprefix(b"# "))
    change(header)
    return b"# " + json.dumps(header, ensure_ascii=False).encode() + b"\n" + rest


def rewrite(folder: Path, bodies: Mapping[int, bytes], key: Ed25519PrivateKey) -> None:
    """A whole log over these files, with every proof and head as it should be, by this key."""
    for name in ("publications", "proofs", "heads"):
        (folder / name).mkdir(parents=True, exist_ok=True)
        for path in (folder / name).iterdir():
            path.unlink()
    tree = Tree([leaf_hash(body) for body in bodies.values()])
    key_id = notes.key_id(key.public_key())
    for place, (number, body) in enumerate(bodies.items()):
        size = place + 1
        proof = {
            "publication": number,
            "place": place,
            "leaf": leaf_hash(body).hex(),
            "inclusion": [each.hex() for each in tree.inclusion(place, size)],
            "consistency": [each.hex() for each in tree.consistency(place, size)],
        }
        (folder / f"publications/{number:06}.csv").write_bytes(body)
        (folder / f"proofs/{number:06}.json").write_text(json.dumps(proof))
        (folder / f"heads/{number:06}-{key_id}.txt").write_text(
            notes.signed(notes.head_text(size, tree.root(size)), [key])
        )


def state(folder: Path, verb: str, about: Ed25519PrivateKey, *signers: Ed25519PrivateKey) -> None:
    """A statement about a key, by these keys; by none: by itself."""
    (folder / "keys").mkdir(parents=True, exist_ok=True)
    public = about.public_key()
    text = notes.statement_text(verb, public, "2022-11-01T00:00:00Z")
    path = folder / f"keys/{verb}-{notes.key_id(public)}.txt"
    path.write_text(notes.signed(text, signers or [about]))


def edit(path: Path, old: str, new: str) -> None:
    """Replace a pattern in a file, once; it has to be there."""
    text, count = re.subn(old, new, path.read_text(encoding="utf-8"), count=1)
    assert count, (path.name, old)
    path.write_text(text, encoding="utf-8")


def answer(capsys, *words: object) -> tuple[int, str]:
    """Exit code and words of ``verify.py``."""
    code = verify.main([str(word) for word in words])
    return code, capsys.readouterr().out


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


def rotated(home: Path) -> tuple[Path, str]:
    """The folder after ``NEXT`` has replaced ``OURS``; a head of before, and the ID of its key."""
    folder, saved = home / "folder", home / "saved.txt"
    shutil.copy(head_of(folder, 4), saved)
    rewrite(folder, BODIES, NEXT)
    state(folder, "introduces", NEXT, OURS, NEXT)
    return saved, notes.key_id(OURS.public_key())


def told_of(said: str, what: str = "REFUSED") -> list[str]:
    """The lines of one kind."""
    return [line for line in said.splitlines() if line.startswith(f"{what}: ")]


def id_of(key: Ed25519PrivateKey) -> str:
    return notes.key_id(key.public_key())
