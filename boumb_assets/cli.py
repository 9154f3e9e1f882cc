"""The `boumb` command. Errors are one line on stderr that says what to do; exit code 2 is the user's, 1 is ours."""

import json
import os
import sys
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

import click

from boumb_assets.lake.manifest import write_atomically
from boumb_assets.lake.store import Lake
from boumb_assets.settings import Settings, SettingsError, load_settings
from boumb_assets.terminal import Bars, console, table

P = ParamSpec("P")
R = TypeVar("R")

CONTRACT_NAMES: Final = ("boumb-sequence", "boumb-steps", "drum-pattern", "music-structure")
MAX_INPUT_BYTES: Final = 32 << 20
DAGSTER_YAML: Final = "telemetry:\n  enabled: false\n"


class UserError(click.ClickException):
    """Something the user can mend."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """One line on stderr."""
        click.echo(f"boumb: {self.format_message()}", err=True)


class Failed(UserError):
    """Something that went wrong on our side."""

    exit_code = 1


def main() -> None:
    """The entry point."""
    try:
        commands(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        click.echo("boumb: stopped", err=True)
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def mended(function: Callable[P, R]) -> Callable[P, R]:
    """Turns the errors that the user can mend into one line."""

    @wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except (SettingsError, LookupError, ValueError, OSError, ImportError) as error:
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


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="boumb_assets")
def commands() -> None:
    """From MIDI that may be used to a small model that writes only musical JSON."""


def prepare_home(settings: Settings) -> None:
    """Makes the home's folders and tells Dagster, in this process and its children, where its storage is."""
    home = settings.home.resolve()
    storage = home / "dagster"
    storage.mkdir(parents=True, exist_ok=True)
    if not (storage / "dagster.yaml").exists():
        write_atomically(storage / "dagster.yaml", DAGSTER_YAML.encode())
    os.environ["BOUMB_HOME"] = str(home)
    os.environ.setdefault("DAGSTER_HOME", str(storage))


@commands.command()
@click.option("--dataset", "datasets", multiple=True, help="Only this data set; may be repeated.")
@click.option("--variant", "variants", multiple=True, help="This variant instead of the default one; may be repeated.")
@click.option("--select", help="Only this asset and what it is made of.")
@click.option("--json", "as_json", is_flag=True, help="What was done, as JSON on stdout.")
@mended
def run(datasets: Sequence[str], variants: Sequence[str], select: str | None, as_json: bool) -> None:
    """Materialise what is stale, and only that."""
    from boumb_assets.line import materialise

    settings = load_settings()
    prepare_home(settings)
    with Bars().shown() as bars:
        report = materialise(settings, datasets, variants, select, bars)
    if as_json:
        emit({"assets": [vars(line) for line in report.lines], "failed": report.failed, "checks": report.failed_checks})
    elif report.lines:
        rows = [
            (line.stage, line.key or "-", "" if line.rows is None else f"{line.rows:,}", f"{line.seconds:.1f}",
             "made" if line.rebuilt else "as it was", os.path.relpath(line.path))
            for line in report.lines
        ]  # fmt: skip
        columns = ("asset", "partition", "rows", "seconds", "", "where its result lies")
        console.print(table("", columns, rows, right=("rows", "seconds")))
    else:
        console.print("Nothing is stale.")
    for text in report.failed_checks:
        console.print(f"[yellow]check failed[/] {text}")
    if report.failed:
        raise Failed("; ".join(report.failed))


@commands.group()
def dataset() -> None:
    """The data sets, and the terms they come under."""
