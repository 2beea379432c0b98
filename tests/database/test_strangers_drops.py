"""Workbook indexes and SFTP drops as tools write them; drops that are still being written."""

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from dean06.errors import ContractError, Dean06Error, ManifestMismatchError, SourceError
from dean06.sources import Endpoint
from tests.lib.errors import said_by
from tests.lib.loading import rows
from tests.lib.strangers_accounts import DAY
from tests.lib.strangers_http import (
    STRANGERS,
    Answer,
    Request,
    endpoint,
    serving,
    sync,
)
from tests.lib.strangers_sftp import drop, outbox

pytestmark = pytest.mark.usefixtures("warehouse")


@pytest.mark.parametrize(
    ("index", "told"),
    [
        ({"total": 1}, "lists 0 workbooks but states 1"),
        ({"workbooks": []}, "missing required field `total`"),
        ({"total": 1, "workbooks": [{"name": "a.xlsx"}]}, r"at `\$\.workbooks\[0\]`"),
        (
            {"total": 1, "workbooks": [{"name": "../a", "candidates": 1, "sha256": "0" * 64}]},
            r"workbooks\[0\]\.name must be the name of a file",
        ),
        (
            {"total": 1, "workbooks": [{"name": "a\x1b[31m", "candidates": 1, "sha256": "0" * 64}]},
            r"workbooks\[0\]\.name must be the name of a file",
        ),
        (
            {"total": 1, "workbooks": [{"name": "a", "candidates": "1,0", "sha256": "0" * 64}]},
            r"workbooks\[0\]\.candidates must be a whole number",
        ),
        (
            {"total": 1, "workbooks": [{"name": "a", "candidates": 1, "sha256": "082190000001"}]},
            r"workbooks\[0\]\.sha256 must be a SHA-256 in hex",
        ),
    ],
)
def test_an_index_that_cannot_be_used_is_refused_by_the_name_of_its_member(
    index: dict[str, Any], told: str
) -> None:
    with serving(lambda _: Answer(index)) as server, pytest.raises(Dean06Error, match=told) as seen:
        sync(endpoint(server.url), "education", "one", DAY)
    assert "082190000001" not in str(seen.value)
    assert "\x1b" not in str(seen.value)


@pytest.mark.parametrize("packed", [False, True])
def test_a_workbook_is_the_one_of_its_digest_in_any_case_and_coding(packed: bool) -> None:
    content = _workbook()
    entry = {
        "name": "hoi-dong.xlsx", "candidates": "1",
        "sha256": hashlib.sha256(content).hexdigest().upper(),
    }  # fmt: skip
    headers = {"content-encoding": "x-gzip"} if packed else {}

    def respond(request: Request) -> Answer:
        if request.path.endswith("index.json"):
            return Answer({"total": "1", "workbooks": [entry]})
        return Answer(gzip.compress(content) if packed else content, headers=headers)

    with serving(respond) as server:
        sync(endpoint(server.url), "education", "one", DAY)
    assert rows("select received_count from ops.load") == [(1,)]


def _workbook() -> bytes:
    from tests.unit.test_sources import FIXTURES, _given

    fixture = json.loads((FIXTURES / "education" / "exam_registration.json").read_text("utf-8"))
    rows_given = fixture["given"]["rows"]
    header = next(n for n, row in enumerate(rows_given) if "Số báo danh" in row)
    fixture["given"]["rows"] = rows_given[: header + 3]
    return _given(fixture).read()


# Drops


DROP = STRANGERS / "33-upper-case-sha256"
P1 = (DROP / "p1.csv.gz").read_bytes()
MANIFEST = json.loads((DROP / "manifest.json").read_text())
GZIP = STRANGERS / "36-gzip-members"


def manifest_of(content: bytes, number: int = 1, **changes: Any) -> dict[str, Any]:
    digest = hashlib.sha256(content).hexdigest()
    entry = {"name": "p1.csv.gz", "rows": number, "bytes": len(content), "sha256": digest}
    return {**MANIFEST, "files": [{**entry, **changes}]}


def insurance(root: Path, **extra: Any) -> None:
    with outbox(root, **extra) as place:
        sync(place, "insurance", "one", DAY)


def insured() -> list[str]:
    return [k for (k,) in rows("select bhxh_code from core.insurance__participant order by 1")]


@pytest.mark.parametrize(
    "manifest",
    [
        MANIFEST,
        manifest_of(P1, bytes=str(len(P1)), rows="1"),
        manifest_of(P1, sha256=f"{hashlib.sha256(P1).hexdigest()} *p1.csv.gz\n"),
        manifest_of(P1, sha256=f"{hashlib.sha256(P1).hexdigest().upper()}  p1.csv.gz"),
    ],
)
def test_a_drop_may_write_its_digests_and_sizes_as_tools_do(tmp_path: Path, manifest: Any) -> None:
    drop(tmp_path, DAY, manifest, p1=P1)
    insurance(tmp_path)
    assert insured() == ["8200000001"]


