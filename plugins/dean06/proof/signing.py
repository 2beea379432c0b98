"""Signing: the log's publications, proofs and heads are written out of the warehouse.

Every file is written once and never changed: ``DEAN06_SIGNED_PUBLICATIONS`` may be a store that
takes new files only. What is in its place is noted in ``ops.publication_head`` afterwards, so a
killed run is made good by the next one, with the same bytes.
"""

import hashlib
import io
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from airflow.sdk import ObjectStoragePath

from dean06 import settings, storage
from dean06.details.detail import detail
from dean06.errors import Dean06Error, TrailError
from dean06.proof import keys, notes, record
from dean06.proof.keys import Kept, Ring
from dean06.proof.merkle import Tree, leaf_hash
from dean06.warehouse import Lock, Session, transaction

log = logging.getLogger(__name__)

VERIFIER = settings.PROJECT / "include" / "verify.py"


@dataclass(frozen=True)
class Signed:
    """What is out: how many publications, and the newest one's number."""

    size: int
    publication_id: int | None


def sign_due() -> Signed:
    """Record and sign every publication that is not, and write it out; again what is missing.

    Raises TrailError where the log does not continue what was signed before: nothing is signed
    then. Raises Dean06Error when the keys cannot be read.
    """
    with transaction() as session:
        session.lock(Lock.KPI)
        record.record_due(session)  # publications from before there was a log
    with transaction() as session:
        session.lock(Lock.SIGN)
        leaves = leaves_of(session)
        ring = keys.load()
        tree = Tree([bytes(leaf.leaf_hash) for leaf in leaves])
        _require_continued(ring, tree, len(leaves))
        _write_tools(ring)
        for leaf, key_id, note in _due(session, ring, leaves, tree):
            _write(session, leaf, tree, key_id, note)
    return Signed(len(leaves), leaves[-1].publication_id if leaves else None)


def sign_due_if_possible() -> None:
    """As ``sign_due``, after something that stays done whether or not it can be signed now."""
    try:
        sign_due()
    except (Dean06Error, OSError) as error:
        log.warning("publications: not signed this time (%s): %s", type(error).__name__, error)


def rotate_key(overlap: timedelta) -> Kept:
    """``keys.rotate``, and the newest head signed with the new key too."""
    with transaction() as session:
        session.lock(Lock.SIGN)  # the file of keys is written by one at a time
        made = keys.rotate(overlap)
    sign_due()
    return made


def revoke_key(key_id: str) -> Kept:
    """``keys.revoke``, and the newest head signed with the key that signs from now on."""
    with transaction() as session:
        session.lock(Lock.SIGN)
        other = keys.revoke(key_id)
    sign_due()
    return other


def root() -> ObjectStoragePath:
    """The folder of signed publications."""
    return storage.private_folder(ObjectStoragePath(settings.signed_publications_root()))


def leaves_of(session: Session) -> list[Any]:
    """The log in its order: place, publication_id, leaf_hash."""
    return session.rows(
        "select place, publication_id, leaf_hash from ops.publication_leaf order by place"
    )


def not_continued(ring: Ring, tree: Tree, size: int) -> bool:
    """Whether the log is another one than the last head was signed over."""
    return size < ring.signed_size or (
        ring.signed_size > 0 and tree.root(ring.signed_size).hex() != ring.signed_root
    )


def proof_text(leaf: Any, tree: Tree) -> bytes:
    """What the file of a publication's proof holds."""
    place = leaf.place
    proof = {
        "publication": leaf.publication_id,
        "place": place,
        "leaf": bytes(leaf.leaf_hash).hex(),
        "inclusion": [each.hex() for each in tree.inclusion(place, place + 1)],
        "consistency": [each.hex() for each in tree.consistency(place, place + 1)],
    }
    return msgspec.json.format(msgspec.json.encode(proof), indent=1)


def _require_continued(ring: Ring, tree: Tree, size: int) -> None:
    """The log has to continue the last head that was signed; then the ring remembers the new one
    before anybody can have it."""
    if not_continued(ring, tree, size):
        raise TrailError(
            detail("publications_of_other_history", signed=ring.signed_size, size=size)
        )
    if size > ring.signed_size:
        ring.signed_size, ring.signed_root = size, tree.root(size).hex()
        keys.save(ring)


