#!/usr/bin/env python3
"""Check that published KPI files are what was published: nothing edited, deleted or rewritten.

Needs Python 3.9 or newer and the package ``cryptography``; nothing else of dean06, no network.

    python verify.py FOLDER --key public.pem
    python verify.py FOLDER --key public.pem --saved-head my-head.txt --saved-head your-head.txt
    python verify.py 000012.csv --proof 000012.json --head 000012-1a2b3c4d.txt --key public.pem

The public key comes from the publisher, not with the files; so does the answer to the question
which keys are revoked (--revoked old.pem). Prints what is genuine, or a line for each thing that is
not. Exit code: 0 genuine, 1 refused, 2 wrong use of the command, or heads that cannot be compared.
"""

from __future__ import annotations

import argparse
import base64
import csv
import hashlib
import io
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
LITTER = (".ds_store", "thumbs.db", "desktop.ini")
"""What file managers leave in folders."""
CHANGED = "this text was changed by a mail program or by hand"
OTHER_HISTORY = "it signs another history than the folder has"
WRONG_HEAD = f"{OTHER_HISTORY}: files and proofs were changed, or it is not their head"
OTHER_PROGRAM = "verify.py: another program than this one (older, newer or changed): do not use it"
TEXT = "(?s:.*)"
HASH = "[0-9a-f]{64}"
DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
MOMENT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?Z"
HEADER: dict[str, Any] = {
    "format": FORMAT, "publication": int, "place": int, "as_of_date": DAY, "published_at": MOMENT,
    "reason": TEXT, "replaces": {int, None}, "smallest_shown": {int, None}, "sources": [TEXT],
    "verification": {int, None},
    "boundaries": {"as_reported": DAY, "current": TEXT, "units": {HASH, None}},
    "datasets": [{"dataset": TEXT, "until": MOMENT, "loads": int, "fingerprint": HASH}],
    "definitions": [(TEXT, int, {TEXT, None})],
}  # fmt: skip
"""Forms of the fields of the first line of a publication's file."""
PROOF: dict[str, Any] = {
    "publication": int, "place": int, "leaf": HASH, "inclusion": [HASH], "consistency": [HASH],
}  # fmt: skip
"""Forms of the fields of a proof."""
NUMBERS = ("numerator", "denominator", "value")
COLUMNS = {
    "kpi_code": TEXT, "kpi_version": "0|[1-9][0-9]*", "unit_level": TEXT, "unit_code": TEXT,
    "boundary_version": TEXT, "breakdown": TEXT, "member_code": TEXT, "numerator": "-?[0-9]*",
    "denominator": "-?[0-9]*", "value": r"(-?[0-9]+(\.[0-9]+)?)?", "missing_reason": "[a-z_]*",
    "is_rounded": "[tf]", "counted_on": f"({DAY})?", "part_codes": TEXT,
}  # fmt: skip
"""Columns of the values, and forms of their cells."""
KINDS = ("", HASH, f"2:{HASH}")
"""Forms of fingerprints, in the order in which they came: none was recorded; words were included;
they were not. They are only comparable with their own kind."""


class RefusedError(Exception):
    """What is not genuine, in one line."""


class NotComparedError(Exception):
    """What the given files do not show, in one line."""


def sha256(*parts: bytes) -> bytes:
    """SHA-256 of parts, one after another."""
    return hashlib.sha256(b"".join(parts)).digest()


@dataclass(frozen=True)
class Key:
    """A public key. Keys are equal if all their 32 bytes are, not if their IDs are."""

    raw: bytes

    @property
    def id(self) -> str:
        """The key hash of C2SP signed-note; 32 bits: another key with the same can be found."""
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

    def signers(self, keys: dict[str, Key]) -> set[Key]:
        """The keys that signed it. Refused: a signature of no known key, or a false one."""
        for key_id, signature in self.signatures.items():
            if key_id not in keys:
                raise RefusedError(f"{self.name}: signed by key {key_id}, which is not in keys/")
            if not keys[key_id].has_signed(self.text, signature):
                raise RefusedError(f"{self.name}: the signature of key {key_id} is invalid")
        return {keys[key_id] for key_id in self.signatures}


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


