"""The app on a port."""

from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from boumb_assets.generation.chain import generate
from boumb_assets.generation.providers import Provider
from boumb_assets.serving.app import create_app
from boumb_assets.serving.guard import LOOPBACK_HOSTS

DEFAULT_HOST: Final = "127.0.0.1"
DEFAULT_PORT: Final = 8002  # where the studio expects its service


def run_server(providers: Sequence[Provider], home: Path, host: str = DEFAULT_HOST, port: int = DEFAULT_PORT) -> None:
    """Serves the chain of ``providers``, the rules last, until it is interrupted. On a loopback address only this
    machine's own names are answered; any other address opens the app, which has no passwords, to the network. Raises
    ImportError without the extra `serve`."""
    try:
        import uvicorn
    except ImportError as error:
        raise ImportError("serving needs the extra `serve`: pip install 'boumb_assets[serve]'") from error
    hosts = LOOPBACK_HOSTS if is_loopback(host) else None
    app = create_app(lambda ask: generate(ask, providers), home=home, hosts=hosts)
    uvicorn.run(app, host=host, port=port, server_header=False)


def is_loopback(host: str) -> bool:
    """Whether ``host``, a name or an address, means this machine alone."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