def _due(
    session: Session, ring: Ring, leaves: list[Any], tree: Tree
) -> Iterator[tuple[Any, str, str]]:
    """Leaf, key and signed head of what is to be written: each publication that has no head, the
    newest one for every key that signs, and whatever is gone from the folder.

    A head once signed by one key is not signed again by the next: the newest covers all before.
    """
    signing = ring.signing(datetime.now(UTC))
    if not signing:
        raise Dean06Error(detail("publication_key_missing"))
    there = {
        f"{folder}/{path.name}"
        for folder in ("publications", "proofs", "heads")
        if (root() / folder).exists()
        for path in (root() / folder).iterdir()
    }
    stored, _ = heads_of(session, ring, leaves, tree)
    for leaf in leaves:
        size = leaf.place + 1
        known = stored.get(size, {})
        for key_id, note in known.items():
            if not there.issuperset(names_of(leaf, key_id)):
                yield leaf, key_id, note
        if size == len(leaves) or not known:
            text = notes.head_text(size, tree.root(size))
            for key in signing:
                if key.id not in known:
                    yield leaf, key.id, notes.signed(text, [key.private])


def names_of(leaf: Any, key_id: str) -> tuple[str, str, str]:
    """Names of a publication's file, proof and head in the folder."""
    number = f"{leaf.publication_id:06}"
    return f"publications/{number}.csv", f"proofs/{number}.json", f"heads/{number}-{key_id}.txt"


def heads_of(
    session: Session, ring: Ring, leaves: list[Any], tree: Tree
) -> tuple[dict[int, dict[str, str]], list[str]]:
    """Heads whose files were in their place, by size and key; and those that are not signed over
    this log by the key that they name. Heads of keys that are not ours any more are left out."""
    found: dict[int, dict[str, str]] = {}
    false: list[str] = []
    public = {key.id: key.public for key in ring.keys}
    for row in session.rows(
        "select size, key_id, note from ops.publication_head order by size, key_id"
    ):
        if row.key_id not in public or row.size > len(leaves):
            continue
        text = notes.head_text(row.size, tree.root(row.size))
        if notes.is_signed(row.note, text, public[row.key_id]):
            found.setdefault(row.size, {})[row.key_id] = row.note
        else:
            number = leaves[row.size - 1].publication_id
            false.append(f"head of publication {number} ({row.key_id}): not signed over this log")
    return found, false


def _write(session: Session, leaf: Any, tree: Tree, key_id: str, note: str) -> None:
    """The files of a publication: its values, its proof, its head; then the note that they are."""
    number, place = leaf.publication_id, leaf.place
    body = record.body_of(session, place)
    if leaf_hash(body) != bytes(leaf.leaf_hash):
        raise TrailError(detail("publication_changed", publication=number))
    folder = root()
    bodies = (body, proof_text(leaf, tree), note.encode())
    for name, content in zip(names_of(leaf, key_id), bodies, strict=True):
        _put(folder.joinpath(*name.split("/")), content)
    with transaction() as noting:
        noting.run(
            """insert into ops.publication_head (size, key_id, note)
               values (:size, :key_id, :note) on conflict do nothing""",
            size=place + 1,
            key_id=key_id,
            note=note,
        )
    log.info("publication %d: signed with key %s", number, key_id)


def _write_tools(ring: Ring) -> None:
    """What a reader needs beside publications: statements about keys, and the program."""
    folder = root()
    for key in ring.keys:
        _put(folder / "keys" / f"introduces-{key.id}.txt", key.introduced.encode())
        if key.revoked:
            _put(folder / "keys" / f"revokes-{key.id}.txt", key.revoked.encode())
    body = VERIFIER.read_bytes()
    storage.put(io.BytesIO(body), folder / "verify.py", hashlib.sha256(body).hexdigest())


def _put(target: ObjectStoragePath, body: bytes) -> None:
    """Write a file once. Raises TrailError where another one has its name."""
    if target.exists() and target.read_bytes() != body:
        raise TrailError(detail("signed_file_differs", file=str(target)))
    storage.put(io.BytesIO(body), target, hashlib.sha256(body).hexdigest())