def note_in(path: Path, name: str) -> Note:
    """The signed text in a file. Refused: a file of another form."""
    return note_of(read(path, name), name)


def note_of(body: bytes, name: str) -> Note:
    """The signed text. Refused: it has not the bytes that this text and its signatures have."""
    try:
        text, lines = body.decode().split("\n\n")
        note = Note(name, f"{text}\n".encode(), {})
        again = f"{text}\n\n"
        for line in lines.removesuffix("\n").split("\n"):
            signed = base64.b64decode(line.rpartition(" ")[2], validate=True)
            if len(signed) != 68 or signed[:4].hex() in note.signatures:
                raise ValueError
            note.signatures[signed[:4].hex()] = signed[4:]
            again += f"— {ORIGIN} {base64.b64encode(signed).decode()}\n"
        if again.encode() != body:
            raise ValueError
    except UNREADABLE:
        raise RefusedError(f"{name}: not a signed note, or altered") from None
    return note


def head_of(note: Note) -> Head:
    """The head that a note is. Refused: it is another one."""
    try:
        _, size, root = note.lines
        head = Head(note, int(size), base64.b64decode(root, validate=True))
        again = f"{ORIGIN}\n{head.size}\n{base64.b64encode(head.root).decode()}\n"
        if again.encode() != note.text or head.size < 0 or len(head.root) != 32:
            raise ValueError
        if head.size == 0 and head.root != sha256():
            raise ValueError
    except UNREADABLE:
        raise RefusedError(f"{note.name}: not the head of a log of publications") from None
    return head


def saved_head_in(path: Path) -> Head:
    """The head that a reader has saved, from a mail too. Refused: another text.

    Mail programs change line ends, blanks, dashes, the encoding and where lines begin: the note is
    put together again from its words.
    """
    name = f"saved head {path}"
    words = "\n".join(
        line.lstrip("> \t\xa0") for line in re.split("[\r\n]+", decoded(read(path, name)))
    ).split()
    try:
        heading, size, root, *signatures = words
        for at in range(0, len(signatures), 3):
            if signatures[at] not in ("—", "–", "--", "-") or signatures[at + 1] != ORIGIN:
                raise ValueError
        lines = "".join(f"— {ORIGIN} {each}\n" for each in signatures[2::3])
        return head_of(note_of(f"{heading}\n{size}\n{root}\n\n{lines}".encode(), name))
    except (*UNREADABLE, RefusedError):
        raise RefusedError(
            f"{name}: {CHANGED}, or is not the head of a log of publications: save the head again"
        ) from None


def decoded(body: bytes) -> str:
    """The text of a file that an editor or a mail program has written."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace")
    if b"\x00" in body:
        return body.decode("utf-16-be" if body.startswith(b"\x00") else "utf-16-le", "replace")
    try:
        return body.decode("utf-8-sig")
    except ValueError:
        return body.decode("cp1252", "replace")


def json_in(text: str) -> Any:
    """What JSON holds. Raises ValueError for a field that occurs twice, and for no number."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        fields = dict(pairs)
        if len(fields) != len(pairs):
            raise ValueError
        return fields

    return json.loads(text, object_pairs_hook=once, parse_constant=int)


def fits(value: Any, form: Any) -> bool:
    """Whether JSON has a form: a pattern of text, ``int`` from 0 (neither ``1.0`` nor ``true``),
    {this, or null}, [a list of such], (a list of these), {"fields": and no other}."""
    if isinstance(form, str):
        return type(value) is str and re.fullmatch(form, value) is not None
    if isinstance(form, set):
        return value is None or any(fits(value, each) for each in form if each)
    if isinstance(form, list):
        return type(value) is list and all(fits(each, form[0]) for each in value)
    if isinstance(form, tuple):
        return type(value) is list and len(value) == len(form) and all(map(fits, value, form))
    if isinstance(form, dict):
        is_object = type(value) is dict and value.keys() == form.keys()
        return is_object and all(fits(value[name], each) for name, each in form.items())
    return type(value) is int and value >= 0


def shown(word: str) -> str:
    """A word of a file as a message may repeat it: only if it looks like a name."""
    return word if re.fullmatch("[a-z][a-z0-9_.]{0,59}", word) else "(not a name)"