def test_what_else_lies_in_the_outbox_is_none_of_ours(tmp_path: Path) -> None:
    drop(tmp_path, DAY, MANIFEST, p1=P1)
    for name in (".cache", "2022-10-30.partial", "2022-13-45", "lost+found", "1999"):
        (tmp_path / "outbox" / name).mkdir()
    (tmp_path / "outbox" / "README.txt").write_text("x")
    insurance(tmp_path)
    assert insured() == ["8200000001"]


@pytest.mark.parametrize("name", ["manifest-half.json", "manifest-empty.json"])
def test_a_manifest_that_is_still_written_is_late_and_read_the_next_time(
    tmp_path: Path, name: str
) -> None:
    half = (STRANGERS / "34-drop-still-being-written" / name).read_bytes()
    drop(tmp_path, DAY, half, p1=P1)
    with pytest.raises(SourceError, match=r"not complete JSON: the upload may be in progress"):
        insurance(tmp_path)
    drop(tmp_path, DAY, MANIFEST)
    insurance(tmp_path)
    assert insured() == ["8200000001"]


def test_a_file_that_is_still_written_is_late_and_read_the_next_time(tmp_path: Path) -> None:
    drop(tmp_path, DAY, MANIFEST, p1=P1[:100])
    with pytest.raises(SourceError, match=r"says 213 bytes, the file has 100: .* \(late\)"):
        insurance(tmp_path)
    drop(tmp_path, DAY, MANIFEST, p1=P1)
    insurance(tmp_path)
    assert insured() == ["8200000001"]


@pytest.mark.parametrize(
    ("manifest", "extra", "told"),
    [
        (manifest_of(P1[:-1]), {}, "says 212 bytes, the file has more"),
        (manifest_of(P1, bytes=10**17), {}, "more than 21474836480 bytes"),
        (manifest_of(P1), {"max_bytes": 300}, "more than 300 bytes"),
        (
            {**MANIFEST, "files": [{**MANIFEST["files"][0], "name": name} for name in "ab"]},
            {"max_files": 1},
            "more than 1 files",
        ),
        (manifest_of(P1, name="../../../etc/passwd"), {}, r"files\[0\]\.name must be the name"),
        (manifest_of(P1, name="a\x1b[31m\n"), {}, r"files\[0\]\.name must be the name"),
        (manifest_of(P1, sha256="x"), {}, r"files\[0\]\.sha256 must be a SHA-256"),
        (manifest_of(P1, rows=None), {}, r"Expected `int \| str`, got `null` - at `\$\.files\[0\]"),
        ([], {}, r"the manifest of 2022-10-31 cannot be used: Expected `object`"),
        ({**MANIFEST, "dataset": "other"}, {}, "does not belong to participant"),
    ],
)
@pytest.mark.one_in(3)
def test_a_drop_that_is_not_as_agreed_is_refused_before_it_is_read(
    tmp_path: Path, manifest: Any, extra: dict[str, Any], told: str
) -> None:
    drop(tmp_path, DAY, manifest, p1=P1)
    with pytest.raises(ContractError, match=told) as raised:
        insurance(tmp_path, **extra)
    assert "\x1b" not in said_by(raised.value)
    assert "passwd" not in said_by(raised.value)


def test_a_file_with_another_digest_is_damaged(tmp_path: Path) -> None:
    drop(tmp_path, DAY, manifest_of(P1), p1=bytes(len(P1)))
    with pytest.raises(ManifestMismatchError, match="manifest says SHA-256"):
        insurance(tmp_path)


@pytest.mark.parametrize(
    ("name", "keys"), [("two", ["8200000001", "8200000002"]), ("padded", ["8200000001"])]
)
def test_a_file_of_several_gzip_members_is_read_whole(
    tmp_path: Path, name: str, keys: list[str]
) -> None:
    content = (GZIP / f"{name}.csv.gz").read_bytes()
    drop(tmp_path, DAY, manifest_of(content, len(keys)), p1=content)
    insurance(tmp_path)
    assert insured() == keys


def test_garbage_behind_a_gzip_member_is_refused_with_its_cause(tmp_path: Path) -> None:
    content = (GZIP / "garbage.csv.gz").read_bytes()
    drop(tmp_path, DAY, manifest_of(content), p1=content)
    with pytest.raises(ManifestMismatchError, match="cut short or damaged"):
        insurance(tmp_path)


def test_who_cannot_be_reached_is_told_without_its_words(tmp_path: Path) -> None:
    with outbox(tmp_path) as place:
        pass
    with pytest.raises(SourceError, match=r"sftp 127\.0\.0\.1: \w+"):
        sync(Endpoint(place.url, "a", "b", place.extra), "insurance", "one", DAY)
