"""The files for Metabase hold together, and the loader sends what Metabase's API documents.

Written by hand from the documentation of the format and of the API; ``make metabase`` has the files
checked by Metabase's own program, in an environment of its own.
"""

import itertools
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.lib import metabase
from tests.lib.http_servers import PatientServer

CARDS = metabase.cards()
DASHBOARD = metabase.read("dashboard")
COLLECTION = yaml.safe_load((metabase.FOLDER / "collections/main/de_an_06.yaml").read_text())
LOADER = metabase.FOLDER / "load.py"
KEY = "mb_of_this_test"
GRID = 24
NEEDED = {
    "collection": {"name"},
    "card": {"name", "display", "dataset_query", "visualization_settings"},
    "dashboard": {"name"},
}
"""What the API demands of a new thing."""
NEEDED_OF_PLACES = {"id", "row", "col", "size_x", "size_y", "card_id"}


def test_every_thing_has_an_id_of_its_own_and_says_it_twice() -> None:
    things = [COLLECTION, DASHBOARD, *CARDS.values(), *DASHBOARD["dashcards"]]
    ids = [thing["entity_id"] for thing in things]
    assert len(set(ids)) == len(ids) > 30
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{21}", each) for each in ids)
    assert [thing["serdes/meta"][-1]["id"] for thing in things] == ids


def test_all_is_in_the_collection_and_asks_one_database() -> None:
    assert {each["collection_id"] for each in (*CARDS.values(), DASHBOARD)} == {
        COLLECTION["entity_id"]
    }
    assert {card["dataset_query"]["database"] for card in CARDS.values()} == {"dean06"}


def test_the_dashboard_shows_every_card_once_and_no_two_on_one_place() -> None:
    places = DASHBOARD["dashcards"]
    shown = [place["card_id"] for place in places if place["card_id"]]
    assert sorted(shown) == sorted(card["entity_id"] for card in CARDS.values())
    taken = [
        (row, col)
        for place in places
        for row in range(place["row"], place["row"] + place["size_y"])
        for col in range(place["col"], place["col"] + place["size_x"])
    ]
    assert len(set(taken)) == len(taken)
    assert max(col for _, col in taken) < GRID
    first = min(places, key=lambda place: (place["row"], place["col"]))
    assert first["card_id"] == CARDS["targets"]["entity_id"], "targets come first"


@pytest.mark.parametrize("name", CARDS)
def test_tags_are_defined_and_filled_by_the_filters_of_the_dashboard(name: str) -> None:
    card = CARDS[name]
    assert metabase.named_tags(card) == metabase.tags(card).keys()
    filters = {each["id"]: each for each in DASHBOARD["parameters"]}
    (place,) = (p for p in DASHBOARD["dashcards"] if p["card_id"] == card["entity_id"])
    filled = {}
    for mapping in place["parameter_mappings"]:
        assert mapping["card_id"] == card["entity_id"]
        variable, (kind, tag) = mapping["target"]
        assert (variable, kind) == ("variable", "template-tag")
        filled[tag] = filters[mapping["parameter_id"]]["slug"]
    assert filled == {tag: tag for tag in metabase.tags(card)}


@pytest.mark.parametrize("name", CARDS)
def test_numbers_are_written_as_in_vietnam(name: str) -> None:
    for column, shown in CARDS[name]["visualization_settings"]["column_settings"].items():
        if {"number_style", "decimals"} & shown.keys():
            assert shown["number_separators"] == ",.", column
        assert shown.get("number_separators", ",.") == ",."


def test_there_is_no_password_and_no_address() -> None:
    text = "".join(file.read_text(encoding="utf-8") for file in metabase.FOLDER.rglob("*.yaml"))
    assert "password" not in text.lower()
    assert "http" not in text


