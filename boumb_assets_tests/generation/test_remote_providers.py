import socket
from typing import Any

import pytest

from boumb_assets.contracts.registry import contract
from boumb_assets.generation.asks import ask_for
from boumb_assets.generation.http_json import MAX_ANSWER
from boumb_assets.generation.providers import ProviderError, ProviderUnavailableError
from boumb_assets.generation.remote_providers import OllamaProvider, OpenAIProvider
from boumb_assets_tests.generation.fakes import SEQUENCE, model_server

ASK = ask_for("Basse funky en do mineur", seed=7, temperature=0.4)
KEY = "sk-not-a-key-0123456789"


def ollama(path: str, body: dict[str, Any]) -> tuple[int, Any]:
    return 200, {"message": {"role": "assistant", "content": SEQUENCE}, "done": True}


def openai(path: str, body: dict[str, Any]) -> tuple[int, Any]:
    return 200, {"choices": [{"message": {"role": "assistant", "content": SEQUENCE}}]}


def test_ollama_is_asked_with_the_schema_and_always_a_bound() -> None:
    with model_server(ollama) as (address, seen):
        assert OllamaProvider("qwen2.5:3b", address).generate(ASK) == SEQUENCE
    path, body, _ = seen[0]
    assert path == "/api/chat" and body["model"] == "qwen2.5:3b" and body["stream"] is False
    assert body["format"] == contract("boumb-sequence").json_schema()
    assert body["options"]["num_predict"] > 0
    assert (body["options"]["temperature"], body["options"]["seed"]) == (0.4, 7)
    assert [message["role"] for message in body["messages"]] == ["system", "user"]


def test_a_proxy_of_the_environment_is_not_used_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with model_server(ollama) as (address, seen):
        OllamaProvider("m", address.removeprefix("http://")).generate(ASK)
    assert len(seen) == 1


def test_a_model_that_ollama_does_not_have_is_unavailable() -> None:
    with (
        model_server(lambda path, body: (404, {"error": "model 'x' not found"})) as (address, _),
        pytest.raises(ProviderUnavailableError, match="ollama pull x"),
    ):
        OllamaProvider("x", address).generate(ASK)


@pytest.mark.parametrize(
    "answer",
    [(500, "oops"), (200, "no json"), (200, "[1]"), (200, {}), (200, {"message": "text"}),
     (200, {"message": {"content": " "}}), (200, " " * (MAX_ANSWER + 1)), (200, "[" * 100_000)],
)  # fmt: skip
def test_whatever_a_server_answers_is_one_kind_of_error(answer: tuple[int, Any]) -> None:
    with model_server(lambda path, body: answer) as (address, _), pytest.raises(ProviderError):
        OllamaProvider("m", address).generate(ASK)


def test_no_server_and_a_slow_one_are_errors_too() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(ProviderError, match="no answer"):
            OllamaProvider("m", address, timeout_s=0.1).generate(ASK)
    with pytest.raises(ProviderError, match="no answer"):
        OllamaProvider("m", address, timeout_s=0.5).generate(ASK)
    with pytest.raises(ProviderError, match="no http address"):
        OllamaProvider("m", "file:///etc").generate(ASK)


def test_openai_is_asked_with_key_and_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with model_server(openai) as (address, seen):
        assert OpenAIProvider("gpt", f"{address}/v1").generate(ASK) == SEQUENCE
    path, body, headers = seen[0]
    assert path == "/v1/chat/completions" and headers["Authorization"] == f"Bearer {KEY}"
    assert body["response_format"]["json_schema"]["schema"] == contract("boumb-sequence").json_schema()
    assert body["max_tokens"] > 0


def test_a_server_without_schemas_is_asked_for_an_object() -> None:
    def respond(path: str, body: dict[str, Any]) -> tuple[int, Any]:
        known = body["response_format"]["type"] == "json_object"
        return openai(path, body) if known else (400, {"error": "response_format json_schema is not supported"})

    with model_server(respond) as (address, seen):
        assert OpenAIProvider("local", address).generate(ASK) == SEQUENCE
    assert [body["response_format"]["type"] for _, body, _ in seen] == ["json_schema", "json_object"]


@pytest.mark.parametrize("status", [400, 401, 429, 500])
def test_the_key_is_in_no_error(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    provider = OpenAIProvider("gpt", "http://127.0.0.1:1")
    assert KEY not in repr(vars(provider))
    with (
        model_server(lambda path, body: (status, f"wrong key {KEY}")) as (address, _),
        pytest.raises(ProviderError) as caught,
    ):
        OpenAIProvider("gpt", address).generate(ASK)
    assert KEY not in str(caught.value) and str(status) in str(caught.value)


def test_the_key_follows_no_redirect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with (
        model_server(openai) as (elsewhere, stolen),
        model_server(lambda path, body: (307, elsewhere)) as (address, _),
        pytest.raises(ProviderError, match="307"),
    ):
        OpenAIProvider("gpt", address).generate(ASK)
    assert not stolen


def test_openai_without_a_key_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ProviderUnavailableError, match="OPENAI_API_KEY"):
        OpenAIProvider("gpt").generate(ASK)
