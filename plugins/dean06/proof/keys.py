"""Keys that sign publications: kept in a file outside of the warehouse, changed without a gap.

``DEAN06_PUBLICATION_KEYS`` is a JSON file for its owner alone, made on first use. It also holds the
last head that was signed: whoever rewrites warehouse and folder gets no signature for it. While a
key is being replaced both sign; the old one introduces the new one, so that who has the old public
key can go on. A revoked key signs its own revocation and then nothing more.
"""

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from dean06 import settings
from dean06.details.detail import detail
from dean06.errors import Dean06Error
from dean06.proof import notes
from dean06.storage import write_private

log = logging.getLogger(__name__)


class Kept(msgspec.Struct):
    """A key, as the file holds it."""

    private_key: str
    """Its 32 bytes in hexadecimal; empty once it is revoked."""
    public_key: str
    introduced: str
    """The signed statement that it is a key of this log."""
    valid_until: datetime | None = None
    """When it stops signing; None: it goes on."""
    revoked: str = ""
    """The signed statement that it is no longer to be trusted; empty: it is."""

    @property
    def public(self) -> Ed25519PublicKey:
        """The public key."""
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.public_key))

    @property
    def private(self) -> Ed25519PrivateKey:
        """The key that signs."""
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self.private_key))

    @property
    def id(self) -> str:
        """What it is called in notes and file names."""
        return notes.key_id(self.public)

    def signs_at(self, moment: datetime) -> bool:
        """Whether heads of a moment are signed with it."""
        return not self.revoked and (self.valid_until is None or moment < self.valid_until)


class Ring(msgspec.Struct):
    """All keys there have been, oldest first, and the last head that any of them has signed."""

    keys: list[Kept]
    signed_size: int = 0
    signed_root: str = ""

    def signing(self, moment: datetime) -> list[Kept]:
        """Keys that sign at a moment: one, or two while one replaces the other."""
        return [key for key in self.keys if key.signs_at(moment)]


def load() -> Ring:
    """The keys; a first one where there is no file. Raises Dean06Error when it is no such file."""
    path = settings.publication_keys()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        ring = Ring([_new(_now(), ())])
        save(ring)
        log.warning(
            "created the key of publications, %s: back it up separately from the warehouse", path
        )
        return ring
    try:
        ring = msgspec.json.decode(path.read_bytes(), type=Ring)
        for key in ring.keys:
            if notes.raw(key.public).hex() != key.public_key or (
                key.private_key and notes.key_id(key.private.public_key()) != key.id
            ):
                raise ValueError
    except (msgspec.MsgspecError, ValueError):
        raise Dean06Error(detail("publication_keys_unreadable", file=str(path))) from None
    return ring


def save(ring: Ring) -> None:
    """Write the file, whole or not at all, for its owner alone."""
    text = msgspec.json.format(msgspec.json.encode(ring), indent=1).decode()
    write_private(text, settings.publication_keys(), replaces=True)


def public_pem(key: Kept) -> str:
    """The public key for those who check, in PEM."""
    return key.public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()


def write_public(key: Kept, file: Path) -> None:
    """Write the public key to a new file. Raises Dean06Error where there is one."""
    write_private(public_pem(key), file)


def newest() -> Kept:
    """The key that was made last. Raises Dean06Error as ``load``."""
    return load().keys[-1]


def rotate(overlap: timedelta) -> Kept:
    """Make the next key, introduced by those that sign now; these go on signing for ``overlap``.

    Raises Dean06Error while a rotation is under way.
    """
    ring, now = load(), _now()
    signing = ring.signing(now)
    if len(signing) > 1:
        raise Dean06Error(
            detail(
                "rotation_under_way",
                first=signing[0].id,
                second=signing[1].id,
                until=f"{signing[0].valid_until:%Y-%m-%d %H:%M}",
            )
        )
    made = _new(now, signing)
    for key in signing:
        key.valid_until = now + overlap
    ring.keys.append(made)
    save(ring)
    return made


def revoke(key_id: str) -> Kept:
    """Revoke a key that others may have; returns the key that signs from now on.

    What only the revoked key signed counts for nothing any more: the newest head is signed again by
    the other key. Raises Dean06Error for a key that is unknown or revoked already.
    """
    ring, now = load(), _now()
    found = [key for key in ring.keys if key.id == key_id]
    if not found or found[0].revoked:
        known = ", ".join(key.id for key in ring.keys if not key.revoked)
        raise Dean06Error(detail("key_not_revocable", key=key_id, known=known))
    (key,) = found
    text = notes.statement_text("revokes", key.public, _told(now))
    key.revoked = notes.signed(text, [key.private])
    key.private_key = ""
    if signing := ring.signing(now):
        signing[-1].valid_until = None  # there is nothing any more that it makes room for
    else:
        # Nobody vouches for it: whoever has the revoked key could introduce one as well.
        ring.keys.append(_new(now, ()))
    save(ring)
    return ring.signing(now)[-1]


def _new(now: datetime, introduced_by: list[Kept] | tuple[()]) -> Kept:
    key = Ed25519PrivateKey.generate()
    public = key.public_key()
    statement = notes.signed(
        notes.statement_text("introduces", public, _told(now)),
        [*(other.private for other in introduced_by), key],
    )
    return Kept(key.private_bytes_raw().hex(), notes.raw(public).hex(), statement)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def _told(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
