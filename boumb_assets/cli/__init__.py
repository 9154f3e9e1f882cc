"""The `boumb` command. Errors are one line on stderr that says what to do; exit code 2 is the user's, 1 is ours."""

import os
import sys

import click

from boumb_assets.cli import data, line, model, music


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="boumb_assets")
def commands() -> None:
    """From MIDI that may be used to a small model that writes only musical JSON."""


for command in (
    line.run, line.dataset, line.rights,
    music.generate, music.convert, music.render, music.loops, music.validate, music.contract,
    data.sql, data.warehouse, data.export, data.report,
    model.train, model.serve,
):  # fmt: skip
    commands.add_command(command)


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
