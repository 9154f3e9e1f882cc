import csv
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from boumb_assets.contracts.registry import contract
from boumb_assets.contracts.system_prompts import analysis_prompt, system_prompt
from boumb_assets.contracts.validation import validate
from boumb_assets.generation.asks import Ask
from boumb_assets.generation.chain import Answer, generate
from boumb_assets.generation.providers import RulesProvider
from boumb_assets.serving.app import create_app
from boumb_assets.serving.serve import is_loopback
from boumb_assets.theory.pitch import pitch_of
from boumb_assets.theory.scales import SCALES

HOSTS = ("testserver", "127.0.0.1")


def by_rule(ask: Ask) -> Answer:
    return generate(ask, [RulesProvider()])


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(create_app(by_rule, home=tmp_path, hosts=HOSTS)) as client:
        yield client


def test_the_service_answers_notes_and_analysis(client: TestClient) -> None:
    answer = client.post("/api/v1/generate", json={"prompt": "Basse funky en do mineur", "bpm": 97, "duration": 32})
    assert answer.status_code == 200
    body = answer.json()
    assert list(body) == ["request_id", "notes", "analysis"]
    contract("boumb-steps").parse(json.dumps({"notes": body["notes"]}))
    assert list(body["notes"][0]) == ["pitch", "start", "duration", "velocity"]
    analysis = body["analysis"]
    assert (analysis["root"], analysis["scale_type"], analysis["bpm"]) == ("C", "minor", 97)
    assert isinstance(analysis["bpm"], int)
    assert analysis["density"] in ("low", "medium", "high") and len(analysis["octave_range"]) == 2


def test_the_tempo_of_the_request_wins_always(client: TestClient) -> None:
    body = {"prompt": "techno à 140 bpm", "bpm": 88.5, "options": {"bpm": 130}}
    assert client.post("/api/v1/generate", json=body).json()["analysis"]["bpm"] == 88.5
    assert client.post("/api/v1/generate", json={"prompt": "techno à 140 bpm"}).json()["analysis"]["bpm"] == 120


@pytest.mark.parametrize("prompt", ["mélodie jazz", "batterie house", "nappe ambient", "hello"])
def test_options_are_kept_to_the_note(client: TestClient, prompt: str) -> None:
    options = {"root": "Eb", "scale_type": "Pentatonic Minor", "octave_range": [3, 4], "density": "high"}
    body = client.post("/api/v1/generate", json={"prompt": prompt, "options": options}).json()
    assert (body["analysis"]["root"], body["analysis"]["scale_type"]) == ("D#", "pentatonic_minor")
    assert body["analysis"]["octave_range"] == [3, 4] and body["analysis"]["density"] == "high"
    for note in body["notes"]:
        pitch = pitch_of(note["pitch"])
        assert (pitch - 3) % 12 in SCALES["pentatonic_minor"] and 48 <= pitch < 72


def test_the_projects_key_is_for_what_the_prompt_leaves_open(client: TestClient) -> None:
    key = {"root": "F#", "scale": "dorian"}
    open_ = client.post("/api/v1/generate", json={"prompt": "une basse", "global_key": key}).json()["analysis"]
    assert (open_["root"], open_["scale_type"]) == ("F#", "dorian")
    said = client.post("/api/v1/generate", json={"prompt": "basse en la mineur", "global_key": key}).json()["analysis"]
    assert (said["root"], said["scale_type"]) == ("A", "minor")
    odd = client.post("/api/v1/generate", json={"prompt": "une basse", "global_key": {"root": "C", "scale": "klezmer"}})
    assert odd.json()["analysis"]["scale_type"] == "minor"


def test_a_seed_repeats_a_loop_and_without_one_loops_differ(client: TestClient) -> None:
    def notes(**extra: int) -> str:
        return json.dumps(client.post("/api/v1/generate", json={"prompt": "basse", **extra}).json()["notes"])

    assert notes(seed=4) == notes(seed=4)
    assert len({notes() for _ in range(6)}) > 1


@pytest.mark.parametrize(
    "body",
    [{}, {"bpm": 120}, {"prompt": ""}, {"prompt": "a" * 5000}, {"prompt": "a", "bpm": "fast"}, {"prompt": 3}, [],
     {"prompt": "a", "options": {"root": "H"}}, {"prompt": "a", "options": {"octave_range": [3, 99]}}],
)  # fmt: skip
def test_a_request_that_lacks_its_prompt_or_means_nothing_is_422(client: TestClient, body: Any) -> None:
    answer = client.post("/api/v1/generate", json=body)
    assert answer.status_code == 422 and answer.json()["detail"]


