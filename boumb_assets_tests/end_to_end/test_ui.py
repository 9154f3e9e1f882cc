"""Dagster's own view of the platform: it validates, and a real browser shows the asset graph."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from boumb_assets.rebuild import Report
from boumb_assets.settings import Settings

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("line")]

REPOSITORY = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


def test_the_definitions_validate(line_settings: Settings) -> None:
    command = [str(Path(sys.executable).with_name("dagster")), "definitions", "validate", "-w", "workspace.yaml"]
    result = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=180)
    assert result.returncode == 0, result.stderr[-2000:]
    assert "Validation successful" in result.stdout + result.stderr


@pytest.fixture(scope="module")
def address(first_run: Report, line_settings: Settings) -> Iterator[str]:
    """A web server on the home of the first run."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    webserver = Path(sys.executable).with_name("dagster-webserver")
    command = [str(webserver), "-w", "workspace.yaml", "-h", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(
        command, cwd=REPOSITORY, env=dict(os.environ), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(240):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/server_info", timeout=1).read()
                break
            except OSError:
                time.sleep(0.5)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=30)


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: apt-get install chromium")
def test_a_browser_shows_the_asset_graph(address: str) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1600, "height": 2400})  # the list draws what is in sight
        page.goto(f"{address}/assets")
        for name in ("raw_midi", "training_data", "hub_release"):
            page.wait_for_selector(f"text={name}", timeout=60_000)
        page.goto(f"{address}/assets/training_data?view=checks")
        page.wait_for_selector("text=every_row_is_valid", timeout=60_000)
        browser.close()
