"""JSON over HTTP to a model server: bounded, timed, no redirects."""

import json
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from boumb_assets.generation.providers import ProviderError

MAX_ANSWER: Final = 4 * 1024 * 1024
_LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")


class HttpStatusError(ProviderError):
    """The server answered with an error status."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status: Final = status


class _NoRedirects(HTTPRedirectHandler):
    """A redirect would carry the key in the header to another host."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def post_json(url: str, body: Mapping[str, Any], headers: Mapping[str, str], timeout_s: float) -> dict[str, Any]:
    """The JSON object that ``url`` answers. A server on this machine is never asked through a proxy. Raises
    HttpStatusError for an error status, ProviderError for all else that goes wrong; neither tells the headers."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ProviderError(f"{url!r} is no http address of a model server")
    handlers: list[Any] = [_NoRedirects()]
    if parts.hostname in _LOOPBACK:
        handlers.append(ProxyHandler({}))
    sent = {"Content-Type": "application/json", "Accept": "application/json", **headers}
    request = Request(url, data=json.dumps(body).encode(), headers=sent, method="POST")
    where = f"{parts.scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}"
    try:
        with build_opener(*handlers).open(request, timeout=timeout_s) as answer:
            data = answer.read(MAX_ANSWER + 1)
    except HTTPError as error:
        with error:
            detail = " ".join(error.read(2_000).decode("utf-8", "replace").split())[:200]
        raise HttpStatusError(error.code, f"{where} answered {error.code}: {detail or error.reason}") from None
    except (URLError, OSError, HTTPException) as error:
        raise ProviderError(f"{where} gave no answer: {getattr(error, 'reason', None) or error}") from None
    if len(data) > MAX_ANSWER:
        raise ProviderError(f"{where} answered more than {MAX_ANSWER} bytes")
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        raise ProviderError(f"{where} answered no JSON") from None
    if not isinstance(value, dict):
        raise ProviderError(f"{where} answered JSON that is no object")
    return value
