"""The `boumb` command. Errors are one line on stderr that says what to do; exit code 2 is the user's, 1 is ours."""

import atexit
import os
import sys

import click

from boumb_assets.cli import data, datasets, library, line, model, music, rights
from boumb_assets.cli.core import Failed, UserError, in_one_line


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="boumb_assets")
def commands() -> None:
    """From MIDI that may be used to a small model that writes only musical JSON."""


for command in (
    line.run, datasets.dataset, rights.rights,
    music.generate, music.read, music.convert, music.render, music.loops, music.validate, music.contract,
    library.library,
    data.sql, data.warehouse, data.export, data.report,
    model.train, model.serve,
):  # fmt: skip
    commands.add_command(command)


def main() -> None:
    """The entry point."""
    # Threads that wait for one another sleep: where others use the machine too, spinning makes training far slower.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    _leave(_run())


def _run() -> int:
    """Runs the command; its exit code."""
    try:
        commands(standalone_mode=False)
    except click.UsageError as error:
        if isinstance(error, getattr(click.exceptions, "NoArgsIsHelpError", ())):  # since click 8.2
            error.show()
            return error.exit_code
        where = error.ctx.command_path if error.ctx else "boumb"
        UserError(f"{in_one_line(error.format_message())} `{where} --help` says what there is").show()
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        click.echo("boumb: stopped", err=True)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except Exception as error:
        if os.environ.get("BOUMB_TRACEBACK"):
            raise
        Failed(f"{type(error).__name__}: {in_one_line(str(error))} (BOUMB_TRACEBACK=1 shows where)").show()
        return Failed.exit_code
    return 0


def _leave(code: int) -> None:
    """Ends the process. With torch loaded, the interpreter's own end prints pages about references that libraries of
    nanobind find at that moment; what has to be done before an end is done, and then nothing more is waited for."""
    if "torch" not in sys.modules:
        sys.exit(code)
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