@pytest.mark.parametrize("data", [b"", b"no json", b"[" * 60_000, b"\xff\xfe", b'{"prompt":"a","prompt":}'])
def test_a_body_that_is_no_json_is_422(client: TestClient, data: bytes) -> None:
    assert client.post("/api/v1/generate", content=data).status_code == 422


def test_bodies_have_a_bound(client: TestClient) -> None:
    large = json.dumps({"prompt": "a" * 70_000}).encode()
    assert client.post("/api/v1/generate", content=large).status_code == 413

    def unannounced() -> Iterator[bytes]:
        for _ in range(70):
            yield b" " * 1024

    assert client.post("/api/v1/generate", content=unannounced()).status_code == 413


def test_other_hosts_and_pages_of_other_sites_are_refused(client: TestClient) -> None:
    assert client.get("/health").json() == {"status": "ok"}
    assert client.get("/health", headers={"host": "rebound.example"}).status_code == 403
    assert client.post("/api/chat", json={}, headers={"origin": "https://page.example"}).status_code == 403
    assert client.get("/health", headers={"origin": "http://127.0.0.1:5173"}).status_code == 200
    assert client.get("/health", headers={"origin": "http://[bad"}).status_code == 403
    assert [is_loopback(host) for host in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "studio.local")] == [
        True, True, True, False, False,
    ]  # fmt: skip


