"""Check: warehouse, log and folder of signed publications say the same.

For whoever has the warehouse. Who has the folder alone runs ``verify.py``.
"""

import json
from collections.abc import Iterator
from typing import Any

from airflow.sdk import ObjectStoragePath

from dean06.details.detail import detail
from dean06.errors import TrailError
from dean06.proof import keys, record, signing
from dean06.proof.merkle import Tree, leaf_hash
from dean06.warehouse import Session, sql_file, transaction


def verify() -> tuple[int, list[str]]:
    """Compare values with the log, the log with what was signed, and the files with both.

    Returns how many publications the log has, and what does not hold: a sentence each.
    """
    with transaction() as session:
        leaves = signing.leaves_of(session)
        tree = Tree([bytes(leaf.leaf_hash) for leaf in leaves])
        found = list(_of_the_log(session, leaves, tree))
        for place, leaf in enumerate(leaves):
            found += _of_a_publication(session, place, leaf)
        found += _of_the_folder(session, leaves, tree, signing.root())
    return len(leaves), found


def require_whole() -> int:
    """How many publications are signed. Raises TrailError naming what does not hold."""
    size, found = verify()
    if found:
        raise TrailError(detail("publications_fail", places=len(found), first=found[0]))
    return size


def _of_the_log(session: Session, leaves: list[Any], tree: Tree) -> Iterator[str]:
    if signing.not_continued(keys.load(), tree, len(leaves)):
        yield "the log is not the one that was signed: it is shorter, or has another history"
    for row in session.rows(sql_file("proof/unrecorded.sql")):
        yield f"publication {row.publication_id}: it is not in the log"


def _of_a_publication(session: Session, place: int, leaf: Any) -> list[str]:
    name = f"publication {leaf.publication_id}"
    if leaf.place != place:
        return [f"{name}: its `place` in the log is {leaf.place} (counted from 0), not {place}"]
    body = record.body_of(session, leaf.place)
    if leaf_hash(body) != bytes(leaf.leaf_hash):
        return [f"{name}: its content in ops.publication_leaf was changed"]
    first, _, values = body.partition(b"\n")
    found = []
    if values != record.values_of(session, leaf.publication_id):
        found.append(f"{name}: mart.kpi_value differs from what was published")
    defined = json.loads(first.removeprefix(b"# "))["definitions"]
    if not _same_definitions(defined, record.definitions_of(session, leaf.publication_id)):
        found.append(f"{name}: mart.kpi_definition differs from the definition it was built with")
    return found


def _same_definitions(published: list[list[Any]], stored: list[list[Any]]) -> bool:
    """Whether the stored fingerprints are the published ones. One that was published before words
    were left out of fingerprints can only be compared with its own kind."""
    return len(published) == len(stored) and all(
        then == now or (then[:2] == now[:2] and _way(then[2]) < _way(now[2]))
        for then, now in zip(published, stored, strict=True)
    )


def _way(fingerprint: str | None) -> str:
    """How it was computed (``dean06.kpi.digest``): "2" without words, "" with them."""
    return (fingerprint or "").rpartition(":")[0]


def _of_the_folder(
    session: Session, leaves: list[Any], tree: Tree, folder: ObjectStoragePath
) -> Iterator[str]:
    """Files that are missing or others than the warehouse says."""
    heads, false = signing.heads_of(session, keys.load(), leaves, tree)
    yield from false
    for leaf in leaves:
        signed = heads.get(leaf.place + 1, {})
        if not signed:
            yield f"publication {leaf.publication_id}: it is not signed yet"
            continue
        body, proof = record.body_of(session, leaf.place), signing.proof_text(leaf, tree)
        expected = {
            name: content
            for key_id, note in signed.items()
            for name, content in zip(
                signing.names_of(leaf, key_id), (body, proof, note.encode()), strict=True
            )
        }
        for name, content in expected.items():
            if _differs(folder.joinpath(*name.split("/")), content):
                yield f"{name}: missing, or not what was signed"


def _differs(path: ObjectStoragePath, body: bytes) -> bool:
    return not path.exists() or path.read_bytes() != body
