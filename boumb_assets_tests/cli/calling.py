"""One call of the `boumb` command in this process: what it says on which stream, and its exit code."""

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from boumb_assets.cli import commands


def call(home: Path, *arguments: str, **environment: str) -> Result:
    """The result of ``boumb ARGUMENTS`` with the home ``home``, away from a terminal."""
    variables: dict[str, str | None] = {"BOUMB_HOME": str(home), "BOUMB_STEWARD": None, "COLUMNS": "100"}
    return CliRunner().invoke(commands, arguments, env={**variables, **environment})


def told(home: Path, *arguments: str) -> str:
    """What a command that succeeds says beside its result, on stderr."""
    result = call(home, *arguments)
    assert result.exit_code == 0, result.stderr
    return result.stderr


def refused(home: Path, *arguments: str) -> str:
    """The one line of a command that the user has to say otherwise."""
    result = call(home, *arguments)
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    assert result.stderr.startswith("boumb: ") and result.stderr.count("\n") == 1, result.stderr
    return result.stderr


def as_json(home: Path, *arguments: str) -> Any:
    """What a command says with --json: JSON on stdout, nothing on stderr."""
    result = call(home, *arguments, "--json")
    assert (result.exit_code, result.stderr) == (0, ""), result.stderr
    return json.loads(result.stdout)
