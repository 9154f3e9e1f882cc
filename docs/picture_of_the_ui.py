"""Takes the README's picture: the asset graph in Dagster's UI, by a headless Chromium, after `make run`."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
GROUPS = ("music", "rights", "corpus", "models")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main(target: Path) -> None:
    """Starts the web server on the home of `make run` and writes the screenshot to ``target``."""
    home = Path(os.environ.get("BOUMB_HOME", ".boumb")).resolve()
    environment = {**os.environ, "BOUMB_HOME": str(home), "DAGSTER_HOME": str(home / "dagster")}
    port = free_port()
    webserver = Path(sys.executable).with_name("dagster-webserver")
    command = [str(webserver), "-w", "workspace.yaml", "-h", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(240):
            try:
                urllib.request.urlopen(f"{address}/server_info", timeout=1).read()
                break
            except OSError:
                time.sleep(0.5)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            page = browser.new_page(viewport={"width": 2000, "height": 950})
            page.goto(f"{address}/asset-groups")
            page.wait_for_selector("foreignObject", timeout=60_000)
            for group in GROUPS:
                page.locator("foreignObject").get_by_text(group, exact=True).first.dblclick(timeout=20_000)
                time.sleep(3)  # the graph moves to its new layout
            time.sleep(6)  # the statuses come one by one
            page.screenshot(path=str(target))
            browser.close()
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
