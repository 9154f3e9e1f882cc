"""What all commands share: errors in one line, bounded input, the home that Dagster is told of."""

import json
import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

import click

from boumb_assets.lake.manifest import write_atomically
from boumb_assets.settings import Settings

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
        except (LookupError, ValueError, OSError, ImportError, RuntimeError) as error:
            if os.environ.get("BOUMB_TRACEBACK"):
                raise
            raise UserError(" ".join(str(error).split()) or type(error).__name__) from error

    return wrapped


def emit(value: Any) -> None:
    """Prints a machine-readable result."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1, default=str))


def read_input(path: str) -> bytes:
    """The bytes of a file, or of standard input for ``-``; bounded."""
    if path == "-":
        data = sys.stdin.buffer.read(MAX_INPUT_BYTES + 1)
    else:
        if not Path(path).is_file():
            raise UserError(f"there is no file {path}")
        with Path(path).open("rb") as handle:
            data = handle.read(MAX_INPUT_BYTES + 1)
    if len(data) > MAX_INPUT_BYTES:
        raise UserError(f"{path} is larger than {MAX_INPUT_BYTES >> 20} MiB")
    return data


def prepare_home(settings: Settings) -> None:
    """Makes the home's folders and tells Dagster, in this process and its children, where its storage is."""
    home = settings.home.resolve()
    storage = home / "dagster"
    storage.mkdir(parents=True, exist_ok=True)
    if not (storage / "dagster.yaml").exists():
        write_atomically(storage / "dagster.yaml", DAGSTER_YAML.encode())
    os.environ["BOUMB_HOME"] = str(home)
    os.environ.setdefault("DAGSTER_HOME", str(storage))
