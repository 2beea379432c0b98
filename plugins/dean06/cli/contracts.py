"""Commands about contracts: what a change of one breaks."""

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from dean06 import contract, settings
from dean06.cli.console import console_of, plain_errors
from dean06.contract import Contract
from dean06.errors import ContractError

if TYPE_CHECKING:
    from dean06.schema.contract_diff import Change

app = typer.Typer()


@app.command()
def contract_diff(
    old: Annotated[
        Path | None, typer.Argument(help="An earlier contract, or a folder of contracts.")
    ] = None,
    since: Annotated[str, typer.Option(help="Compare with this git revision instead.")] = "",
) -> None:
    """List breaking and compatible changes of contracts, and what they affect; exit 1 when a
    version was not bumped enough."""
    with plain_errors():
        texts = _of_revision(since) if since else _of_files(old)
        wrong = [problem for name, text in texts.items() if (problem := _compare(name, text))]
        if wrong:
            raise ContractError("; ".join(wrong))


def _compare(name: str, text: str) -> str | None:
    """Print what changed in a contract; returns what is wrong with its version."""
    from dean06.schema import contract_diff as diff

    before = contract.parse(text, name)
    after = contract.load(before.source)
    found = diff.changes(before, after)
    if not found:
        return None
    table = Table(
        "change", "", "affects", title=f"{before.source} {before.version} → {after.version}"
    )
    for change in found:
        verdict = "breaking" if change.is_breaking else "compatible"
        table.add_row(str(change), verdict, _reached(before, after, change))
    console_of().print(table)
    problem = diff.wrong_version(before, after, found)
    return f"{before.source}: {problem}" if problem else None


def _reached(before: Contract, after: Contract, change: "Change") -> str:
    """What a change reaches, in words; of what is gone, as it was."""
    from dean06.schema import reach

    if not change.dataset:
        return ""
    known = {dataset.name: dataset for dataset in (*after.datasets, *before.datasets)}
    found = reach.of(known[change.dataset], change.column)
    parts = {
        "rules": found.rules, "core": found.core, "facts": found.facts, "KPIs": found.kpis,
        "charts": found.charts,
    }  # fmt: skip
    return "\n".join(f"{name}: {', '.join(each)}" for name, each in parts.items() if each)


def _of_files(old: Path | None) -> dict[str, str]:
    if old is None:
        raise ContractError("give an earlier contract or folder, or a git revision (--since)")
    paths = sorted(old.glob("*.yaml")) if old.is_dir() else [old]
    missing = [path for path in paths if not path.is_file()]
    if missing or not paths:
        raise ContractError(f"{old}: no contract was found")
    return {path.name: path.read_text(encoding="utf-8") for path in paths}


def _of_revision(revision: str) -> dict[str, str]:
    """The contracts as a revision has them; those that are new since are compatible with it."""
    folder = settings.CONTRACTS.relative_to(settings.PROJECT)
    listed = _git("ls-tree", "--name-only", revision, f"{folder}/")
    known = {f"{source}.yaml" for source in contract.sources()}
    return {
        Path(path).name: _git("show", f"{revision}:{path}")
        for path in listed.split()
        if Path(path).name in known
    }


def _git(*words: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(settings.PROJECT), *words], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ContractError(f"git {words[0]}: {done.stderr.strip().splitlines()[-1]}")
    return done.stdout
