"""What all commands share: errors in one line, bounded input, the home that Dagster is told of."""

import json
import os
import sys
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

import click
from pydantic import ValidationError
from rich.console import Console

from boumb_assets.lake.manifest import write_atomically
from boumb_assets.lake.store import Lake
from boumb_assets.lake.views import view_statements
from boumb_assets.settings import Settings
from boumb_assets.terminal import WIDTH_OF_A_LOG, table

P = ParamSpec("P")
R = TypeVar("R")

MAX_INPUT_BYTES: Final = 32 << 20
DAGSTER_YAML: Final = (
    "telemetry:\n  enabled: false\nnux:\n  enabled: false\n"  # it calls nobody, and asks for no address
)


class UserError(click.ClickException):
    """Something the user can mend."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """One line on stderr."""
        click.echo(f"boumb: {self.format_message()}", err=True)


class Failed(UserError):
    """Something that went wrong on our side."""

    exit_code = 1


def mended(function: Callable[P, R]) -> Callable[P, R]:
    """Turns the errors that the user can mend into one line."""

    @wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except BrokenPipeError:  # who read our output has gone, as `head` does: nothing is wrong
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise click.exceptions.Exit(0) from None
        except (click.Abort, click.exceptions.Exit):  # they are RuntimeErrors, and nobody's mistake
            raise
        except (LookupError, ValueError, OSError, ImportError, RuntimeError) as error:
            if os.environ.get("BOUMB_TRACEBACK"):
                raise
            raise UserError(in_one_line(_sentence(error)) or type(error).__name__) from error

    return wrapped


def in_one_line(text: str) -> str:
    """A text without line breaks."""
    return " ".join(text.split())


def _sentence(error: Exception) -> str:
    """What an error says; of a model that does not fit, the first field and why."""
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where}: ".removeprefix(": ") + first["msg"].removeprefix("Value error, ")


def need_tables(lake: Lake, *names: str) -> None:
    """Raises LookupError where the lake has not one of these tables yet."""
    there = view_statements(lake)
    for name in names:
        if name not in there:
            raise LookupError(f"{name} was not made yet; `boumb run` makes it")


def show_table(columns: Sequence[str], rows: Sequence[Sequence[Any]], right: Sequence[str] = ()) -> None:
    """Prints a table that is the result, on stdout."""
    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else WIDTH_OF_A_LOG
    Console(highlight=False, width=width).print(table("", columns, rows, right))


def emit(value: Any) -> None:
    """Prints a machine-readable result."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1, default=str))


def read_input(path: str) -> bytes:
    """The bytes of a file, or of standard input for ``-``; bounded."""
    if path == "-":
        data = sys.stdin.buffer.read(MAX_INPUT_BYTES + 1)
    else:
        if not Path(path).exists() or Path(path).is_dir():  # a pipe such as <(boumb generate ...) is welcome
            raise UserError(f"there is no file {path}")
        with Path(path).open("rb") as handle:
            data = handle.read(MAX_INPUT_BYTES + 1)
    if len(data) > MAX_INPUT_BYTES:
        raise UserError(f"{path} is larger than {MAX_INPUT_BYTES >> 20} MiB")
    return data


def read_request_text(given: str) -> bytes:
    """A request written on the command line, or that in a file or on standard input."""
    return given.encode() if given.lstrip().startswith("{") else read_input(given)


def prepare_home(settings: Settings) -> None:
    """Makes the home's folders and tells Dagster, in this process and its children, where its storage is."""
    home = settings.home.resolve()
    storage = home / "dagster"
    storage.mkdir(parents=True, exist_ok=True)
    if not (storage / "dagster.yaml").exists():
        write_atomically(storage / "dagster.yaml", DAGSTER_YAML.encode())
    os.environ["BOUMB_HOME"] = str(home)
    os.environ.setdefault("DAGSTER_HOME", str(storage))
