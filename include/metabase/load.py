"""Load the dashboard into a Metabase by its API: for editions that cannot import serialized files.

    METABASE_API_KEY=… python include/metabase/load.py https://metabase.example.vn --database dean06

Reads the files beside it. Run it again after an upgrade: collection, cards and dashboard are found
by their names and changed, never doubled. It reads nothing of the warehouse.
"""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

import httpx2 as httpx
import yaml

FOLDER = Path(__file__).resolve().parent / "collections" / "main"
_COLLECTION = FOLDER / "de_an_06.yaml"
_DASHBOARD = FOLDER / "de_an_06" / "dashboard.yaml"
Json = dict[str, Any]


class MetabaseError(RuntimeError):
    """Metabase refused a request, or does not know the warehouse."""


class Metabase:
    """A Metabase that an API key opens."""

    def __init__(self, url: str, key: str) -> None:
        self._client = httpx.Client(base_url=url, headers={"X-API-KEY": key}, timeout=60)

    def ask(self, method: str, path: str, content: Json | None = None) -> Any:
        """One request; returns the JSON. Raises MetabaseError with what Metabase said."""
        try:
            answer = self._client.request(method, path, json=content)
        except httpx.HTTPError as error:
            raise MetabaseError(f"{method} {path}: {type(error).__name__}") from None
        if answer.is_error:
            raise MetabaseError(f"{method} {path}: {answer.status_code} {answer.text[:500]}")
        return answer.json()

    def put(self, kind: str, known: dict[str, int], content: Json) -> int:
        """Change the thing of that name, or make it; returns its number."""
        number = known.get(content["name"])
        if number is None:
            return int(self.ask("POST", f"/api/{kind}", content)["id"])
        self.ask("PUT", f"/api/{kind}/{number}", content)
        return number


def load(metabase: Metabase, database: str) -> int:
    """Load collection, cards and dashboard; returns the number of the dashboard.

    Raises MetabaseError when Metabase has no database of that name, or refuses something.
    """
    source = _database(metabase, database)
    collection = _collection(metabase)
    known = _known(metabase, collection)
    cards = {}
    for file in sorted(_DASHBOARD.parent.glob("*.yaml")):
        if file != _DASHBOARD:
            card = _read(file)
            content = card_content(card, source, collection)
            cards[card["entity_id"]] = metabase.put("card", known["card"], content)
    dashboard = _read(_DASHBOARD)
    head = {key: dashboard[key] for key in ("name", "description", "parameters", "width")}
    head["collection_id"] = collection
    number = metabase.put("dashboard", known["dashboard"], head)
    metabase.ask("PUT", f"/api/dashboard/{number}", {"dashcards": dashcards(dashboard, cards)})
    return number


def card_content(card: Json, database: int, collection: int) -> Json:
    """A card as the API takes it: its query names the database by number."""
    (stage,) = card["dataset_query"]["stages"]
    return {
        "name": card["name"],
        "description": card["description"],
        "display": card["display"],
        "type": card["type"],
        "collection_id": collection,
        "visualization_settings": card["visualization_settings"],
        "dataset_query": {
            "type": "native",
            "database": database,
            "native": {
                "query": stage["native"],
                "template-tags": {tag["name"]: tag for tag in stage["template-tags"]},
            },
        },
    }


def dashcards(dashboard: Json, cards: dict[str, int]) -> list[Json]:
    """Places of cards as the API takes them; a negative number is that of a new place."""
    return [
        {
            **{key: place[key] for key in ("row", "col", "size_x", "size_y")},
            "id": -number,
            "card_id": cards.get(place["card_id"]),
            "visualization_settings": place["visualization_settings"],
            "parameter_mappings": [
                {**mapping, "card_id": cards[mapping["card_id"]]}
                for mapping in place["parameter_mappings"]
            ],
        }
        for number, place in enumerate(dashboard["dashcards"], start=1)
    ]


def _database(metabase: Metabase, name: str) -> int:
    for each in metabase.ask("GET", "/api/database")["data"]:
        if each["name"] == name:
            return int(each["id"])
    raise MetabaseError(f"no database is named {name}: add the warehouse in Metabase first")


def _collection(metabase: Metabase) -> int:
    wanted = _read(_COLLECTION)
    for each in metabase.ask("GET", "/api/collection"):
        if each["name"] == wanted["name"] and not each.get("archived"):
            return int(each["id"])
    content = {"name": wanted["name"], "description": wanted["description"]}
    return int(metabase.ask("POST", "/api/collection", content)["id"])


def _known(metabase: Metabase, collection: int) -> dict[str, dict[str, int]]:
    """Number of each card and dashboard of a collection, by name."""
    found: dict[str, dict[str, int]] = {"card": {}, "dashboard": {}}
    for each in metabase.ask("GET", f"/api/collection/{collection}/items")["data"]:
        found.setdefault(each["model"], {})[each["name"]] = each["id"]
    return found


def _read(file: Path) -> Json:
    return dict(yaml.safe_load(file.read_text(encoding="utf-8")))


def main() -> None:
    """Read the address, and the key from METABASE_API_KEY; exit code 1 with one line on errors."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("url", help="address of Metabase")
    parser.add_argument("--database", default="dean06", help="name of the warehouse in Metabase")
    asked = parser.parse_args()
    key = os.environ.get("METABASE_API_KEY", "")
    if not key:
        sys.exit("METABASE_API_KEY is not set: create an API key in Metabase's admin settings")
    try:
        number = load(Metabase(asked.url, key), asked.database)
    except MetabaseError as error:
        sys.exit(str(error))
    print(f"{asked.url.rstrip('/')}/dashboard/{number}")


if __name__ == "__main__":
    main()
