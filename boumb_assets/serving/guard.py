"""What comes before every route: who may ask, and how much at once."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK_HOSTS: Final = ("127.0.0.1", "localhost", "::1")
MAX_BODY: Final = 64 * 1024


class Guard:
    """Refuses hosts that are not ``hosts`` (None: any), pages of other sites, and bodies above ``max_body`` bytes.

    A page on the web can make a browser send requests to this machine, under the page's own origin, or under a name
    that it lets point here (DNS rebinding); neither is for us. Programs send no Origin.
    """

    def __init__(self, app: "ASGIApp", hosts: Collection[str] | None, max_body: int = MAX_BODY) -> None:
        self._app, self._hosts, self._max_body = app, hosts, max_body

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """One request, read whole before it is passed on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        refusal = self._refusal(headers)
        if refusal is None:
            body = await _whole_body(receive, self._max_body)
            if body is not None:
                await self._app(scope, _replayed(body, receive), send)
                return
            refusal = (413, f"at most {self._max_body} bytes are read")
        from starlette.responses import JSONResponse

        status, text = refusal
        await JSONResponse({"error": text}, status)(scope, receive, send)

    def _refusal(self, headers: dict[str, str]) -> tuple[int, str] | None:
        if self._hosts is not None:
            if _host_of(f"//{headers.get('host', '')}") not in self._hosts:
                return 403, "this host is not served here"
            origin = headers.get("origin")
            if origin is not None and _host_of(origin) not in self._hosts:
                return 403, "pages of other sites are not answered"
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit() or int(length[:20]) > self._max_body:
            return 413, f"at most {self._max_body} bytes are read"
        return None


async def _whole_body(receive: "Receive", limit: int) -> bytes | None:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return bytes(body)
        body += message.get("body", b"")
        if len(body) > limit:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def _replayed(body: bytes, receive: "Receive") -> "Receive":
    sent = False

    async def again() -> Any:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _host_of(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
