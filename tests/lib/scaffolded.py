"""The dataset that a new source of a kind begins with."""

from functools import cache

from dean06 import contract
from dean06.cli import scaffold
from dean06.contract import Dataset


@cache
def scaffolded(kind: str) -> Dataset:
    """``land.land_record`` as ``new-source`` writes its contract."""
    text = scaffold.contract_text("land", kind, "land_record")
    return contract.parse(text, "land.yaml").dataset("land_record")
