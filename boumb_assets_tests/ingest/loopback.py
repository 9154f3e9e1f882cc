"""An archive's server on the loopback, over TLS, that may misbehave in one way at a time."""

import re
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import trustme

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Server:
    """What is served, how, and what was asked."""

    data: bytes = b""
    tag: str = '"one"'
    ranges: bool = True
    length: bool = True
    breaks_after: list[int] = field(default_factory=list)
    """For each coming answer, after how many bytes of it the connection is cut."""
    headers: dict[str, str] = field(default_factory=dict)
    """Of every answer, over its own."""
    overrides: dict[str, Callable[[dict[str, str]], Answer]] = field(default_factory=dict)
    """Answers by path, of the headers of the request."""
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    port: int = 0

    def url(self, path: str = "songs.zip") -> str:
        return f"https://localhost:{self.port}/{path}"

    def answer(self, path: str, asked: dict[str, str]) -> Answer:
        self.asked.append((path, asked))
        if path in self.overrides:
            return self.overrides[path](asked)
        headers = {"ETag": self.tag} if self.tag else {}
        wanted = re.fullmatch(r"bytes=(\d+)-", asked.get("range", ""))
        same = asked.get("if-range", self.tag) == self.tag
        if not (self.ranges and wanted and same):
            return 200, headers, self.data
        first, total = int(wanted[1]), len(self.data)
        if first >= total:
            return 416, {"Content-Range": f"bytes */{total}"}, b""
        return 206, {**headers, "Content-Range": f"bytes {first}-{total - 1}/{total}"}, self.data[first:]


class QuietServer(ThreadingHTTPServer):
    """A server that says nothing of clients that hang up."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


@contextmanager
def serving(folder: Path) -> Iterator[tuple[Server, Path]]:
    """A server, and the file of the authority that vouches for it."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    trusted = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(trusted))
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:
            pass

        def do_GET(self) -> None:
            asked = {name.lower(): value for name, value in self.headers.items()}
            status, headers, body = state.answer(self.path, asked)
            self.send_response(status)
            for name, value in {**headers, **state.headers}.items():
                self.send_header(name, value)
            if state.length:
                self.send_header("Content-Length", str(len(body)))
            else:
                self.send_header("Connection", "close")
            self.end_headers()
            cut = state.breaks_after.pop(0) if state.breaks_after and status in (200, 206) else None
            self.wfile.write(body[:cut])
            self.close_connection = not state.length or cut is not None

    server = QuietServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    state.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield state, trusted
    finally:
        server.shutdown()
        server.server_close()
