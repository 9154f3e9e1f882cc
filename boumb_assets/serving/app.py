"""The HTTP app: the studio's own service, and an Ollama for both apps."""

import json
import secrets
import uuid
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from boumb_assets.contracts.loop_request import LoopRequest
from boumb_assets.contracts.steps import Steps
from boumb_assets.generation.asks import Ask, ask_for
from boumb_assets.generation.chain import Answer
from boumb_assets.prompts.reader import read_request
from boumb_assets.serving.analysis import Analysis, analyse, octaves_of, scale_pitches
from boumb_assets.serving.chat import reply
from boumb_assets.serving.feedback import FeedbackFile, FeedbackFullError
from boumb_assets.serving.fitting import fitted
from boumb_assets.serving.guard import LOOPBACK_HOSTS, Guard
from boumb_assets.serving.requests import ChatBody, FeedbackBody, GenerateBody, Options
from boumb_assets.theory.pitch import pitch_class_of, pitch_of

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

Body = TypeVar("Body", bound=BaseModel)
Answerer = Callable[[Ask], Answer]
Analyser = Callable[[LoopRequest, int], Analysis]

FEEDBACK_FILE: Final = "feedback.csv"
AT_ONCE: Final = 2  # answers in the making; the others wait
MAX_WAITING: Final = 32


def create_app(
    answer: Answerer,
    analyse: Analyser = analyse,
    *,
    home: Path,
    hosts: Collection[str] | None = LOOPBACK_HOSTS,
) -> "Starlette":
    """The app over ``answer`` (the chain of providers) and ``analyse``. Feedback goes to ``home``/feedback.csv. Only
    the names ``hosts`` are served, and bodies up to 64 KiB; None serves any name. Needs the extra `serve`."""
    import anyio
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.responses import JSONResponse, Response
    from starlette.routing import Route

    feedback = FeedbackFile(home / FEEDBACK_FILE)
    limiter = anyio.CapacityLimiter(AT_ONCE)
    waiting = 0

    async def work(job: Callable[[], Any]) -> Any:
        nonlocal waiting
        if waiting >= MAX_WAITING:
            raise _RefusedError(503, "too many requests are waiting")
        waiting += 1
        try:
            return await anyio.to_thread.run_sync(job, limiter=limiter)
        finally:
            waiting -= 1

    async def generate(request: "Request") -> Response:
        body = await _read(request, GenerateBody)
        return JSONResponse(await work(lambda: service_answer(body, answer, analyse)))

    async def rate(request: "Request") -> Response:
        body = await _read(request, FeedbackBody)
        try:
            await anyio.to_thread.run_sync(feedback.append, body)
        except FeedbackFullError as error:
            raise _RefusedError(507, str(error)) from error
        return JSONResponse({"status": "success"})

    async def chat(request: "Request") -> Response:
        body = await _read(request, ChatBody)
        given = body.options.seed if body.options else None
        seed = secrets.randbelow(2**31) if given is None else given
        content = await work(lambda: reply(body, seed, answer, analyse))
        lines = ollama_lines(body, content)
        if body.stream:
            return Response("".join(json.dumps(line) + "\n" for line in lines), media_type="application/x-ndjson")
        return JSONResponse(lines[-1])

    async def health(request: "Request") -> Response:
        return JSONResponse({"status": "ok"})

    routes = [
        Route("/api/v1/generate", _answering(generate), methods=["POST"]),
        Route("/api/v1/feedback", _answering(rate), methods=["POST"]),
        Route("/api/chat", _answering(chat), methods=["POST"]),
        Route("/health", health, methods=["GET"]),
    ]
    return Starlette(routes=routes, middleware=[Middleware(Guard, hosts=hosts)])


def service_answer(body: GenerateBody, answer: Answerer, analyse: Analyser) -> dict[str, Any]:
    """The answer of the studio's service: a two-bar loop in steps with the parameters that it was made by. The client's
    options win over the prompt, the prompt over the project's key, and the request's tempo over all. Without a seed
    the request's id is the seed."""
    request_id = uuid.uuid4()
    seed = request_id.int % 2**31 if body.seed is None else body.seed
    options = body.options or Options()
    said = read_request(body.prompt)
    project = body.global_key
    root = _first_known(options.root, said.root, project and project.root)
    scale = _first_known(options.scale_type, said.scale, project and project.scale)
    wishes = {"root": root, "scale": scale, "density": options.density, "bpm": round(min(220, max(40, body.bpm)))}
    ask = ask_for(body.prompt, contract="boumb-steps", seed=seed, **wishes)
    analysis = analyse(ask.request, seed)
    root, scale = pitch_class_of(analysis.root), analysis.scale_type
    ask = ask_for(body.prompt, contract="boumb-steps", seed=seed, **{**wishes, "root": root, "scale": scale})
    steps = Steps.model_validate_json(answer(ask).text)
    steps = fitted(steps, scale_pitches(root, scale), options.octave_range)
    octaves = options.octave_range or octaves_of([pitch_of(note.pitch) for note in steps.notes])
    described = replace(analysis, bpm=body.bpm, octave_range=octaves).as_json()
    return {"request_id": str(request_id), "notes": steps.model_dump()["notes"], "analysis": described}


def ollama_lines(body: ChatBody, content: str) -> list[dict[str, Any]]:
    """Ollama's answer: one line, or, streamed, the content and then the end."""
    common = {"model": body.model, "created_at": datetime.now(UTC).isoformat()}
    end = {"done_reason": "stop", "done": True}
    if not body.stream:
        return [{**common, "message": {"role": "assistant", "content": content}, **end}]
    first = {**common, "message": {"role": "assistant", "content": content}, "done": False}
    return [first, {**common, "message": {"role": "assistant", "content": ""}, **end}]


class _RefusedError(Exception):
    """A request that gets an error status."""

    def __init__(self, status: int, detail: Any) -> None:
        super().__init__(str(detail))
        self.status, self.detail = status, detail


def _answering(
    endpoint: Callable[["Request"], Awaitable["Response"]],
) -> Callable[["Request"], Awaitable["Response"]]:
    """``endpoint`` with its errors as JSON: ``detail`` as the studio reads it, ``error`` as an Ollama client does."""

    async def answered(request: "Request") -> "Response":
        from starlette.responses import JSONResponse

        try:
            return await endpoint(request)
        except _RefusedError as error:
            return JSONResponse({"detail": error.detail, "error": str(error)}, error.status)
        except ValueError as error:
            return JSONResponse({"detail": str(error), "error": str(error)}, 422)

    return answered


async def _read(request: "Request", model: type[Body]) -> Body:
    try:
        return model.model_validate_json(await request.body())
    except ValidationError as error:
        details = [
            {"loc": ["body", *detail["loc"]], "msg": detail["msg"], "type": detail["type"]}
            for detail in error.errors(include_url=False, include_input=False, include_context=False)
        ]
        raise _RefusedError(422, details) from None


def _first_known(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)
