"""Asks the installed Airflow about a deployment.

A program of its own, so that Airflow reads the deployment's settings at import, as in a container.

Standard input: ``{"commands": [argv…], "environment": {…}}``. Standard output, last line: JSON with
an error per refused command, the unknown options, and what Airflow made of the values.
"""

import argparse
import contextlib
import importlib
import inspect
import io
import json
import os
import runpy
import sys
from typing import Any
from unittest import mock

import click
import typer

REFUSAL: Any = next(k for k in typer.BadParameter.__mro__ if k.__name__ == "ClickException")
"""Typer may bring its own copy of click, so the class is asked from Typer."""


def main() -> None:
    """Answer one question."""
    question = json.load(sys.stdin)
    with contextlib.redirect_stdout(sys.stderr):
        answer = {
            "refused": {
                " ".join(argv): error
                for argv in question["commands"]
                if (error := refusal(argv)) is not None
            },
            **configuration(question["environment"]),
        }
    print(json.dumps(answer))


def refusal(argv: list[str]) -> str | None:
    """Why the program would not understand its arguments, or None."""
    program, *arguments = argv
    if program == "airflow":
        from airflow.cli.cli_parser import get_parser

        return parsed(get_parser(), arguments)
    if program == "celery":
        return celery(arguments)
    if program == "python" and arguments[:1] == ["-m"] and arguments[1].startswith("server."):
        return understood(importlib.import_module(arguments[1]).parser(), arguments[2:])
    if program == "python" and arguments[0] == "-m":
        return module(arguments[1], arguments[2:])
    if program == "python" and arguments[0] == "-c":
        compile(arguments[1], "-c", "exec")
        return None
    return f"no rule for {program}"


def parsed(parser: argparse.ArgumentParser, arguments: list[str]) -> str | None:
    """Why argparse refuses."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        try:
            namespace = parser.parse_args(arguments)
        except SystemExit:
            return output.getvalue().strip()[-300:] or "refused"
    if not hasattr(namespace, "func"):
        return "names a group, not a command"
    # Airflow imports a command's code only when it runs: do so now.
    path = inspect.getclosurevars(namespace.func).nonlocals["import_path"]
    return unimportable(path)


def understood(parser: argparse.ArgumentParser, arguments: list[str]) -> str | None:
    """Why a parser of ours refuses."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        try:
            parser.parse_args(arguments)
        except SystemExit:
            return output.getvalue().strip()[-300:] or "refused"
    return None


def unimportable(path: str) -> str | None:
    """Why a dotted path cannot be imported."""
    module_path, _, name = path.rpartition(".")
    try:
        getattr(importlib.import_module(module_path), name)
    except (ImportError, AttributeError) as error:
        return repr(error)
    return None


def celery(arguments: list[str]) -> str | None:
    """Why Celery's own command line refuses, or cannot load the application it is pointed at."""
    from celery.bin.celery import celery as group  # type: ignore[import-untyped]

    try:
        with group.make_context("celery", list(arguments)) as context:
            name, command, rest = group.resolve_command(context, context._protected_args)
            command.make_context(name, [*rest, *context.args], parent=context)
            application = context.params["app"]
            return unimportable(application) if application else None
    except click.ClickException as error:
        return repr(error)


def module(name: str, arguments: list[str]) -> str | None:
    """Why ``python -m name arguments`` refuses; the module must start a Typer application."""
    started: list[typer.Typer] = []
    try:
        with mock.patch.object(typer.Typer, "__call__", lambda self, **_: started.append(self)):
            runpy.run_module(name, run_name="__main__")
    except ImportError as error:
        return repr(error)
    if len(started) != 1:
        return f"starts {len(started)} Typer applications"
    command: Any = typer.main.get_command(started[0])
    if hasattr(command, "commands"):
        if arguments[0] not in command.commands:
            return f"no subcommand {arguments[0]}: {sorted(command.commands)}"
        command, arguments = command.commands[arguments[0]], arguments[1:]
    try:
        command.make_context(name, list(arguments))
    except REFUSAL as error:
        return repr(error)
    return None


def configuration(environment: dict[str, str]) -> dict[str, Any]:
    """Which options nobody defines, and whether the values work."""
    from airflow.configuration import conf
    from cryptography.fernet import Fernet
    from sqlalchemy import make_url

    from dean06 import contract
    from dean06.load.connections import endpoint_of

    known = {
        (section, option)
        for source in [conf.configuration_description, *_provider_options()]
        for section, content in source.items()
        for option in content["options"]
    }
    options = {
        name: tuple(name.removeprefix("AIRFLOW__").lower().split("__", 1))
        for name in environment
        if name.startswith("AIRFLOW__")
    }
    manager_module, manager = conf.get("core", "auth_manager").rsplit(".", 1)
    Fernet(conf.get("core", "fernet_key"))
    return {
        "unknown": sorted(name for name, option in options.items() if option not in known),
        "misread": sorted(
            name for name, key in options.items() if conf.get(*key) != os.environ[name]
        ),
        "sources": {source: endpoint_of(source).url for source in contract.sources()},
        "auth_manager": getattr(importlib.import_module(manager_module), manager).__name__,
        "drivers": sorted(
            {
                make_url(value.removeprefix("db+")).get_dialect().driver
                for value in environment.values()
                if "postgresql" in value.split("://")[0]
            }
        ),
    }


def _provider_options() -> list[dict[str, Any]]:
    from airflow.providers_manager import ProvidersManager

    providers = ProvidersManager()
    return [config for _, config in providers.provider_configs]


if __name__ == "__main__":
    main()
