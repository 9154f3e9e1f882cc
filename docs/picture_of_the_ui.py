"""Takes the README's picture: the asset graph in Dagster's UI, by a headless Chromium, after `make run`."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import sync_playwright

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
# The address says which groups are open: a double click moves the graph, and what is out of sight is not drawn.
OPENED = [f"global@global:{group}" for group in ("music", "rights", "corpus", "models")]
# The UI fits the width alone: from top to bottom, with two rows a node, the height goes into the frame as well.
SETTINGS = {
    "asset-graph-direction": '"vertical"',
    "asset-node-facets": '["checks", "status"]',
    "dagster-nav-collapsed": "true",
}
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
            page = browser.new_page(viewport={"width": 3000, "height": 1400})  # smaller nodes have no rows
            page.add_init_script(f"Object.assign(localStorage, {json.dumps(SETTINGS)})")
            page.goto(f"{address}/asset-groups?{urlencode({'expanded': ','.join(OPENED)})}")
            # Only the nodes of an opened group have this row: no picture of closed groups passes for a good one.
            page.locator("foreignObject").get_by_text("Asset checks").first.wait_for(timeout=60_000)
            time.sleep(6)  # the statuses come one by one
            page.screenshot(path=str(target))
            browser.close()
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
