"""Audit: what people did is linked by hashes, and the chain's head leaves the warehouse, signed.

Triggers note reads of records, corrections, decisions and publications with login and moment.
``seal`` links what is committed (``ops.link_notes``), signs the head with Ed25519 and stores it
under ``DEAN06_AUDIT_HEADS``. The key (``DEAN06_AUDIT_KEYFILE``) stays outside of the warehouse:
whoever rewrites the whole chain as a superuser cannot sign its new head. The watchdog sends heads
to people, too. ``verify`` finds what was changed, deleted, cut off or made up. Between a commit and
the next seal a note can be changed unseen.
"""

import hashlib
import io
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from airflow.sdk import ObjectStoragePath
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from dean06 import settings, storage
from dean06.details.detail import detail
from dean06.errors import Dean06Error, TrailError
from dean06.warehouse import Session, sql_file, transaction

log = logging.getLogger(__name__)


class Head(msgspec.Struct, frozen=True):
    """A signed head, as its file holds it."""

    entry_no: int
    hash: str
    at: str
    """When it was signed, ISO 8601 in UTC."""
    signature: str
    """Ed25519 over the other three, in hexadecimal."""

    @property
    def text(self) -> bytes:
        """What is signed."""
        return f"{self.entry_no}\n{self.hash}\n{self.at}".encode()


def seal() -> int:
    """Link what is committed, and store the signed head; returns how many notes were linked.

    Raises Dean06Error when the key cannot be read.
    """
    with transaction() as session:
        linked = int(session.one("select ops.link_notes() as linked").linked)
        head = _head(session)
    if head is not None:
        signed = msgspec.structs.asdict(_store(head))
        with transaction() as session:
            # Only now, when the file is in its place.
            session.run(
                "select ops.record_head(:entry_no, :hash, :signature, cast(:at as timestamptz))",
                **signed,
            )
    return linked


def link_if_possible(role: str) -> None:
    """Link what is committed, for pages, which have no key: the next task signs the head."""
    try:
        with transaction(role) as session:
            session.run("select ops.link_notes()")
    except Dean06Error as error:
        log.warning(
            "audit: new entries not linked now (%s); the next step links them", type(error).__name__
        )


def seal_if_possible() -> None:
    """As ``seal``, after something that stays done whether or not its head can be stored now."""
    try:
        seal()
    except (Dean06Error, OSError) as error:
        log.warning(
            "audit: chain not signed this time (%s); the next step signs it", type(error).__name__
        )


def verify() -> tuple[int, list[str]]:
    """Compare rows with notes, notes with the chain, the chain with every signed head.

    Returns the length of the chain, and what does not hold: a sentence each, without values.
    """
    with transaction() as session:
        session.run("set local timezone = 'UTC'")
        session.run("select ops.link_notes()")
        links = session.rows(sql_file("audit/chain.sql"))
        differences = session.rows(sql_file("audit/differences.sql"))
        recorded = [
            Head(row.entry_no, row.hash, row.signed_at.astimezone(UTC).isoformat(), row.signature)
            for row in session.rows(
                "select entry_no, hash, signature, signed_at from ops.audit_head order by entry_no"
            )
        ]
    hashes: dict[int, str] = {}
    found: list[str] = []
    before = b""
    for place, link in enumerate(links, start=1):
        before = hashlib.sha256(before + link.text.encode()).digest()
        if (link.entry_no, link.hash) != (place, before.hex()):
            found.append(f"entry {place}: the chain is broken here; later entries are not proven")
            break
        hashes[place] = link.hash
    found += [f"{row.kind} {row.source_id}: {row.difference}" for row in differences]
    return len(links), found + list(_broken_heads(hashes, recorded))


def require_whole() -> int:
    """The length of the chain. Raises TrailError naming what does not hold."""
    length, found = verify()
    if found:
        raise TrailError(detail("trail_fails", places=len(found), first=found[0]))
    return length