def require(value: Any, fields: dict[str, Any], refusal: str) -> None:
    """Refused, as ``refusal`` and a field: it is missing, unknown or of another form."""
    if type(value) is not dict:
        raise RefusedError(refusal)
    for name in sorted(fields.keys() - value.keys()):
        raise RefusedError(f"{refusal}: field {name} is missing")
    for name in sorted(value.keys() - fields.keys()):
        raise RefusedError(f"{refusal}: unknown field {shown(name)}")
    for name, form in fields.items():
        if not fits(value[name], form):
            raise RefusedError(f"{refusal}: field {name} has a wrong value")


def proof_in(path: Path, name: str) -> Proof:
    """The proof in a file. Refused: a file of another form."""
    refusal = f"{name}: not a proof, or altered"
    try:
        value = json_in(read(path, name).decode())
    except UNREADABLE:
        raise RefusedError(refusal) from None
    require(value, PROOF, refusal)
    steps = ([bytes.fromhex(each) for each in value[name]] for name in ("inclusion", "consistency"))
    return Proof(value["publication"], value["place"], bytes.fromhex(value["leaf"]), *steps)


def publication_in(body: bytes, name: str) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """The first line of a publication's file, and its values. The file is known to be the signed
    one. Refused: another form, a value without a definition, a suppressed value with a number."""
    refusal = f"{name}: its file is the signed one, but not a valid publication"
    try:
        first, _, rest = body.decode().partition("\n")
        if not first.startswith("# "):
            raise ValueError
        header = json_in(first[2:])
        columns, *lines = csv.reader(io.StringIO(rest, newline=""), strict=True)
    except UNREADABLE:
        raise RefusedError(refusal) from None
    require(header, HEADER, refusal)
    if columns != list(COLUMNS) or any(len(line) != len(columns) for line in lines):
        raise RefusedError(f"{refusal}: it has other columns")
    for (column, form), cells in zip(COLUMNS.items(), zip(*lines)):  # noqa: B905
        if not all(fits(cell, form) for cell in set(cells)):
            raise RefusedError(f"{refusal}: column {column} has a wrong value")
    defined = {(code, str(version)) for code, version, _ in header["definitions"]}
    values = [dict(zip(columns, line)) for line in lines]  # noqa: B905 - not in Python 3.9
    for row in values:
        if (row["kpi_code"], row["kpi_version"]) not in defined:
            raise RefusedError(f"{name}: no definition of {shown(row['kpi_code'])}")
        if row["missing_reason"] == "hidden" and any(row[column] for column in NUMBERS):
            code = shown(row["kpi_code"])
            raise RefusedError(f"{name}: a suppressed value of {code} has a number")
    return header, values


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


