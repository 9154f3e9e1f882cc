"""Commands over models: train, serve."""

from pathlib import Path

import click

from boumb_assets.cli.core import UserError, mended
from boumb_assets.settings import load_settings
from boumb_assets.terminal import Bars, console


@click.command()
@click.option(
    "--data", required=True, type=click.Path(path_type=Path, file_okay=False), help="A folder of .jsonl or .jsonl.zst."
)
@click.option("--base", required=True, help="A hub id or a folder.")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="Becomes the adapter's folder."
)
@click.option("--steps", type=click.IntRange(1), default=240, show_default=True)
@click.option("--seed", type=int, default=0, show_default=True)
@mended
def train(data: Path, base: str, out: Path, steps: int, seed: int) -> None:
    """The stand-alone trainer: a LoRA adapter, loss on the answers alone. Needs no dagster."""
    from boumb_assets.training.config import TrainConfig
    from boumb_assets.training.trainer import train_lora

    with Bars().shown() as bars:
        report = train_lora(TrainConfig(base=base, data=data, out=out, steps=steps, seed=seed), bars)
    console.print(f"{out}: {report.steps} steps, loss {report.first_loss:.2f} to {report.last_loss:.2f}")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=8002, show_default=True)
@click.option("--provider", default="auto", show_default=True)
@mended
def serve(host: str, port: int, provider: str) -> None:
    """The apps' protocols over HTTP, on the loopback unless told otherwise."""
    from boumb_assets.api import providers
    from boumb_assets.serving.serve import run_server

    settings = load_settings()
    if host not in ("127.0.0.1", "localhost", "::1"):
        console.print(f"[yellow]warning[/] {host} can be reached by others, and nobody has to log in")
    if port < 1024:
        raise UserError("ports below 1024 belong to the system; give --port 8002")
    run_server(providers(provider), settings.home, host, port)
