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
import json
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from airflow.sdk import ObjectStoragePath
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dean06 import settings, storage
from dean06.errors import Dean06Error
from dean06.warehouse import Session, sql_file, transaction

log = logging.getLogger(__name__)


def seal() -> int:
    """Link what is committed, and store the signed head; returns how many notes were linked.

    Raises Dean06Error when the key cannot be read.
    """
    with transaction() as session:
        linked = int(session.one("select ops.link_notes() as linked").linked)
        head = _head(session)
    if head is not None:
        signed = _store(head)
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
        log.warning("audit: not linked now (%s); the next step does", type(error).__name__)


def seal_if_possible() -> None:
    """As ``seal``, after something that stays done whether or not its head can be stored now."""
    try:
        seal()
    except (Dean06Error, OSError) as error:
        log.warning("audit: not sealed now (%s); the next step does", type(error).__name__)


def verify() -> tuple[int, list[str]]:
    """Compare rows with notes, notes with the chain, the chain with every signed head.

    Returns the length of the chain, and what does not hold: a sentence each, without values.
    """
    with transaction() as session:
        session.run("set local timezone = 'UTC'")
        session.run("select ops.link_notes()")
        links = session.rows(sql_file("audit/chain.sql"))
        differences = session.rows(sql_file("audit/differences.sql"))
        recorded = {row.entry_no for row in session.rows("select entry_no from ops.audit_head")}
    hashes: dict[int, str] = {}
    found: list[str] = []
    before = b""
    for place, link in enumerate(links, start=1):
        before = hashlib.sha256(before + link.text.encode()).digest()
        if (link.entry_no, link.hash) != (place, before.hex()):
            found.append(f"entry {place}: the chain is broken here; what follows proves nothing")
            break
        hashes[place] = link.hash
    found += [f"{row.kind} {row.source_id}: {row.difference}" for row in differences]
    return len(links), found + list(_broken_heads(hashes, recorded))


def last_head() -> dict[str, Any] | None:
    """The newest head that left the warehouse: entry_no, hash, at, signature."""
    heads = _heads()
    return max(heads, key=lambda head: int(head["entry_no"])) if heads else None


def _head(session: Session) -> dict[str, Any] | None:
    row = session.one(
        """select entry_no, encode(hash, 'hex') as hash from ops.audit_link
           order by entry_no desc limit 1"""
    )
    return None if row is None else {"entry_no": row.entry_no, "hash": row.hash}


def _store(head: dict[str, Any]) -> dict[str, Any]:
    """Sign the head and store it as a file of its own, once; returns what the file holds."""
    target = _root() / f"{head['entry_no']:012}-{head['hash'][:16]}.json"
    if target.exists():
        stored: dict[str, Any] = json.loads(target.read_text())
        return stored
    head = {**head, "at": datetime.now(UTC).isoformat(timespec="seconds")}
    signed = {**head, "signature": _key().sign(_text(head)).hex()}
    body = json.dumps(signed, indent=1).encode()
    storage.put(io.BytesIO(body), target, hashlib.sha256(body).hexdigest())
    return signed


def _broken_heads(hashes: dict[int, str], recorded: set[int]) -> list[str]:
    """``hashes`` of the chain by place; ``recorded``: places whose head was stored some time."""
    heads = _heads()
    if hashes and not heads:
        return ["no signed head is stored: nothing outside of the warehouse vouches for the chain"]
    gone = recorded - {int(head["entry_no"]) for head in heads}
    found = [f"head of entry {place}: it was stored and is gone" for place in sorted(gone)]
    public = _key().public_key()
    for head in sorted(heads, key=lambda each: int(each["entry_no"])):
        place = int(head["entry_no"])
        try:
            public.verify(bytes.fromhex(str(head.get("signature"))), _text(head))
        except (InvalidSignature, ValueError):
            found.append(f"head of entry {place}: the signature is not of this key")
            continue
        if hashes.get(place) != head["hash"]:
            found.append(
                f"head of entry {place}: the warehouse has another history, or a shorter one"
            )
    return found


def _heads() -> list[dict[str, Any]]:
    root = _root()
    if not root.exists():
        return []
    return [json.loads(path.read_text()) for path in root.iterdir() if path.name.endswith(".json")]


def _text(head: dict[str, Any]) -> bytes:
    return f"{head['entry_no']}\n{head['hash']}\n{head['at']}".encode()


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
        raise Dean06Error(f"{path} is no Ed25519 key: restore DEAN06_AUDIT_KEYFILE from its backup")
    return key


def _make_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    storage.write_private(pem.decode(), path)
    log.warning("made the key of the audit chain, %s: back it up apart from the warehouse", path)
