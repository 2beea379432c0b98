"""Commands about tokens of the API."""

import sys
from typing import Annotated

import typer
from rich.table import Table

from dean06.cli.console import console_of, plain, plain_errors, sealed

app = typer.Typer()


@app.command()
def api_token(
    name: Annotated[str, typer.Argument(help="The program or office that will use it.")],
    scope: Annotated[
        list[str] | None,
        typer.Option(help="values, revisions or proofs; repeatable. Default: values."),
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=3660, help="Days until it expires.")] = 365,
    per_minute: Annotated[
        int, typer.Option(min=1, max=100_000, help="Requests that it may send in a minute.")
    ] = 120,
) -> None:
    """Make a token for a program that reads the API; print it once. Only its hash is stored."""
    from dean06.api import tokens

    with sealed():
        number, text, expires_at = tokens.make(name, scope or ["values"], days, per_minute)
    print(f"token {number}, valid until {expires_at:%Y-%m-%d}; it is not shown again:",
          file=sys.stderr)  # fmt: skip
    print(text)


@app.command()
def api_tokens() -> None:
    """List the tokens of the API with their holders, scopes and expiry."""
    from dean06.api import tokens

    with plain_errors():
        found = tokens.listed()
    table = Table("token", "name", "scopes", "per minute", "made", "by", "expires", "state")
    for row in found:
        state = "valid" if row.is_valid else "revoked" if row.revoked_at else "expired"
        table.add_row(
            str(row.token_id), plain(row.name), " ".join(row.scopes), str(row.per_minute),
            f"{row.made_at:%Y-%m-%d}", row.made_by, f"{row.expires_at:%Y-%m-%d}", state,
        )  # fmt: skip
    console_of().print(table if found else "There are no tokens.")


@app.command()
def revoke_api_token(
    number: Annotated[int, typer.Argument(help="Number of the token, as api-tokens lists it.")],
) -> None:
    """End a token before it expires. Servers accept it for up to ten more seconds."""
    from dean06.api import tokens

    with sealed():
        tokens.revoke(number)
    print(f"token {number} is revoked")
