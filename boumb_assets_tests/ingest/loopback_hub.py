"""As much of the Hugging Face Hub as reading a data set takes, on the loopback."""

import hashlib
import json
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any, Final
from urllib.parse import unquote, urlparse

from boumb_assets_tests.ingest.loopback import QuietServer

_API: Final = re.compile(r"/api/datasets/([^/]+/[^/]+)(?:/(revision|tree)/([^/]+).*)?")
_FILE: Final = re.compile(r"/datasets/([^/]+/[^/]+)/resolve/([^/]+)/(.+)")
LARGE_BYTES: Final = 10_000
"""From here on a file is known by its sha256, as git-lfs has it."""


@dataclass
class Hub:
    """Data sets by name: the branch `main` and every commit, each with its files."""

    heads: dict[str, str] = field(default_factory=dict)
    commits: dict[str, dict[str, bytes]] = field(default_factory=dict)
    errors: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Status and code of the error, by data set."""
    lies: dict[str, bytes] = field(default_factory=dict)
    """What is sent for a file instead of what its commit has, by path."""
    asked: list[str] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)
    endpoint: str = ""

    def commit(self, name: str, files: Mapping[str, bytes]) -> str:
        """A new commit of the data set, which is its `main` from now on."""
        state = hashlib.sha1(name.encode())
        for path, data in sorted(files.items()):
            state.update(f"{path}\0{len(data)}\0".encode("utf-8", "surrogatepass") + data)
        commit = state.hexdigest()
        self.heads[name] = commit
        self.commits[commit] = dict(files)
        return commit

    def answer(self, path: str) -> tuple[int, dict[str, str], bytes]:
        """The status, headers and body of a GET or HEAD."""
        found = _API.fullmatch(path) or _FILE.fullmatch(path)
        name = found[1] if found else ""
        if name in self.errors:
            return _error(*self.errors[name])
        if found is None or name not in self.heads:
            return _error(404, "RepoNotFound")
        if found.re is _FILE:
            return self._file(found[2], found[3])
        commit = self.heads[name] if found[3] in (None, "main") else found[3]
        if commit not in self.commits:
            return _error(404, "RevisionNotFound")
        if found[2] == "tree":
            return _json([_entry(*item) for item in sorted(self.commits[commit].items())])
        return _json({"id": name, "sha": commit, "private": False, "tags": [], "downloads": 0, "likes": 0})

    def _file(self, commit: str, path: str) -> tuple[int, dict[str, str], bytes]:
        data = self.commits.get(commit, {}).get(path)
        if data is None:
            return _error(404, "EntryNotFound")
        return 200, {"ETag": f'"{_entry(path, data)["oid"]}"', "X-Repo-Commit": commit}, self.lies.get(path, data)


def _entry(path: str, data: bytes) -> dict[str, Any]:
    entry: dict[str, Any] = {"type": "file", "path": path, "size": len(data)}
    entry["oid"] = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
    if len(data) >= LARGE_BYTES:
        entry["lfs"] = {"oid": hashlib.sha256(data).hexdigest(), "size": len(data), "pointerSize": 134}
    return entry


def _json(value: Any) -> tuple[int, dict[str, str], bytes]:
    return 200, {"Content-Type": "application/json"}, json.dumps(value).encode()


def _error(status: int, code: str) -> tuple[int, dict[str, str], bytes]:
    return status, {"X-Error-Code": code, "X-Error-Message": f"{code} of the hub"}, b"{}"


@contextmanager
def serving_hub() -> Iterator[Hub]:
    """A hub without any data set."""
    hub = Hub()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:
            pass

        def do_GET(self) -> None:
            path = unquote(urlparse(self.path).path)
            hub.asked.append(f"{self.command} {path}")
            if "/datasets/" in path:
                hub.tokens.add(self.headers.get("Authorization", ""))
            status, headers, body = hub.answer(path)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        do_HEAD = do_GET

    server = QuietServer(("127.0.0.1", 0), Handler)
    hub.endpoint = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