class _Documented(BaseHTTPRequestHandler):
    """What Metabase's API documents of the requests that the loader sends; no more of Metabase."""

    server: "_Server"

    def _answer(self, status: int, content: Any) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _content(self) -> dict[str, Any]:
        return dict(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def do_GET(self) -> None:
        if self.headers["X-API-KEY"] != KEY:
            return self._answer(401, "Unauthenticated")
        kept = self.server.kept
        if self.path == "/api/database":
            return self._answer(200, {"data": [{"id": 7, "name": "dean06"}], "total": 1})
        if self.path == "/api/collection":
            return self._answer(200, [{"id": "root", "name": "Our analytics"},
                                      *kept["collection"].values()])  # fmt: skip
        items = [
            {"id": number, "name": thing["name"], "model": kind}
            for kind in ("card", "dashboard")
            for number, thing in kept[kind].items()
        ]
        return self._answer(200, {"data": items})

    def do_POST(self) -> None:
        kind, content = self.path.rsplit("/", 1)[1], self._content()
        if not NEEDED[kind] <= content.keys():
            return self._answer(400, {"errors": sorted(NEEDED[kind] - content.keys())})
        number = next(self.server.numbers)
        self.server.kept[kind][number] = {**content, "id": number}
        return self._answer(200, {"id": number})

    def do_PUT(self) -> None:
        kind, number = self.path.rsplit("/", 2)[1:]
        content = self._content()
        for place in content.get("dashcards", []):
            if not place.keys() >= NEEDED_OF_PLACES:
                return self._answer(400, {"errors": sorted(place)})
        self.server.kept[kind][int(number)].update(content)
        return self._answer(200, {"id": int(number)})

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class _Server(PatientServer):
    """What was made, by kind and number."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Documented)
        self.kept: dict[str, dict[int, Any]] = {"collection": {}, "card": {}, "dashboard": {}}
        self.numbers = itertools.count(1)


@pytest.fixture
def server() -> Iterator[_Server]:
    server = _Server()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def _load(server: _Server, *words: str, key: str = KEY) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, LOADER, f"http://127.0.0.1:{server.server_port}", *words],
        env={"METABASE_API_KEY": key, "PATH": "/usr/bin:/bin"},
        capture_output=True, text=True, check=False, cwd=Path(__file__).parent,
    )  # fmt: skip


def test_the_loader_makes_everything_once(server: _Server) -> None:
    for _ in range(2):
        done = _load(server)
        assert done.returncode == 0, done.stderr
    kept = server.kept
    assert {kind: len(things) for kind, things in kept.items()} == {
        "collection": 1, "card": len(CARDS), "dashboard": 1,
    }  # fmt: skip
    ((number, dashboard),) = kept["dashboard"].items()
    assert done.stdout.strip().endswith(f"/dashboard/{number}")
    by_name = {card["name"]: card for card in kept["card"].values()}
    for card in CARDS.values():
        made = by_name[card["name"]]
        assert made["dataset_query"]["database"] == 7
        assert made["dataset_query"]["native"]["query"] == metabase.text(card)
        assert made["dataset_query"]["native"]["template-tags"] == metabase.tags(card)
    numbers = {card["name"]: number for number, card in kept["card"].items()}
    of_ids = {card["entity_id"]: numbers[card["name"]] for card in CARDS.values()}
    assert [place["card_id"] for place in dashboard["dashcards"]] == [
        of_ids.get(place["card_id"]) for place in DASHBOARD["dashcards"]
    ]
    assert all(place["id"] < 0 for place in dashboard["dashcards"])
    assert dashboard["parameters"] == DASHBOARD["parameters"]


def test_what_metabase_refuses_is_said_in_a_line(server: _Server) -> None:
    refused = _load(server, key="another")
    assert (refused.returncode, refused.stderr) == (1, 'GET /api/database: 401 "Unauthenticated"\n')
    unknown = _load(server, "--database", "other")
    assert unknown.stderr == "no database is named other: add the warehouse in Metabase first\n"
    assert "METABASE_API_KEY is not set" in _load(server, key="").stderr
    assert server.kept["card"] == {}
