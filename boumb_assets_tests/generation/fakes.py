"""Providers and a model server made by hand."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from boumb_assets.generation.asks import Ask

SEQUENCE = '{"sequence":[{"note":"C2","time":"0:0:0","duration":"8n","velocity":0.9}]}'


class Scripted:
    """Says its texts in turn, the last one for ever; raises those that are errors. Keeps the asks."""

    def __init__(self, name: str, *texts: str | Exception) -> None:
        self.name, self.texts = name, list(texts)
        self.asks: list[Ask] = []

    def generate(self, ask: Ask) -> str:
        self.asks.append(ask)
        text = self.texts[min(len(self.asks), len(self.texts)) - 1]
        if isinstance(text, Exception):
            raise text
        return text


Responder = Callable[[str, dict[str, Any]], tuple[int, Any]]


@contextmanager
def model_server(respond: Responder) -> Iterator[tuple[str, list[tuple[str, dict[str, Any], dict[str, str]]]]]:
    """A loopback server that answers POSTs as ``respond(path, body)`` says (a str is sent as it is; with a status 3xx
    it is where the redirect leads); gives its address and the list of what it was sent."""
    seen: list[tuple[str, dict[str, Any], dict[str, str]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            seen.append((self.path, body, dict(self.headers.items())))
            status, answer = respond(self.path, body)
            data = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", str(answer))
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
