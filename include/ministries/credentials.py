"""Random credentials: one file for the servers, one for their client. Never logged."""

import json
import os
import secrets
from pathlib import Path
from typing import Any

import asyncssh
from joserfc.jwk import RSAKey

from .errors import InputError

Credentials = dict[str, dict[str, str]]
_CLIENT = "dean06"
_WITH_PASSWORD = ("police", "insurance", "education", "portal", "programme")


def generate() -> tuple[Credentials, Credentials]:
    """New credentials: (for the servers, for the client)."""
    host_key = asyncssh.generate_private_key("ssh-ed25519")
    smart_key = RSAKey.generate_key(2048, private=True)
    kid = secrets.token_hex(8)
    password = {name: secrets.token_urlsafe(24) for name in _WITH_PASSWORD}
    host_public = host_key.export_public_key().decode().strip()
    server: Credentials = {
        "police": {
            "client_id": _CLIENT,
            "client_secret": password["police"],
            "signing_key": secrets.token_hex(32),
        },
        "insurance": {
            "username": _CLIENT,
            "password": password["insurance"],
            "host_private_key": host_key.export_private_key().decode(),
        },
        "health": {
            "client_id": _CLIENT,
            "public_key": smart_key.as_pem(private=False).decode(),
            "kid": kid,
            "signing_key": secrets.token_hex(32),
        },
        "education": {"username": _CLIENT, "password": password["education"]},
        "portal": {
            "client_id": _CLIENT,
            "client_secret": password["portal"],
            "signing_key": secrets.token_hex(32),
        },
        "programme": {"username": _CLIENT, "password": password["programme"]},
    }
    client: Credentials = {
        "police": {"client_id": _CLIENT, "client_secret": password["police"]},
        "insurance": {
            "username": _CLIENT,
            "password": password["insurance"],
            "host_key": " ".join(host_public.split()[:2]),
        },
        "health": {
            "client_id": _CLIENT,
            "private_key": smart_key.as_pem(private=True).decode(),
            "kid": kid,
        },
        "education": {"username": _CLIENT, "password": password["education"]},
        "portal": {"client_id": _CLIENT, "client_secret": password["portal"]},
        "programme": {"username": _CLIENT, "password": password["programme"]},
    }
    return server, client


def write(path: Path, credentials: Credentials) -> None:
    """Write a file only its owner can read."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o600)
        json.dump(credentials, file, indent=1)
        file.write("\n")


def read(path: Path) -> Credentials:
    """Read the servers' file; errors name the missing field, never a value."""
    try:
        document: Any = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError("credentials", f"there is no file {path}") from None
    except json.JSONDecodeError:
        raise InputError("credentials", f"{path} is not JSON") from None
    needed = {
        "police": ("client_id", "client_secret", "signing_key"),
        "insurance": ("username", "password", "host_private_key"),
        "health": ("client_id", "public_key", "kid", "signing_key"),
        "education": ("username", "password"),
        "portal": ("client_id", "client_secret", "signing_key"),
        "programme": ("username", "password"),
    }
    for source, names in needed.items():
        for name in names:
            if not isinstance(document.get(source, {}).get(name), str):
                raise InputError(f"credentials.{source}.{name}", f"is missing from {path}")
    result: Credentials = document
    return result
