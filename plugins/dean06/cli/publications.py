"""Commands about signed publications: sign, check, and the keys that sign them."""

import logging
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from dean06.cli.console import end_with_differences, plain_errors
from dean06.errors import Dean06Error

app = typer.Typer()


@app.command()
def sign_publications() -> None:
    """Sign publications that are not signed yet, and write their files."""
    from dean06.proof import signing

    logging.basicConfig(level=logging.INFO, format="%(message)s")
    with plain_errors():
        done = signing.sign_due()
        if done.size:
            print(f"Signed publications in the log: {done.size}; number of the newest: "
                  f"{done.publication_id}. Files: {signing.root()}")  # fmt: skip
        else:
            print("Nothing is published yet, so nothing was signed.")


@app.command()
def verify_publications() -> None:
    """Check that published values, the log, its signed heads and the written files agree."""
    from dean06.proof import check

    with plain_errors():
        size, found = check.verify()
    end_with_differences(f"{size} publications", found)


@app.command()
def publication_key(
    file: Annotated[Path, typer.Argument(help="New file for the public key, in PEM.")],
) -> None:
    """Write the public key for checking publications; do not send it with the files."""
    from dean06.proof import keys

    with plain_errors():
        key = keys.newest()
        keys.write_public(key, file)
    print(f"key {key.id}: {file}")


@app.command()
def rotate_publication_key(
    days: Annotated[int, typer.Option(min=0, help="Days for which the old key also signs.")] = 30,
) -> None:
    """Make a new key for publications; the old key certifies it and also signs for a time."""
    from dean06.proof import signing

    with plain_errors():
        made = signing.rotate_key(timedelta(days=days))
    print(f"key {made.id} signs from now on: back up DEAN06_PUBLICATION_KEYS, and give readers the "
          "new public key (publication-key)")  # fmt: skip


@app.command()
def revoke_publication_key(
    key: Annotated[str, typer.Argument(help="ID of the key: 8 characters, as in names of heads.")],
) -> None:
    """Revoke a key that others may have; another key signs the newest head again."""
    from dean06.proof import signing

    with plain_errors():
        other = signing.revoke_key(key)
    print(f"key {key} is revoked, key {other.id} now signs: notify readers, and give them the "
          "public key of the new one (publication-key)")  # fmt: skip


@app.command()
def recompute(
    publication: Annotated[int, typer.Option(help="Number of the publication.")] = 0,
    sample: Annotated[
        int, typer.Option(min=0, help="How many publications to choose at random.")
    ] = 0,
    seed: Annotated[
        int, typer.Option(help="The same seed chooses the same publications. Default: a new one.")
    ] = 0,
) -> None:
    """Compute past publications again from the data of that time, and compare every value."""
    from dean06.cli import recomputed

    with plain_errors():
        if bool(publication) == bool(sample):
            raise Dean06Error("give either --publication or --sample")
        is_equal = recomputed.one(publication) if publication else recomputed.drawn(sample, seed)
    raise typer.Exit(0 if is_equal else 1)