def test_feedback_is_a_row(client: TestClient, tmp_path: Path) -> None:
    bodies = [
        {"request_id": "one", "rating": 9, "comment": 'très "groovy",\nmerci'},
        {"request_id": "two", "rating": 1, "comment": "=HYPERLINK(1)"},
    ]
    for body in bodies:
        assert client.post("/api/v1/feedback", json=body).status_code == 200
    with (tmp_path / "feedback.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["Timestamp", "RequestID", "Rating", "Comment"]
    assert [row[1:] for row in rows[1:]] == [["one", "9", 'très "groovy",\nmerci'], ["two", "1", "'=HYPERLINK(1)"]]
    for wrong in (
        {"request_id": "x", "rating": 11},
        {"rating": 3},
        {"request_id": "x", "rating": 5, "comment": "a" * 3000},
    ):
        assert client.post("/api/v1/feedback", json=wrong).status_code == 422


def test_feedback_stops_at_its_bound(client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "feedback.csv").write_bytes(b"x" * (16 * 1024 * 1024))
    assert client.post("/api/v1/feedback", json={"request_id": "x", "rating": 5}).status_code == 507
    assert (tmp_path / "feedback.csv").stat().st_size == 16 * 1024 * 1024


def chat(client: TestClient, user: str, system: str | None = None, **more: Any) -> Any:
    messages = [{"role": "system", "content": system}] if system else []
    messages.append({"role": "user", "content": user})
    options = {"temperature": 0.5, "num_predict": 1024, "seed": 3}
    body = {"model": "qwen2.5:3b", "messages": messages, "stream": False, "format": "json", "options": options, **more}
    answer = client.post("/api/chat", json=body)
    assert answer.status_code == 200, answer.text
    whole = answer.json()
    assert whole["model"] == "qwen2.5:3b" and whole["done"] is True and whole["message"]["role"] == "assistant"
    return json.loads(whole["message"]["content"])


def test_the_studios_two_calls(client: TestClient) -> None:
    """As the studio makes them: first the analysis, then music out of the pitches that follow from it."""
    analysis = chat(client, "User Request: une basse funky sombre", analysis_prompt("D", "phrygian"))
    assert set(analysis) == {"root", "scale_type", "bpm", "density", "octave_range"}
    assert (analysis["root"], analysis["scale_type"]) == ("D", "phrygian")
    assert analysis["octave_range"] == [1, 2] and 40 <= analysis["bpm"] <= 220
    names = ["D2", "D#2", "F2", "G2", "A2"]
    system = system_prompt("boumb-steps", "app", "en", names)
    music = chat(client, f"Context: D phrygian {analysis['bpm']}BPM. Request: une basse funky", system)
    contract("boumb-steps").parse(json.dumps(music))
    assert {note["pitch"] for note in music["notes"]} <= set(names)


def test_a_key_in_the_prompt_wins_over_the_projects(client: TestClient) -> None:
    analysis = chat(client, "User Request: basse en la mineur à 96 bpm", analysis_prompt("D", "phrygian"))
    assert (analysis["root"], analysis["scale_type"], analysis["bpm"]) == ("A", "minor", 96)


AIRIA = """Valence: -0.60
Arousal: 0.20
Focus: 0.70
Artistic motifs: sea, farewell
Target duration: 55 seconds
Optional constraints:
- Period/era: romantic
- Preferred form: ABA
- Preferred key (global): d minor or auto
- Tempo hint: 66
- Time signature hint: 3/4
- Motif seed (scale degrees): 5, 4, 3, 1
Section plan you MUST follow:
[{"name":"A","measures":12,"key":"d minor","cadence":"PAC"},{"name":"B","measures":8,"key":"F major","cadence":"HC"}]
Answer with the JSON object only."""


def test_airia_gets_a_structure_that_follows_its_plan(client: TestClient) -> None:
    piece = chat(client, AIRIA, system_prompt("music-structure", "app", "en"))
    assert validate(json.dumps(piece), "music-structure") == []
    assert (piece["key"], piece["tempo"], piece["timeSignature"], piece["form"]) == ("d minor", 66, "3/4", "ABA")
    assert [(s["name"], s["measures"], s["key"], s["cadence"]) for s in piece["sections"]] == [
        ("A", 12, "d minor", "PAC"), ("B", 8, "F major", "HC"),
    ]  # fmt: skip
    assert piece["sections"][0]["melody"]["motifs"][0]["degrees"] == [5, 4, 3, 1]
    assert [leitmotif["tag"] for leitmotif in piece["leitmotifs"]] == ["sea", "farewell"]


def test_airias_draft_comes_back_refined_not_replaced(client: TestClient) -> None:
    draft = chat(client, AIRIA)
    draft["sections"][0]["measures"] = 10
    broken = {**draft, "tempo": 999, "colour": "blue"}
    refined = chat(client, f"Refine this draft, keep the plan {AIRIA.splitlines()[-2]}:\n{json.dumps(broken)}")
    assert validate(json.dumps(refined), "music-structure") == []
    assert refined["sections"][0]["measures"] == 10 and refined["sections"][1] == draft["sections"][1]


def test_any_other_prompt_gets_a_loop_of_its_kind(client: TestClient) -> None:
    assert "sequence" in chat(client, "Basse funky en do mineur")
    assert "clips" in chat(client, "drum beat, house")
    assert "notes" in chat(client, "Basse funky", system_prompt("boumb-steps", "line", "fr"))


def test_a_stream_ends_with_done(client: TestClient) -> None:
    body = {"model": "m", "messages": [{"role": "user", "content": "basse"}]}
    answer = client.post("/api/chat", json=body)
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    first, last = (json.loads(line) for line in answer.text.splitlines())
    assert not first["done"] and last["done"]
    assert validate(first["message"]["content"], "boumb-sequence") == []


@pytest.mark.parametrize(
    "body", [{}, {"model": "m", "messages": []}, {"messages": [{"role": "robot", "content": "a"}]}, {"messages": "a"},
             {"messages": [{"role": "user", "content": "a" * 5000}]}],
)  # fmt: skip
def test_a_chat_that_means_nothing_is_refused(client: TestClient, body: Any) -> None:
    answer = client.post("/api/chat", json=body)
    assert answer.status_code == 422 and answer.json()["error"]


def test_too_many_at_once_are_sent_away_and_the_others_wait(tmp_path: Path) -> None:
    started, release = threading.Semaphore(0), threading.Event()

    def slow(ask: Ask) -> Answer:
        started.release()
        release.wait(10)
        return by_rule(ask)

    with TestClient(create_app(slow, home=tmp_path, hosts=None)) as client:
        codes: list[int] = []

        def one() -> None:
            codes.append(client.post("/api/v1/generate", json={"prompt": "basse"}).status_code)

        threads = [threading.Thread(target=one) for _ in range(36)]
        for thread in threads:
            thread.start()
        assert started.acquire(timeout=10)
        for _ in range(200):
            if codes.count(503) == 4:
                break
            threading.Event().wait(0.02)
        release.set()
        for thread in threads:
            thread.join(10)
        assert codes.count(503) == 4 and codes.count(200) == 32
