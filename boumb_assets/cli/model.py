"""Commands over models: train, serve."""

from pathlib import Path

import click

from boumb_assets.cli.core import UserError, mended
from boumb_assets.settings import load_settings
from boumb_assets.terminal import Bars, console
from boumb_assets.training.config import TRANSPOSE, Transpose

Folder = click.Path(path_type=Path, file_okay=False)


@click.command()
@click.option("--data", required=True, type=Folder, help="A folder of .jsonl or .jsonl.zst.")
@click.option("--base", required=True, help="nano, a hub id, or a folder.")
@click.option("--out", required=True, type=Folder, help="Gets adapter/, and base/ where it has to be made.")
@click.option("--steps", type=click.IntRange(1), default=240, show_default=True, help="Of the adapter.")
@click.option("--base-steps", type=click.IntRange(1), default=350, show_default=True, help="Of the nano base.")
@click.option(
    "--contracts", default="boumb-sequence,drum-pattern", show_default=True, help="Whose JSON becomes tokens."
)
@click.option("--seed", type=int, default=0, show_default=True, help="The same seed gives the same model.")
@click.option(
    "--transpose",
    type=click.Choice(TRANSPOSE),
    default="load",
    show_default=True,
    help="load: a row in another key each time it is seen, where it says which.",
)
@click.option("--merge", is_flag=True, help="Also write model/: base and adapter as one plain model.")
@mended
def train(
    data: Path, base: str, out: Path, steps: int, base_steps: int, contracts: str, seed: int, transpose: Transpose,
    merge: bool,
) -> None:  # fmt: skip
    """The stand-alone trainer: a LoRA adapter, loss on the answers alone. Needs no dagster."""
    from boumb_assets.training.config import TrainConfig
    from boumb_assets.training.nano import NanoSettings
    from boumb_assets.training.run import train as train_model

    config = TrainConfig(base=base, data=data, out=out, steps=steps, seed=seed, transpose=transpose)
    nano = NanoSettings(steps=base_steps, seed=seed)
    with Bars().shown() as bars:
        done = train_model(config, tuple(contracts.split(",")), nano, merge, bars)
    report = done.report
    console.print(f"{done.adapter}: {report.steps} steps, loss {report.first_loss:.2f} to {report.last_loss:.2f}")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where it listens; nobody has to log in.")
@click.option("--port", type=click.IntRange(1, 65535), default=8002, show_default=True, help="Where it listens.")
@click.option("--provider", default="auto", show_default=True, help="Who writes, as of `boumb generate`.")
@mended
def serve(host: str, port: int, provider: str) -> None:
    """The apps' protocols over HTTP, on the loopback unless told otherwise."""
    from boumb_assets.api import providers
    from boumb_assets.serving.serve import is_loopback, run_server

    settings = load_settings()
    if not is_loopback(host):
        console.print(f"[yellow]warning[/] {host} can be reached by others, and nobody has to log in")
    if port < 1024:
        raise UserError("ports below 1024 belong to the system; give --port 8002")
    try:
        run_server(providers(provider), settings.home, host, port)
    except SystemExit as end:  # how uvicorn ends when it cannot listen, after it has said why
        if end.code:
            raise UserError(f"{host}:{port} cannot be listened on; another --port or --host may be free") from None
