#!/usr/bin/env python3
"""Check that published KPI files are what was published: nothing edited, deleted or rewritten.

Needs Python 3.9 or newer and the package ``cryptography``; nothing else of dean06, no network.

    python verify.py FOLDER --key public.pem
    python verify.py FOLDER --key public.pem --saved-head my-head.txt --saved-head your-head.txt
    python verify.py 000012.csv --proof 000012.json --head 000012-1a2b3c4d.txt --key public.pem

The public key comes from the publisher, not with the files. Prints what is genuine, or
a line for each thing that is not. Exit code: 0 genuine, 1 refused, 2 wrong use of the command.
"""

from __future__ import annotations

import argparse
import base64
import csv
import hashlib
import json
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ORIGIN = "dean06/publications"
"""First line of every head, and name of every key (C2SP signed-note and tlog-checkpoint)."""
FORMAT = "dean06 publication 1"
UNREADABLE = (ValueError, TypeError, KeyError, IndexError, ArithmeticError, RecursionError,
              csv.Error)  # fmt: skip
"""What reading a file of another form raises."""
SHAPES = {
    "publications": r"([0-9]{6,})\.csv",
    "proofs": r"([0-9]{6,})\.json",
    "heads": r"([0-9]{6,})-[0-9a-f]{8}\.txt",
    "keys": r"(?:introduces|revokes)-[0-9a-f]{8}\.txt",
}
"""Names of the files in each folder; of those of a publication, its number."""


class RefusedError(Exception):
    """What is not genuine, in one line."""


def sha256(*parts: bytes) -> bytes:
    """SHA-256 of parts, one after another."""
    return hashlib.sha256(b"".join(parts)).digest()


@dataclass
class Key:
    """A public key."""

    raw: bytes

    @property
    def id(self) -> str:
        """The key hash of C2SP signed-note."""
        return sha256(ORIGIN.encode(), b"\n\x01", self.raw)[:4].hex()

    def has_signed(self, text: bytes, signature: bytes) -> bool:
        """Whether the signature is of this key over this text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, text)
        except InvalidSignature:
            return False
        return True


@dataclass
class Note:
    """A signed text, and its signatures by key."""

    name: str
    text: bytes
    signatures: dict[str, bytes]

    @property
    def lines(self) -> list[str]:
        """The lines of the text."""
        return self.text.decode().removesuffix("\n").split("\n")

    def signers(self, keys: dict[str, Key]) -> set[str]:
        """Ids of the keys that signed it. Refused: a signature of no known key, or a false one."""
        for key_id, signature in self.signatures.items():
            if key_id not in keys:
                raise RefusedError(f"{self.name}: signed by unknown key {key_id}")
            if not keys[key_id].has_signed(self.text, signature):
                raise RefusedError(f"{self.name}: the signature of key {key_id} is invalid")
        return set(self.signatures)


@dataclass
class Head:
    """A signed head: how many publications the log has, and the root over them."""

    note: Note
    size: int
    root: bytes


@dataclass
class Proof:
    """That a publication is in the log, and that the log before it goes on."""

    publication: int
    place: int
    leaf: bytes
    inclusion: list[bytes]
    consistency: list[bytes]


def read(path: Path, name: str) -> bytes:
    """What a file holds. Refused: it is not there."""
    try:
        return path.read_bytes()
    except OSError:
        raise RefusedError(f"{name}: the file is missing") from None


def note_in(path: Path, name: str, *, is_copied: bool = False) -> Note:
    """The signed text in a file. Refused: a file of another form.

    ``is_copied``: by hand, as from a mail; its line ends and blank lines around it do not matter.
    """
    try:
        body = read(path, name)
        if is_copied:
            body = body.replace(b"\r\n", b"\n").strip() + b"\n"
        text, lines = body.decode().split("\n\n")
        signatures: dict[str, bytes] = {}
        for line in lines.removesuffix("\n").split("\n"):
            dash, origin, encoded = line.split(" ")
            signed = base64.b64decode(encoded, validate=True)
            if (dash, origin, len(signed)) != ("—", ORIGIN, 68) or signed[:4].hex() in signatures:
                raise ValueError
            signatures[signed[:4].hex()] = signed[4:]
    except UNREADABLE:
        raise RefusedError(f"{name}: not a signed note, or altered") from None
    return Note(name, f"{text}\n".encode(), signatures)


def head_in(path: Path, name: str, *, is_copied: bool = False) -> Head:
    """The head in a file. Refused: a file of another form."""
    note = note_in(path, name, is_copied=is_copied)
    try:
        origin, size, root = note.lines
        head = Head(note, int(size), base64.b64decode(root, validate=True))
        if origin != ORIGIN or str(head.size) != size or len(head.root) != 32:
            raise ValueError
    except UNREADABLE:
        raise RefusedError(f"{name}: not the head of a log of publications") from None
    return head


def proof_in(path: Path, name: str) -> Proof:
    """The proof in a file. Refused: a file of another form."""
    try:
        said = json.loads(read(path, name))
        return Proof(
            int(said["publication"]),
            int(said["place"]),
            bytes.fromhex(said["leaf"]),
            [bytes.fromhex(each) for each in said["inclusion"]],
            [bytes.fromhex(each) for each in said["consistency"]],
        )
    except UNREADABLE:
        raise RefusedError(f"{name}: not a proof, or altered") from None


def publication_in(body: bytes, name: str) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """The first line of a publication's file, and its values. Refused: a file of another form."""
    try:
        first, _, rest = body.decode().partition("\n")
        header = json.loads(first.removeprefix("# "))
        if header["format"] != FORMAT:
            raise ValueError
        return header, list(csv.DictReader(rest.splitlines()))
    except UNREADABLE:
        raise RefusedError(f"{name}: not a publication, or altered") from None


