"""Models behind a server: Ollama, and whatever speaks OpenAI's chat completions."""

import os
from typing import Any, Final

from boumb_assets.contracts.registry import contract as contract_of
from boumb_assets.generation.asks import Ask
from boumb_assets.generation.conversations import conversation
from boumb_assets.generation.http_json import HttpStatusError, post_json
from boumb_assets.generation.providers import ProviderError, ProviderUnavailableError

OLLAMA_HOST: Final = "http://127.0.0.1:11434"
OPENAI_URL: Final = "https://api.openai.com/v1"
TIMEOUT_S: Final = 180.0  # as long as the studio waits
LOOP_TOKENS: Final = 2_048  # a general vocabulary takes 25 tokens a note
PIECE_TOKENS: Final = 8_192


class OllamaProvider:
    """A model of an Ollama, held to the contract's JSON schema; what no schema can say is left to the chain."""

    def __init__(self, model: str, host: str | None = None, timeout_s: float = TIMEOUT_S) -> None:
        """``host`` is a URL, or host and port; by default OLLAMA_HOST or the loopback."""
        address = host or os.environ.get("OLLAMA_HOST") or OLLAMA_HOST
        self.name: Final = f"ollama:{model}"
        self._model, self._timeout_s = model, timeout_s
        self._url: Final = (address if "://" in address else f"http://{address}").rstrip("/") + "/api/chat"

    def generate(self, ask: Ask) -> str:
        """The content of the model's message. Raises ProviderError, ProviderUnavailableError for an unknown model."""
        body = {
            "model": self._model,
            "messages": conversation(ask, "app"),
            "stream": False,
            "format": contract_of(ask.contract).json_schema(),
            "options": {"temperature": ask.temperature, "seed": ask.seed, "num_predict": _budget(ask)},
        }  # num_predict is always set: without a bound a small model may repeat notes for ever
        try:
            answer = post_json(self._url, body, {}, self._timeout_s)
        except HttpStatusError as error:
            if error.status == 404:
                raise ProviderUnavailableError(f"{error} (`ollama pull {self._model}` fetches it)") from None
            raise
        return _text(answer.get("message"), self.name)


class OpenAIProvider:
    """A model behind OpenAI's chat completions; the key comes from the environment and appears nowhere else."""

    def __init__(
        self,
        model: str,
        base_url: str | None = None,
        key_variable: str = "OPENAI_API_KEY",
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        """``base_url`` ends before ``/chat/completions``; by default OPENAI_BASE_URL or OpenAI's own."""
        self.name: Final = f"openai:{model}"
        self._model, self._key_variable, self._timeout_s = model, key_variable, timeout_s
        address = base_url or os.environ.get("OPENAI_BASE_URL") or OPENAI_URL
        self._url: Final = address.rstrip("/") + "/chat/completions"
        self._own: Final = address.rstrip("/") == OPENAI_URL

    def generate(self, ask: Ask) -> str:
        """The content of the first choice; asked for with the contract's schema, and as a JSON object where the server
        refuses schemas. Raises ProviderError, ProviderUnavailableError without a key for OpenAI itself."""
        key = os.environ.get(self._key_variable, "")
        if self._own and not key:
            raise ProviderUnavailableError(f"no key: set {self._key_variable}")
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        body: dict[str, Any] = {
            "model": self._model,
            "messages": conversation(ask, "app"),
            "temperature": ask.temperature,
            "seed": ask.seed,
            "max_tokens": _budget(ask),
        }
        schema = {"name": ask.contract, "schema": contract_of(ask.contract).json_schema()}
        try:
            form = {"type": "json_schema", "json_schema": schema}
            answer = post_json(self._url, {**body, "response_format": form}, headers, self._timeout_s)
        except HttpStatusError as error:
            if error.status in (401, 403, 404):
                raise ProviderUnavailableError(_without(str(error), key)) from None
            if error.status not in (400, 422):
                raise ProviderError(_without(str(error), key)) from None
            answer = self._as_object(body, headers, key)
        choices = answer.get("choices")
        first = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}
        return _text(first.get("message"), self.name)

    def _as_object(self, body: dict[str, Any], headers: dict[str, str], key: str) -> dict[str, Any]:
        try:
            return post_json(self._url, {**body, "response_format": {"type": "json_object"}}, headers, self._timeout_s)
        except HttpStatusError as error:
            raise ProviderError(_without(str(error), key)) from None


def _budget(ask: Ask) -> int:
    return PIECE_TOKENS if ask.contract == "music-structure" else LOOP_TOKENS


def _text(message: Any, name: str) -> str:
    content = message.get("content") if isinstance(message, dict) else None
    if not isinstance(content, str) or not content.strip():
        raise ProviderError(f"{name} answered without a text")
    return content


def _without(text: str, key: str) -> str:
    """A server may repeat the key in its error; ours does not."""
    return text.replace(key, "...") if key else text
