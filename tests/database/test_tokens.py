"""Person tokens: who gets one, what cannot be known from them, and a key that changes."""

import hashlib
import hmac
import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dean06 import settings
from dean06.errors import Dean06Error
from dean06.identity import tokens
from dean06.warehouse import Session, transaction
from tests.lib.loading import rows
from tests.lib.persons import load, record

pytestmark = pytest.mark.usefixtures("warehouse")
PEOPLE = [f"0821900000{n:02d}" for n in range(7)]


@pytest.fixture(autouse=True)
def key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "keys" / "token_keys.json"
    monkeypatch.setenv("DEAN06_TOKEN_KEYS", str(path))
    return path


def reside(*people: str) -> None:
    load("police.resident", *(record("police.resident", personal_id=one) for one in people))


def held() -> dict[str, uuid.UUID]:
    return dict(rows("select personal_id, person_token from ops.person_token"))


def computed(path: Path, version: int) -> dict[str, uuid.UUID]:
    """By the definition: the first 128 bits of HMAC-SHA256 under the file's key."""
    key = bytes.fromhex(json.loads(path.read_text())[str(version)])
    digests = {one: hmac.new(key, one.encode(), hashlib.sha256).digest() for one in PEOPLE}
    return {one: uuid.UUID(bytes=digest[:16]) for one, digest in digests.items()}


def test_everybody_in_the_registry_gets_one_token_and_keeps_it(key_file: Path) -> None:
    reside(*PEOPLE[:6])
    assert tokens.give() == 6
    first = held()
    reside(PEOPLE[6])
    assert tokens.give() == 1
    assert tokens.give() == 0
    assert held() == computed(key_file, 1)
    assert first.items() <= held().items()


def test_rounds_reach_everybody_once(monkeypatch: pytest.MonkeyPatch, key_file: Path) -> None:
    monkeypatch.setattr(tokens, "_AT_A_TIME", 2)
    reside(*PEOPLE)
    assert tokens.give() == 7
    assert held() == computed(key_file, 1)


def test_the_key_is_nowhere_in_the_warehouse(key_file: Path) -> None:
    reside(*PEOPLE)
    tokens.give()
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert key_file.parent.stat().st_uid == key_file.stat().st_uid
    (known,) = rows("select * from ops.token_key")
    (key,) = json.loads(key_file.read_text()).values()
    assert key not in str(known)
    assert len(bytes.fromhex(key)) == 32


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.unlink(),
        lambda path: path.write_text(json.dumps({"1": "00" * 32})),
        lambda path: path.write_text(json.dumps({"2": "00" * 32})),
        lambda path: path.write_text('["key"]'),
        lambda path: path.write_text("no JSON"),
    ],
)
def test_another_key_file_is_refused_and_changes_nothing(
    key_file: Path, spoil: Callable[[Path], Any]
) -> None:
    reside(*PEOPLE[:6])
    tokens.give()
    before = held()
    spoil(key_file)
    reside(PEOPLE[6])
    for step in (tokens.give, tokens.rotate):
        with pytest.raises(Dean06Error, match=r"token_keys\.json"):
            step()
    assert held() == before


def test_rotation_gives_everybody_another_token_and_forgets_the_key(key_file: Path) -> None:
    reside(*PEOPLE)
    tokens.give()
    before = held()
    core = rows("select xmin::text, ctid::text from core.police__resident order by ctid")
    assert tokens.rotate() == 2
    after = held()
    assert after == computed(key_file, 2)
    assert not set(after.values()) & set(before.values())
    assert list(json.loads(key_file.read_text())) == ["2"]
    assert rows("select xmin::text, ctid::text from core.police__resident order by ctid") == core
    assert tokens.rotate() == 3


def test_readers_see_old_tokens_until_all_are_new(monkeypatch: pytest.MonkeyPatch) -> None:
    reside(*PEOPLE)
    tokens.give()
    before, seen = held(), []
    give = tokens._give

    def watched(session: Session, key: bytes) -> int:
        given = give(session, key)
        seen.append(held())
        return given

    monkeypatch.setattr(tokens, "_give", watched)
    tokens.rotate()
    assert seen == [before]
    assert held() != before


class _Killed(BaseException):
    pass


@pytest.mark.parametrize("step", ["_give", "_remember", "first _write", "last _write"])
def test_a_rotation_that_was_cut_short_is_finished_not_repeated(
    step: str, monkeypatch: pytest.MonkeyPatch, key_file: Path
) -> None:
    reside(*PEOPLE)
    tokens.give()
    name = step.split()[-1]
    real, calls = getattr(tokens, name), []
    at = 2 if step == "last _write" else 1

    def killed(*arguments: Any) -> Any:
        calls.append(arguments)
        if len(calls) == at:
            raise _Killed
        return real(*arguments)

    monkeypatch.setattr(tokens, name, killed)
    with pytest.raises(_Killed):
        tokens.rotate()
    monkeypatch.setattr(tokens, name, real)
    reside(PEOPLE[0])
    assert tokens.give() == 0, "the tokens that hold can still be made"
    assert tokens.rotate() == 2
    assert held() == computed(key_file, 2)
    assert list(json.loads(settings.token_keys().read_text())) == ["2"]


def test_who_reads_facts_cannot_read_whose_tokens_they_are() -> None:
    for role in ("dean06_analyst", "dean06_bi", "dean06_steward", "dean06_ui"):
        with transaction(role="") as session:
            asked = "select has_table_privilege(:role, 'ops.person_token', 'select') as may"
            assert session.one(asked, role=role).may is False