class Log:
    """The roots of a growing tree (RFC 6962, section 2.1): ``roots[n]`` is over n publications."""

    def __init__(self) -> None:
        self.roots = [sha256()]
        self._peaks: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> None:
        """The next publication."""
        self._peaks.append((1, leaf))
        while len(self._peaks) > 1 and self._peaks[-2][0] == self._peaks[-1][0]:
            (size, left), (_, right) = self._peaks[-2:]
            self._peaks[-2:] = [(2 * size, sha256(b"\x01", left, right))]
        root = self._peaks[-1][1]
        for _, left in self._peaks[-2::-1]:
            root = sha256(b"\x01", left, root)
        self.roots.append(root)


def is_included(leaf: bytes, place: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether a leaf is in a tree: RFC 9162, section 2.1.3.2."""
    if not 0 <= place < size:
        return False
    at, last, node = place, size - 1, leaf
    for other in path:
        if last == 0:
            return False
        if at & 1 or at == last:
            node = sha256(b"\x01", other, node)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            node = sha256(b"\x01", node, other)
        at, last = at >> 1, last >> 1
    return last == 0 and node == root


def is_continued(
    old: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]
) -> bool:  # fmt: skip
    """Whether a tree continues an older one: RFC 9162, section 2.1.4.2."""
    if old in (0, size):
        return not path and (old == 0 or old_root == root)
    if not path or not 0 < old < size:
        return False
    steps = list(path) if old & (old - 1) else [old_root, *path]
    at, last = old - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    older = newer = steps[0]
    for other in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            older, newer = sha256(b"\x01", other, older), sha256(b"\x01", other, newer)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            newer = sha256(b"\x01", newer, other)
        at, last = at >> 1, last >> 1
    return last == 0 and older == old_root and newer == root


@dataclass
class Keys:
    """Keys by id: all that are known, those that are trusted, and when others were revoked."""

    known: dict[str, Key]
    trusted: dict[str, Key]
    revoked: dict[str, str] = field(default_factory=dict)

    def require_trusted(self, head: Head) -> None:
        """Refused: a head that no trusted key has signed."""
        signers = head.note.signers(self.known)
        if signers & set(self.trusted):
            return
        key_id = min(signers)
        if key_id in self.revoked:
            when = self.revoked[key_id]
            raise RefusedError(f"{head.note.name}: signed by key {key_id}, revoked on {when}")
        raise RefusedError(f"{head.note.name}: signed by unknown key {key_id}")


def statement_in(path: Path, verb: str) -> tuple[Note, Key, str]:
    """A signed statement about a key: the key, and when it was made."""
    name = f"keys/{path.name}"
    note = note_in(path, name)
    try:
        origin, said, encoded, when = note.lines
        key = Key(base64.b64decode(encoded, validate=True))
        if (origin, said, len(key.raw)) != (f"{ORIGIN}/keys", verb, 32):
            raise ValueError
    except UNREADABLE:
        raise RefusedError(f"{name}: not a statement about a key") from None
    if path.stem.rpartition("-")[2] != key.id:
        raise RefusedError(f"{name}: the statement is about key {key.id}")
    return note, key, when


def read_keys(given: Sequence[Key], folder: Path | None) -> Keys:
    """Trust begins with the keys that the reader has; a trusted key may introduce the next one.

    A key that is revoked, by itself or by a key of the reader's, is not trusted, nor is what only
    it has introduced.
    """
    own = {key.id: key for key in given}
    keys = Keys(dict(own), dict(own))
    if folder is None:
        return keys
    introduced = [
        statement_in(path, "introduces")[:2] for path in sorted(folder.glob("keys/introduces-*"))
    ]
    keys.known |= {key.id: key for _, key in introduced}
    for path in sorted(folder.glob("keys/revokes-*")):
        note, key, when = statement_in(path, "revokes")
        keys.known[key.id] = key
        if note.signers(keys.known) & {key.id, *own}:
            keys.revoked[key.id] = when
            keys.trusted.pop(key.id, None)
            if not keys.trusted:
                raise RefusedError(
                    f"key {key.id} was revoked on {when}: ask the publisher for the new public key"
                )
    for _ in introduced:  # in whatever order they were read
        for note, key in introduced:
            if note.signers(keys.known) & set(keys.trusted) and key.id not in keys.revoked:
                keys.trusted[key.id] = key
    return keys


class Folder:
    """A folder of signed publications; ``refusals`` collects what is wrong with it."""

    def __init__(self, root: Path, keys: Keys) -> None:
        self.root, self.keys, self.log = root, keys, Log()
        self.refusals: list[str] = []
        self.newest: dict[str, Any] | None = None
        self._meanings: dict[tuple[str, int], dict[str, tuple[str, int]]] = {}
        self._last_of_day: dict[str, int] = {}
        self.leaves: dict[int, bytes] = {}
        self.numbers = self._listed()

    def _listed(self) -> list[int]:
        """Numbers of the publications that any file is about."""
        found = set()
        for path in sorted(self.root.rglob("*")):
            name = path.relative_to(self.root).as_posix()
            kind, _, file = name.rpartition("/")
            match = re.fullmatch(SHAPES.get(kind, "(?!)"), file)
            # 0000012.csv beside 000012.csv would be a second publication 12.
            is_twice = bool(match and match.groups() and match[1] != f"{int(match[1]):06}")
            if match and match.groups() and not is_twice:
                found.add(int(match[1]))
            elif (is_twice or not match) and not path.is_dir() and name != "verify.py":
                self.refusals.append(f"{name}: not a file of the signed publications")
        return sorted(found)

    def check(self, saved: Sequence[Head]) -> None:
        """Check every file, and heads that readers have saved."""
        if not self.numbers:
            self.refusals.append(f"{self.root}: the folder has no publications")
        for place, number in enumerate(self.numbers):
            self._try(self._publication, place, number)
            if len(self.log.roots) == place + 1:  # without its proof nothing after it has a place
                return
            self._try(self._heads, place, number)
        for head in saved:
            self._try(self._saved, head)

    def _try(self, step: Callable[..., None], *arguments: Any) -> None:
        try:
            step(*arguments)
        except RefusedError as refusal:
            self.refusals.append(str(refusal))

    def _publication(self, place: int, number: int) -> None:
        name = f"publication {number}"
        proof = proof_in(self.root / f"proofs/{number:06}.json", f"{name}: proof")
        if (proof.publication, proof.place) != (number, place):
            raise RefusedError(
                f"{name}: out of order: here it has place {place + 1} in the log, but its proof "
                f"is for publication {proof.publication}, place {proof.place + 1}"
            )
        before = self.log.roots[-1]
        self.log.add(proof.leaf)
        self.leaves[number] = proof.leaf
        root = self.log.roots[-1]
        body = read(self.root / f"publications/{number:06}.csv", name)
        if sha256(b"\x00", body) != proof.leaf:
            raise RefusedError(f"{name}: its file is not the one that was published")
        if not is_included(proof.leaf, place, place + 1, proof.inclusion, root):
            raise RefusedError(f"{name}: the proof belongs to another head")
        if not is_continued(place, before, place + 1, root, proof.consistency):
            raise RefusedError(f"{name}: the proof does not match the log before it")
        try:
            self._content(place, number, body)
        except UNREADABLE:
            raise RefusedError(f"{name}: not a publication, or altered") from None

    def _content(self, place: int, number: int, body: bytes) -> None:
        name = f"publication {number}"
        header, values = publication_in(body, name)
        if (header["publication"], header["place"]) != (number, place):
            raise RefusedError(
                f"{name}: out of order: the file is for publication {header['publication']}, place "
                f"{header['place'] + 1}"
            )
        if header["replaces"] != self._last_of_day.get(header["as_of_date"]):
            raise RefusedError(f"{name}: it does not name the publication that it replaces")
        self._last_of_day[header["as_of_date"]] = number
        self.newest = header
        defined = set()
        for code, version, fingerprint in header["definitions"]:
            defined.add((code, str(version)))
            # "2:…" was computed the second way, without words: compared with its own kind.
            way = str(fingerprint).rpartition(":")[0]
            by_way = self._meanings.setdefault((code, version), {})
            known, since = by_way.setdefault(way, (fingerprint, number))
            if known != fingerprint or way < max(by_way):
                raise RefusedError(
                    f"{name}: the formula of {code} is not the one that version {version} had in "
                    f"publication {since}"
                )
        for row in values:
            if (row["kpi_code"], row["kpi_version"]) not in defined:
                raise RefusedError(f"{name}: no definition of {row['kpi_code']}")
            if row["missing_reason"] == "hidden" and row["numerator"] + row["denominator"]:
                raise RefusedError(f"{name}: a suppressed value of {row['kpi_code']} has a number")

    def _heads(self, place: int, number: int) -> None:
        """Heads as of a publication, one of each key; the newest has to be of a trusted one."""
        heads = []
        for path in sorted(self.root.glob(f"heads/{number:06}-*.txt")):
            key_id = path.stem[-8:]
            head = head_in(path, f"head of publication {number} ({key_id})")
            if head.note.signers(self.keys.known) != {key_id}:
                raise RefusedError(f"{head.note.name}: it is signed by another key")
            if (head.size, head.root) != (place + 1, self.log.roots[place + 1]):
                raise RefusedError(f"{head.note.name}: it signs another history")
            heads.append(head)
        if not heads:
            raise RefusedError(f"head of publication {number}: the file is missing")
        is_trusted = any(set(head.note.signatures) & set(self.keys.trusted) for head in heads)
        if number == self.numbers[-1] and not is_trusted:
            self.keys.require_trusted(heads[0])

    def _saved(self, head: Head) -> None:
        name, size = head.note.name, len(self.log.roots) - 1
        if head.size > size:
            raise RefusedError(
                f"{name}: it covers {head.size} publications and the folder has {size}: the newest "
                "were deleted"
            )
        if head.root != self.log.roots[head.size]:
            raise RefusedError(
                f"{name}: it signs another history: publications up to "
                f"{self.numbers[head.size - 1]} were rewritten"
            )


def check_saved(saved: Sequence[Head], keys: Keys) -> None:
    """Refused: two heads of one size that differ: two readers were shown two histories."""
    by_size: dict[int, Head] = {}
    for head in saved:
        keys.require_trusted(head)
        other = by_size.setdefault(head.size, head)
        if other.root != head.root:
            raise RefusedError(
                f"{other.note.name} and {head.note.name}: two different heads of {head.size} "
                "publications, both signed: two readers were shown different histories"
            )


def check_file(path: Path, proof_path: Path, head_path: Path, keys: Keys) -> str:
    """Check one publication by its proof and a head; returns what was found."""
    proof, head = proof_in(proof_path, str(proof_path)), head_in(head_path, str(head_path))
    keys.require_trusted(head)
    body = read(path, str(path))
    header, values = publication_in(body, str(path))
    if head.size != proof.place + 1:
        raise RefusedError(
            f"{proof_path}: the proof is for the head of {proof.place + 1} publications, "
            f"{head_path} is the head of {head.size}"
        )
    if sha256(b"\x00", body) != proof.leaf or header.get("publication") != proof.publication:
        raise RefusedError(f"{path}: not the file that {proof_path} proves")
    if not is_included(proof.leaf, proof.place, head.size, proof.inclusion, head.root):
        raise RefusedError(f"{proof_path}: the proof does not belong to {head_path}")
    return f"publication {proof.publication} of {header.get('as_of_date')}, {len(values)} values"


def check_folder(root: Path, keys: Keys, saved: Sequence[Head]) -> tuple[str, list[str]]:
    """Check all publications of a folder; returns what was found, and what is wrong."""
    folder = Folder(root, keys)
    folder.check(saved)
    newest = folder.newest or {}
    return (
        f"{len(folder.log.roots) - 1} publications; the newest is publication "
        f"{newest.get('publication')} for {newest.get('as_of_date')}, "
        f"published at {newest.get('published_at')}"
    ), folder.refusals


def public_key_in(path: Path) -> Key:
    """The public key in a PEM file. Refused: a file of another form."""
    try:
        return public_key_of(path.read_bytes(), str(path))
    except OSError:
        raise RefusedError(f"{path}: not a public key in PEM") from None


def public_key_of(body: bytes, name: str) -> Key:
    """The public key that is written in PEM. Refused: a text of another form."""
    try:
        key = serialization.load_pem_public_key(body)
    except ValueError:
        raise RefusedError(f"{name}: not a public key in PEM") from None
    if not isinstance(key, Ed25519PublicKey):
        raise RefusedError(f"{name}: not an Ed25519 key")
    return Key(key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw))


def checked(asked: argparse.Namespace) -> tuple[str, list[str]]:
    """What the command line asks for: what was found, and what is wrong."""
    folder = asked.path if asked.path and asked.path.is_dir() else None
    keys = read_keys([public_key_in(path) for path in asked.key], folder)
    saved = [head_in(path, f"saved head {path}", is_copied=True) for path in asked.saved_head]
    check_saved(saved, keys)
    if folder:
        return check_folder(folder, keys, saved)
    if asked.path:
        return check_file(asked.path, asked.proof, asked.head, keys), []
    return "the heads do not contradict each other", []


def main(words: Sequence[str] | None = None) -> int:
    """Check what the command line names; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("path", type=Path, nargs="?", help="the folder, or a publication's file")
    parser.add_argument("--key", type=Path, action="append", required=True, help="public key, PEM")
    parser.add_argument("--saved-head", type=Path, action="append", default=[], help="repeatable")
    parser.add_argument("--proof", type=Path, help="the proof of that file")
    parser.add_argument("--head", type=Path, help="the head of that proof")
    asked = parser.parse_args(words)
    is_file = asked.path and not asked.path.is_dir()
    if (is_file and not (asked.proof and asked.head)) or (
        not asked.path and len(asked.saved_head) < 2
    ):
        parser.error("give the folder, or a file with --proof and --head, or two --saved-head")
    try:
        found, refusals = checked(asked)
    except RefusedError as refusal:
        found, refusals = "", [str(refusal)]
    for line in refusals or [found]:
        plain = "".join(sign if sign.isprintable() else "?" for sign in line)
        print(f"{'REFUSED' if refusals else 'GENUINE'}: {plain}")
    return 1 if refusals else 0


if __name__ == "__main__":
    sys.exit(main())