def climbed(at: int, last: int, node: bytes, path: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """The roots of a tree that ends with a node and of the one that goes on to the last place,
    along a path: RFC 9162, sections 2.1.3.2 and 2.1.4.2. None: the path is of another length."""
    older = newer = node
    for other in path:
        if last == 0:
            return None
        if at & 1 or at == last:
            older, newer = sha256(b"\x01", other, older), sha256(b"\x01", other, newer)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            newer = sha256(b"\x01", newer, other)
        at, last = at >> 1, last >> 1
    return (older, newer) if last == 0 else None


def is_included(leaf: bytes, place: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether a leaf is in a tree."""
    found = climbed(place, size - 1, leaf, path) if 0 <= place < size else None
    return found is not None and found[1] == root


def is_continued(place: int, before: bytes, root: bytes, path: Sequence[bytes]) -> bool:
    """Whether a tree is an older one, up to a place, and one leaf more."""
    if place == 0:
        return not path
    steps = list(path) if place & (place - 1) else [before, *path]
    at, last = place - 1, place
    while at & 1:
        at, last = at >> 1, last >> 1
    return bool(path) and climbed(at, last, steps[0], steps[1:]) == (before, root)


@dataclass
class Keys:
    """Keys: all that are known, by ID; those that are trusted; how it is known of others that they
    are revoked; the key that replaced another, as the folder says: anybody can say it of a key of
    their own; whether there is a folder."""

    known: dict[str, Key] = field(default_factory=dict)
    trusted: set[Key] = field(default_factory=set)
    revoked: dict[Key, str] = field(default_factory=dict)
    replaced: dict[Key, Key] = field(default_factory=dict)
    has_folder: bool = False

    def add(self, key: Key, name: str) -> None:
        """A key is known from now on. Refused: another one with its ID is; the reader's come first:
        a signature names its key by the ID alone."""
        if self.known.setdefault(key.id, key) != key:
            raise RefusedError(f"{name}: another key has the ID {key.id} of a key that is known")

    def revoke(self, key: Key, how: str) -> None:
        """A key is not trusted from now on. Refused: none is left."""
        self.revoked.setdefault(key, how)
        self.trusted.discard(key)
        if not self.trusted:
            raise RefusedError(f"key {key.id} was {how}: ask the publisher for the new public key")

    def follow(self, signed: Sequence[tuple[set[Key], Key]]) -> None:
        """Trust what trusted keys have introduced, in whatever order the statements were read."""
        for _ in signed:
            for signers, key in signed:
                if signers & self.trusted and key not in self.revoked:
                    self.trusted.add(key)
        for _ in signed:
            for signers, key in signed:
                if key in self.trusted or key in self.replaced:
                    self.replaced.update(dict.fromkeys(signers - {key, *self.replaced}, key))

    def doubt(self, head: Head) -> str:
        """By which key a head is signed that no trusted key has signed; empty: a trusted one has.
        Refused: a false signature."""
        signers = []
        for key_id, signature in head.note.signatures.items():
            key = self.known.get(key_id)
            if key and not key.has_signed(head.note.text, signature):
                raise RefusedError(f"{head.note.name}: the signature of key {key_id} is invalid")
            signers.append((key not in self.revoked, key_id, key))
        if not signers or any(key in self.trusted for _, _, key in signers):
            return ""
        _, key_id, key = min(signers, key=lambda each: each[:2])
        signer = f"signed by key {key_id}, which is not one of the keys that you gave"
        if key in self.revoked:
            return f"signed by key {key_id}, {self.revoked[key]}"
        if not self.has_folder:
            return f"{signer}: only the whole folder shows whether one of them introduced it"
        signer += ", and none of them introduced it"
        if key in self.replaced:
            return f"{signer}: the folder says that key {self.replaced[key].id} replaced it"
        return signer if key else f"{signer}: the folder has no statement about it"


def statement_in(path: Path, verb: str) -> tuple[Note, Key, str]:
    """A signed statement about a key: the key, and when it was made."""
    name = f"keys/{path.name}"
    note = note_in(path, name)
    try:
        _, _, encoded, when = note.lines
        key = Key(base64.b64decode(encoded, validate=True))
        again = f"{ORIGIN}/keys\n{verb}\n{base64.b64encode(key.raw).decode()}\n{when}\n"
        if again.encode() != note.text or len(key.raw) != 32 or not fits(when, MOMENT):
            raise ValueError
    except UNREADABLE:
        raise RefusedError(f"{name}: not a statement about a key") from None
    if path.stem.rpartition("-")[2] != key.id:
        raise RefusedError(f"{name}: the statement is about key {key.id}")
    return note, key, when


def read_keys(given: Sequence[Key], folder: Path | None, revoked: Sequence[Key] = ()) -> Keys:
    """Trust begins with the keys that the reader has; a trusted key may introduce the next one.

    A key that is revoked, by itself, by a key of the reader's or as the reader says, is not
    trusted, nor is what only it has introduced.
    """
    keys = Keys(trusted=set(given))
    for key in (*given, *revoked):
        keys.add(key, f"key {key.id}")
    for key in revoked:
        keys.revoke(key, "revoked (--revoked)")
    if folder:
        keys.has_folder = True
        read_statements(folder, keys, set(given))
    return keys


def read_statements(folder: Path, keys: Keys, own: set[Key]) -> None:
    """What the folder says of keys."""
    introduced = []
    for path in sorted(folder.glob("keys/introduces-*")):
        note, key, _ = statement_in(path, "introduces")
        keys.add(key, note.name)
        introduced.append((note, key))
    for path in sorted(folder.glob("keys/revokes-*")):
        note, key, when = statement_in(path, "revokes")
        keys.add(key, note.name)
        if note.signers(keys.known) & {key, *own}:
            keys.revoke(key, f"revoked on {when}")
    keys.follow([(note.signers(keys.known), key) for note, key in introduced])


class Folder:
    """A folder of signed publications; ``refusals`` collects what is wrong with it, ``notes`` what
    its reader should know beside."""

    def __init__(self, root: Path, keys: Keys) -> None:
        self.root, self.keys, self.log = root, keys, Log()
        self.refusals: list[str] = []
        self.notes: list[str] = []
        self.newest: dict[str, Any] | None = None
        self._meanings: dict[tuple[str, int], dict[int, tuple[str, int]]] = {}
        self._last_of_day: dict[str, int] = {}
        self._unread: set[int] = set()
        self.leaves: dict[int, bytes] = {}
        self._steps: list[list[bytes]] = []
        self._doubts: dict[int, str] = {}
        self._wrong_heads: dict[str, list[str]] = {}
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
            elif file.lower() in LITTER and not path.is_dir():
                self.notes.append(f"{name}: ignored, a file of the computer's file manager")
            elif name == "verify.py" and path.is_file():
                if path.read_bytes() != Path(__file__).read_bytes():
                    self.notes.append(OTHER_PROGRAM)
            elif (is_twice or not match) and not path.is_dir():
                self.refusals.append(f"{name}: not a file of the signed publications")
        return sorted(found)

    def check(self, saved: Sequence[Head]) -> None:
        """Check every file, and heads that readers have saved."""
        if not self.numbers:
            self.refusals.append(f"{self.root}: the folder has no publications")
        for place, number in enumerate(self.numbers):
            self._try(self._publication, place, number)
            if len(self.log.roots) == place + 1:  # without its proof nothing after it has a place
                break
            self._try(self._heads, place, number)
        self._signers()
        for head in saved:
            self._try(self._saved, head, [(each.size, each.root) for each in saved])
        end = "a formula changed there is not found"
        if unknown := sum(0 in by_kind for by_kind in self._meanings.values()):
            self.notes.append(f"{unknown} formulas have no fingerprint in some publications: {end}")
        if mixed := sum({1, 2} <= by_kind.keys() for by_kind in self._meanings.values()):
            self.notes.append(
                f"{mixed} formulas have fingerprints of two kinds, which cannot be compared: {end}"
            )

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
                f"{name}: out of order: by its file name its `place` is {place} (counted from 0), "
                f"but its proof is for publication {proof.publication}, `place` {proof.place}"
            )
        before, leaf = self.log.roots[-1], self._signed_leaf(place, number, proof)
        self.log.add(leaf)
        self.leaves[number] = leaf
        self._steps.append(proof.consistency)
        self._unread.add(number)
        root = self.log.roots[-1]
        body = read(self.root / f"publications/{number:06}.csv", name)
        is_true = sha256(b"\x00", body) == leaf
        if proof.leaf != leaf:
            what = "the proof was changed" if is_true else "file and proof were changed"
            raise RefusedError(f"{name}: its proof lacks the leaf that its head signs: {what}")
        if not is_true:
            raise RefusedError(f"{name}: its file is not the one that was published")
        if WRONG_HEAD not in self._wrong_heads:  # else it is a consequence
            if not is_included(leaf, place, place + 1, proof.inclusion, root):
                raise RefusedError(f"{name}: the proof belongs to another head")
            if not is_continued(place, before, root, proof.consistency):
                raise RefusedError(f"{name}: the proof does not match the log before it")
        self._content(place, number, body)

    def _signed_leaf(self, place: int, number: int, proof: Proof) -> bytes:
        """The leaf over which a head is signed: it is in the consistency proof too, if that leads
        from the log before to the head. Without such a head the leaf of the proof."""
        own = self.keys.trusted | self.keys.replaced.keys()
        for path in sorted(self.root.glob(f"heads/{number:06}-*.txt")):
            try:
                head = head_of(note_in(path, path.name))
                is_own = bool(head.note.signers(self.keys.known) & own)
            except RefusedError:  # as _heads says
                continue
            before, steps = self.log.roots[-1], proof.consistency
            if is_own and head.size == place + 1 and is_continued(place, before, head.root, steps):
                return steps[1 if place & (place - 1) else 0] if place else head.root
        return proof.leaf

    def _content(self, place: int, number: int, body: bytes) -> None:
        name = f"publication {number}"
        header, _ = publication_in(body, name)
        if (header["publication"], header["place"]) != (number, place):
            raise RefusedError(
                f"{name}: out of order: by its file name its `place` is {place} (counted from 0), "
                f"but the file is for publication {header['publication']}, `place` "
                f"{header['place']}"
            )
        self._unread.discard(number)
        replaced = self._last_of_day.get(header["as_of_date"])
        self._last_of_day[header["as_of_date"]] = number
        if header["replaces"] != replaced and header["replaces"] not in self._unread:
            raise RefusedError(f"{name}: it does not name the publication that it replaces")
        self.newest = header
        versions = [(code, version) for code, version, _ in header["definitions"]]
        if len(set(versions)) < len(versions):
            raise RefusedError(f"{name}: it defines a formula twice")
        for code, version, fingerprint in header["definitions"]:
            recorded = fingerprint or ""
            kinds = [kind for kind, form in enumerate(KINDS) if re.fullmatch(form, recorded)]
            if not kinds:
                raise RefusedError(
                    f"{name}: the fingerprint of the formula of {shown(code)} is of an unknown kind"
                )
            by_kind = self._meanings.setdefault((code, version), {})
            known, since = by_kind.setdefault(kinds[0], (recorded, number))
            if kinds[0] < max(by_kind):
                known, since = by_kind[max(by_kind)]
            if known != recorded:
                raise RefusedError(
                    f"{name}: the formula of {shown(code)} is not the one that version {version} "
                    f"had in publication {since}"
                )

    def _heads(self, place: int, number: int) -> None:
        """Heads as of a publication, one of each key."""
        paths = sorted(self.root.glob(f"heads/{number:06}-*.txt"))
        if not paths:
            raise RefusedError(f"head of publication {number}: the file is missing")
        for path in paths:
            key_id = path.stem[-8:]
            name = f"head of publication {number} ({key_id})"
            try:
                head = head_of(note_in(path, name))
                doubt = self.keys.doubt(head)
                if head.note.signatures.keys() != {key_id}:
                    raise RefusedError(f"{name}: it is signed by another key")
                if key_id not in self.keys.known:
                    raise RefusedError(f"{name}: {doubt}")
                if (head.size, head.root) != (place + 1, self.log.roots[place + 1]):
                    raise RefusedError(f"{name}: {WRONG_HEAD}")
            except RefusedError as refusal:
                problem = str(refusal).partition(": ")[2]
                self._wrong_heads.setdefault(problem, []).append(name)
            else:
                doubtful = f"{name}: {doubt}" if doubt else ""
                self._doubts[number] = min(doubtful, self._doubts.get(number, doubtful))

    def _signers(self) -> None:
        """What is wrong with heads, each error once; the newest has to be of a trusted key."""
        for problem, names in self._wrong_heads.items():
            more = f" and {len(names) - 1} more" if names[1:] else ""
            self.refusals.append(f"{names[0]}{more}: {problem}")
        newest = self.numbers[-1] if self.numbers else 0
        if doubt := self._doubts.get(newest):
            since = len(self.numbers)
            while since and self._doubts.get(self.numbers[since - 1]):
                since -= 1
            self.refusals.append(
                f"{doubt}; no trusted key has signed publication {self.numbers[since]} or a later "
                f"one ({len(self.numbers) - since} of {len(self.numbers)} publications)"
            )
        ids = [path.stem[-8:] for path in self.root.glob(f"heads/{newest:06}-*.txt")]
        former = {key.id: key for key in self.keys.trusted & self.keys.replaced.keys()}
        if ids and all(each in former for each in ids):
            new = self.keys.replaced[former[ids[0]]].id
            note = f"the newest head is only signed by key {ids[0]}, which key {new} replaced"
            self.notes.append(f"{note}: is key {ids[0]} still in use? Ask the publisher")

    def _saved(self, head: Head, known: Sequence[tuple[int, bytes]]) -> None:
        """A head of this log is good, whoever signed it: its key may have been replaced since."""
        name, size, doubt = head.note.name, len(self.log.roots) - 1, self.keys.doubt(head)
        by = f" (the head is {doubt})" if doubt else ""
        if head.size > size:
            why = "the folder is older than the head, or its newest publications were deleted"
            if size < len(self.numbers):
                why = "the folder can only be read up to there"
            raise RefusedError(
                f"{name}: it covers {head.size} publications and the folder has {size}: {why}; "
                f"whether the folder's {size} are the first {size} of them was not checked{by}"
            )
        if head.root != self.log.roots[head.size]:
            raise RefusedError(f"{name}: {OTHER_HISTORY}: {self._difference(head, known)}{by}")
        if doubt:
            self.notes.append(f"{name}: it is a head of this log, and good, although {doubt}")
        elif any(size == head.size and root != head.root for size, root in known):
            self.notes.append(f"{name}: it is a head of this log: the folder has this history")

    def _difference(self, head: Head, known: Sequence[tuple[int, bytes]]) -> str:
        """Which publications are not those that a head covers, as far as it shows."""
        last, roots = head.size - 1, self.log.roots
        first, newest = self.numbers[0], self.numbers[last]
        if not last or is_continued(last, roots[last], head.root, self._steps[last]):
            return f"publication {newest} differs"
        unknown = (
            f"at least one of publications {first} to {newest} differs; a head does not show which"
        )
        good = max((n for n, root in known if n < head.size and roots[n] == root), default=0)
        agree = f"; publications up to {self.numbers[good - 1]} agree with another saved head"
        return unknown + agree if good else unknown


def check_saved(saved: Sequence[Head], keys: Keys) -> tuple[list[Head], list[str]]:
    """The heads without a false signature; and what is wrong: a false signature, and two heads of
    one size that differ, by trusted keys: two readers were shown two histories."""
    by_size: dict[int, Head] = {}
    good, refusals = [], []
    for head in saved:
        try:
            doubt = keys.doubt(head)
        except RefusedError as refusal:
            refusals.append(f"{head.note.name}: {CHANGED}, or forged:{str(refusal).split(':')[-1]}")
            continue
        good.append(head)
        other = head if doubt else by_size.setdefault(head.size, head)
        if other.root != head.root:
            refusals.append(
                f"{other.note.name} and {head.note.name}: two different heads of {head.size} "
                "publications, both signed: two readers were shown different histories"
            )
    return good, refusals


def compare(saved: Sequence[Head], keys: Keys) -> tuple[str, list[str]]:
    """Compare heads without their folder; returns result and notes. Raises NotComparedError."""
    doubts = [(head, keys.doubt(head)) for head in saved]
    trusted = {(head.size, head.root) for head, doubt in doubts if not doubt}
    for head, doubt in doubts:
        if (head.size, head.root) not in trusted:
            raise NotComparedError(f"{head.note.name}: {doubt}")
    sizes = sorted({head.size for head in saved})
    if len(sizes) > 1:
        raise NotComparedError(
            f"the heads cover {' and '.join(map(str, sizes))} publications. Without the folder, "
            "only heads that cover the same number of publications can be compared: give the folder"
        )
    notes = [f"{head.note.name}: it is the same head, {doubt}" for head, doubt in doubts if doubt]
    return f"the heads are the same: {sizes[0]} publications, one history", notes


def check_file(path: Path, proof_path: Path, head_path: Path, keys: Keys) -> tuple[str, list[str]]:
    """Check one publication by its proof and a head; returns the result, and notes."""
    proof, head = proof_in(proof_path, str(proof_path)), head_of(note_in(head_path, str(head_path)))
    if doubt := keys.doubt(head):
        raise RefusedError(f"{head_path}: {doubt}")
    body = read(path, str(path))
    if head.size != proof.place + 1:
        raise RefusedError(
            f"{proof_path}: the proof is for the head of {proof.place + 1} publications, "
            f"{head_path} is the head of {head.size}"
        )
    if sha256(b"\x00", body) != proof.leaf:
        raise RefusedError(f"{path}: not the file that {proof_path} proves")
    if not is_included(proof.leaf, proof.place, head.size, proof.inclusion, head.root):
        raise RefusedError(f"{proof_path}: the proof does not belong to {head_path}")
    header, values = publication_in(body, str(path))
    if (header["publication"], header["place"]) != (proof.publication, proof.place):
        raise RefusedError(f"{path}: not the file that {proof_path} proves")
    found = f"publication {proof.publication} of {header['as_of_date']}, {len(values)} values"
    return found, ["its formulas were not compared with other publications: give the folder"]


def check_folder(root: Path, keys: Keys, saved: Sequence[Head]) -> tuple[str, list[str], list[str]]:
    """Check all publications of a folder; returns what was found, what is wrong, and notes."""
    folder = Folder(root, keys)
    folder.check(saved)
    newest = folder.newest or {}
    found = (
        f"{len(folder.log.roots) - 1} publications; the newest is publication "
        f"{newest.get('publication')} for {newest.get('as_of_date')}, published at "
        f"{newest.get('published_at')}"
    )
    return found, folder.refusals, folder.notes


def public_key_of(body: bytes, name: str) -> Key:
    """The public key that is written in PEM. Refused: a text of another form."""
    try:
        key = serialization.load_pem_public_key(body)
    except ValueError:
        raise RefusedError(f"{name}: not a public key in PEM") from None
    if not isinstance(key, Ed25519PublicKey):
        raise RefusedError(f"{name}: not an Ed25519 key")
    return Key(key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw))


def checked(asked: argparse.Namespace) -> tuple[str, list[str], list[str]]:
    """What the command line asks for: what was found, what is wrong, and notes."""
    folder = asked.path if asked.path and asked.path.is_dir() else None
    given = [public_key_of(read(path, str(path)), str(path)) for path in asked.key]
    revoked = [public_key_of(read(path, str(path)), str(path)) for path in asked.revoked]
    keys = read_keys(given, folder, revoked)
    saved, wrong = check_saved([saved_head_in(path) for path in asked.saved_head], keys)
    if folder:
        found, refusals, notes = check_folder(folder, keys, saved)
        return found, [*wrong, *refusals], notes
    if asked.path:
        found, notes = check_file(asked.path, asked.proof, asked.head, keys)
    else:
        found, notes = ("", []) if wrong else compare(saved, keys)
    return found, wrong, notes


def main(words: Sequence[str] | None = None) -> int:
    """Check what the command line names; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("path", type=Path, nargs="?", help="folder of publications, or one file")
    many: dict[str, Any] = {"type": Path, "action": "append", "default": []}
    own = "public key of the publisher, PEM; repeatable"
    parser.add_argument("--key", type=Path, action="append", required=True, help=own)
    revoked = "public key that the publisher says is revoked, PEM; repeatable"
    parser.add_argument("--revoked", help=revoked, **many)
    parser.add_argument("--saved-head", help="repeatable", **many)
    parser.add_argument("--proof", type=Path, help="proof of the publication's file")
    parser.add_argument("--head", type=Path, help="head of the log up to this publication")
    asked = parser.parse_args(words)
    is_file = asked.path and not asked.path.is_dir()
    is_whole = asked.proof and asked.head if is_file else asked.path or len(asked.saved_head) > 1
    if not is_whole:
        parser.error("give the folder, or a file with --proof and --head, or two --saved-head")
    try:
        found, refusals, notes = checked(asked)
    except RefusedError as refusal:
        found, refusals, notes = "", [str(refusal)], []
    except NotComparedError as reason:
        show("NOT COMPARED", str(reason))
        return 2
    for line in refusals or [found]:
        show("REFUSED" if refusals else "GENUINE", line)
    for line in notes:
        show("NOTE", line)
    return 1 if refusals else 0


def show(what: str, line: str) -> None:
    """Print a line, whatever a file has put in it."""
    print(f"{what}: {''.join(sign if sign.isprintable() else '?' for sign in line)}")


if __name__ == "__main__":
    sys.exit(main())
