"""Signed notes: heads of the log and statements about keys, as texts that anybody can check.

The form is that of C2SP: signed-note, and tlog-checkpoint for heads. ``include/verify.py`` reads
the same form with code of its own: who checks runs nothing of ours but that file.
"""

import base64
import hashlib
from collections.abc import Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ORIGIN = "dean06/publications"
"""First line of a head, and the name of every key."""


def head_text(size: int, root: bytes) -> str:
    """What is signed of a head."""
    return f"{ORIGIN}\n{size}\n{base64.b64encode(root).decode()}\n"


def statement_text(verb: str, key: Ed25519PublicKey, at: str) -> str:
    """What is signed of a statement about a key: that it ``introduces`` or ``revokes`` it."""
    return f"{ORIGIN}/keys\n{verb}\n{base64.b64encode(raw(key)).decode()}\n{at}\n"


def signed(text: str, keys: Sequence[Ed25519PrivateKey]) -> str:
    """The text with a line for the signature of each key."""
    lines = [
        base64.b64encode(_key_hash(key.public_key()) + key.sign(text.encode())).decode()
        for key in keys
    ]
    return text + "\n" + "".join(f"— {ORIGIN} {line}\n" for line in lines)


def is_signed(note: str, text: str, key: Ed25519PublicKey) -> bool:
    """Whether a note is this text with the signature of this key alone."""
    start = f"{text}\n— {ORIGIN} "
    try:
        signature = base64.b64decode(note.removeprefix(start).removesuffix("\n"), validate=True)
        key.verify(signature[4:], text.encode())
    except (ValueError, InvalidSignature):
        return False
    return note.startswith(start) and signature[:4] == _key_hash(key)


def key_id(key: Ed25519PublicKey) -> str:
    """What a key is called: the key hash of C2SP signed-note, in hexadecimal."""
    return _key_hash(key).hex()


def raw(key: Ed25519PublicKey) -> bytes:
    """The 32 bytes of a public key."""
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def _key_hash(key: Ed25519PublicKey) -> bytes:
    return hashlib.sha256(ORIGIN.encode() + b"\n\x01" + raw(key)).digest()[:4]
