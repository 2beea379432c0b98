"""Private files: for their owner alone from the first byte, whole or not at all, in their place."""

import hashlib
import io
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from airflow.sdk import ObjectStoragePath
from airflow.sdk.io import attach
from fsspec.implementations.memory import (  # type: ignore[import-untyped]  # has no types
    MemoryFileSystem,
)

from dean06 import contract, storage
from dean06.errors import Dean06Error
from dean06.load import landing
from dean06.sources import Piece


@pytest.fixture(autouse=True)
def open_to_all() -> Iterator[None]:
    """An account whose files are for everybody unless a program says otherwise."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


def put(target: Path, body: bytes) -> bool:
    digest = hashlib.sha256(body).hexdigest()
    return storage.put(io.BytesIO(body), ObjectStoragePath(target.as_uri()), digest)


def test_nobody_else_reads_a_file_while_it_is_written(tmp_path: Path) -> None:
    target = tmp_path / "answer.json"
    with storage.private_file(target) as output:
        output.write(b"x")
        (partial,) = tmp_path.iterdir()
        assert (mode(partial), target.exists()) == ("0o600", False)
    assert (mode(target), target.read_bytes(), list(tmp_path.iterdir())) == (
        "0o600", b"x", [target],
    )  # fmt: skip


def test_it_is_on_the_disk_before_it_is_in_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, seen, flush = tmp_path / "key", list[tuple[bool, bool]](), os.fsync

    def noted(descriptor: int) -> None:
        seen.append((stat.S_ISDIR(os.fstat(descriptor).st_mode), target.exists()))
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    storage.write_private("x", target)
    assert seen == [(False, False), (True, True)]


@pytest.mark.parametrize("is_link", [False, True])
def test_what_is_there_is_neither_written_over_nor_followed(tmp_path: Path, is_link: bool) -> None:
    target, other = tmp_path / "answer.json", tmp_path / "other"
    other.write_text("kept")
    if is_link:
        target.symlink_to(other)
    else:
        target.write_text("kept")
    with pytest.raises(Dean06Error, match="already exists"):
        storage.write_private("secret", target)
    assert (target.read_text(), other.read_text()) == ("kept", "kept")
    storage.write_private("secret", target, replaces=True)
    assert (target.read_text(), target.is_symlink(), other.read_text()) == ("secret", False, "kept")
    assert {path.name for path in tmp_path.iterdir()} == {"answer.json", "other"}


def test_what_fails_leaves_nothing_and_takes_nothing_away(tmp_path: Path) -> None:
    target = tmp_path / "key"
    target.write_text("kept")

    def write() -> None:
        with storage.private_file(target, replaces=True) as output:
            output.write(b"half")
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        write()
    assert ([path.name for path in tmp_path.iterdir()], target.read_text()) == (["key"], "kept")


def test_what_lands_is_for_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "landing"
    monkeypatch.setenv("DEAN06_LANDING", root.as_uri())
    dataset = contract.load("police").dataset("resident")
    landing.land(dataset, Piece("page-1", "ndjson", io.BytesIO(b"{}\n"), 1), 1)
    (file,) = [path for path in root.rglob("*") if path.is_file()]
    assert (mode(root), mode(file.parent), mode(file)) == ("0o700", "0o700", "0o600")


def test_bytes_that_are_there_are_kept_and_closed_to_others(tmp_path: Path) -> None:
    target = tmp_path / "landing" / "file"
    assert put(target, b"x")
    target.chmod(0o644)  # as an earlier version of dean06 left it
    assert (put(target, b"x"), mode(target)) == (False, "0o600")
    assert put(target, b"y")


def test_a_store_that_is_no_file_system_gets_the_file_whole() -> None:
    attach("memory", fs=MemoryFileSystem())
    target = ObjectStoragePath("memory://landing/police/file")
    digest = hashlib.sha256(b"x").hexdigest()
    assert storage.put(io.BytesIO(b"x"), target, digest)
    assert not storage.put(io.BytesIO(b"x"), target, digest)
    assert [path.name for path in target.parent.iterdir()] == ["file"]