def last_head() -> Head | None:
    """The newest head that left the warehouse and was signed here; None where no key is."""
    if not settings.audit_key().exists():
        return None
    public = _key().public_key()
    signed = [head for head in _heads()[0] if _is_signed(head, public)]
    return max(signed, key=lambda head: head.entry_no, default=None)


def _is_signed(head: Head, public: Ed25519PublicKey) -> bool:
    try:
        public.verify(bytes.fromhex(head.signature), head.text)
    except (InvalidSignature, ValueError):
        return False
    return True


def _head(session: Session) -> Any:
    return session.one(
        """select entry_no, encode(hash, 'hex') as hash from ops.audit_link
           order by entry_no desc limit 1"""
    )


def _store(head: Any) -> Head:
    """Sign the head and store it as a file of its own, once; returns what the file holds."""
    target = _root() / f"{head.entry_no:012}-{head.hash[:16]}.json"
    stored = _head_in(target) if target.exists() else None
    if stored is not None and (stored.entry_no, stored.hash) == (head.entry_no, head.hash):
        return stored
    unsigned = Head(head.entry_no, head.hash, datetime.now(UTC).isoformat(timespec="seconds"), "")
    signed = msgspec.structs.replace(unsigned, signature=_key().sign(unsigned.text).hex())
    body = msgspec.json.format(msgspec.json.encode(signed), indent=1)
    storage.put(io.BytesIO(body), target, hashlib.sha256(body).hexdigest())
    return signed


def _broken_heads(hashes: dict[int, str], recorded: list[Head]) -> list[str]:
    """``hashes`` of the chain by place; ``recorded``: heads that the warehouse knows were stored.

    Files and warehouse are of different hands: who signs all files with another key, or records
    what nobody signed, is found by the other.
    """
    stored, others = _heads()
    if hashes and not stored:
        return ["no signed head is stored: the chain cannot be checked against an outside copy"]
    found = [f"files in the heads folder that are not heads: {others}"] if others else []
    gone = {head.entry_no for head in recorded} - {head.entry_no for head in stored}
    found += [f"head of entry {place}: it was stored and is gone" for place in sorted(gone)]
    public = _key().public_key()
    in_order = sorted(stored, key=lambda each: each.entry_no)
    found += [said for head in in_order if (said := _broken(head, hashes, public))]
    known = {head.entry_no for head in in_order if _is_signed(head, public)}
    return found + [
        f"head of entry {head.entry_no}: the copy in the warehouse was not signed with this key"
        for head in recorded
        if head.entry_no in known and not _is_signed(head, public)
    ]


def _broken(head: Head, hashes: dict[int, str], public: Ed25519PublicKey) -> str:
    """What does not hold of a stored head; empty when it does."""
    if not _is_signed(head, public):
        return f"head of entry {head.entry_no}: the signature was not made with this key"
    if hashes.get(head.entry_no) != head.hash:
        return f"head of entry {head.entry_no}: the warehouse has another history, or a shorter one"
    return ""


def _heads() -> tuple[list[Head], int]:
    """Every head that is stored, and how many files beside them are none."""
    root = _root()
    if not root.exists():
        return [], 0
    found = [_head_in(path) for path in root.iterdir() if path.name.endswith(".json")]
    heads = [head for head in found if head is not None]
    return heads, len(found) - len(heads)


def _head_in(path: ObjectStoragePath) -> Head | None:
    """The head that a file holds; None for anything else that somebody left there."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Head)
    except (msgspec.MsgspecError, OSError):
        return None


def _root() -> ObjectStoragePath:
    return storage.private_folder(ObjectStoragePath(settings.audit_heads_root()))


def _key() -> Ed25519PrivateKey:
    """The signing key, made on first use. Raises Dean06Error where the file holds no such key."""
    path = settings.audit_key()
    if not path.exists():
        _make_key(path)
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except ValueError:
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise Dean06Error(detail("audit_key_unreadable", file=str(path)))
    return key


def _make_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    storage.write_private(pem.decode(), path)
    log.warning(
        "created the key of the audit trail, %s: back it up separately from the warehouse", path
    )
