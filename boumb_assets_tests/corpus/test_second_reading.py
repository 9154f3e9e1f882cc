"""The second reading: it finds the claims in a prompt's words, and each one that the notes or the source contradict."""

import csv
import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from boumb_assets.contracts.boumb_sequence import BoumbSequence, Note
from boumb_assets.contracts.drum_pattern import DrumPattern
from boumb_assets.corpus.loop_facts import fact_columns
from boumb_assets.corpus.loops import cut_loops
from boumb_assets.corpus.second_measures import answer
from boumb_assets.corpus.second_reading import claims_of, read_again
from boumb_assets.events.extract import FileTask, extract_files
from boumb_assets.ingest.demo import write_demo
from boumb_assets.prompts.columns import columns_of
from boumb_assets.prompts.facts import INSTRUMENT_NAMES, LoopFacts
from boumb_assets.prompts.instruments import INSTRUMENTS
from boumb_assets.prompts.rendering import render_prompts


def sequence(*tones: tuple[int, int, float]) -> str:
    """The canonical text of (step, pitch, length)."""
    return BoumbSequence.of([Note.on_grid(step, pitch, length, 0.8) for step, pitch, length in tones]).to_json()


WALK = sequence(*((4 * beat, pitch, 4) for beat, pitch in enumerate((33, 36, 38, 40, 41, 40, 36, 35))))  # legato, low
DETACHED = sequence(*((2 * place, 33 + (0, 3, 7, 3)[place % 4], 1) for place in range(16)))
FOUR_BARS = sequence(*((8 * half, 72 + (0, 4, 7)[half % 3], 8) for half in range(8)))
BEAT = DrumPattern.of({
    "track-kick": {0: 0.9, 3: 0.9, 6: 0.9, 16: 0.9, 19: 0.9, 22: 0.9}, "track-snare": {8: 0.9, 24: 0.9},
}).to_json()  # fmt: skip
STRAIGHT = DrumPattern.of({"track-kick": dict.fromkeys(range(0, 32, 4), 0.9)}).to_json()
CHORDS = sequence(
    *(
        (8 * half, pitch, 8)
        for half in range(4)
        for pitch in ((60, 64, 67), (65, 69, 72), (67, 71, 74), (57, 60, 64))[half]
    )
)
ONE_CHORD = sequence(*((8 * half, pitch, 8) for half in range(4) for pitch in (60, 64, 67)))
SOURCE = {
    "style": "funk", "genre": "rock/indie", "composer": "Clara Schumann", "composer_died": 1896, "swing": 0.7,
    "bpm": 120.2, "program": 36,
}  # fmt: skip


def record(prompt: str, content: str = WALK, **changed: Any) -> dict[str, Any]:
    contract = "drum-pattern" if "clips" in content else "boumb-sequence"
    return SOURCE | {"prompt": prompt, "contract": contract, "content": content} | changed


TRUE = [
    record("Basse funky"),
    record("Context: A minor 120BPM. Request: une basse legato dans le grave"),
    record("Basse en la mineur, 120 BPM, deux mesures"),
    record("a rock bassline in A minor"),
    record("a swung bass in the spirit of Clara Schumann"),
    record("une basse de l'époque romantique, à la manière de Clara Schumann"),
    record("basse slap en staccato", DETACHED),
    record("theme with few notes, up high, 4 bars", FOUR_BARS),
    record("Un beat syncopé", BEAT),
    record("accords avec une harmonie qui bouge vite", CHORDS),
    record("chords on a single chord", ONE_CHORD),
    record("organ bassline", program=17),
]
FALSE = {
    "role": [
        record("Une mélodie", BEAT),
        record("Une batterie"),
        record("A bassline", FOUR_BARS),
        record("melody", CHORDS),
    ],
    "style": [record("a house bass"), record("a funky bass", style=None)],
    "key": [record("Basse en do dièse majeur"), record("Context: C# major 120BPM. Request: basse")],
    "bpm": [record("Basse, 121 BPM"), record("bass 120 bpm", bpm=None)],
    "bars": [record("A bass of four bars"), record("A theme, 2 bars", FOUR_BARS)],
    "density": [record("Une basse chargée"), record("a sparse bassline", DETACHED)],
    "register": [record("a bass up high"), record("basse dans le médium"), record("batterie dans l'aigu", BEAT)],
    "swing": [record("une basse swinguée", swing=0.2), record("a bass with swing", swing=None)],
    "syncopated": [record("a syncopated beat", STRAIGHT), record("une basse syncopée")],
    "mood": [record("a happy bass"), record("basse joyeuse", bpm=None)],
    "articulation": [record("a staccato bass"), record("basse en notes liées", DETACHED)],
    "harmony": [record("accords sans changer d'accord", CHORDS), record("chords with quick chord changes", ONE_CHORD)],
    "instrument": [record("basse slap", program=32), record("organ bassline")],
    "period": [record("a baroque bass"), record("une basse baroque", composer_died=None)],
    "composer": [record("a bass in the spirit of Robert Schumann"), record("basse façon Clara", composer=None)],
    "genre": [record("a punk bassline"), record("basse rock", genre=None)],
}


@pytest.mark.parametrize("row", TRUE, ids=lambda row: str(row["prompt"]))
def test_what_is_true_passes(row: dict[str, Any]) -> None:
    verdicts = dict(claims_of(row))
    assert verdicts and all(verdicts.values()), verdicts


@pytest.mark.parametrize(("kind", "row"), [(kind, row) for kind, rows in FALSE.items() for row in rows])
def test_each_kind_of_lie_is_caught(kind: str, row: dict[str, Any]) -> None:
    verdicts = dict(claims_of(row))
    assert verdicts[kind] is False, (row["prompt"], verdicts)


def test_what_is_not_said_is_not_checked() -> None:
    assert dict(claims_of(record("Fais-moi une basse, peu importe le style."))) == {"role": True}
    assert dict(claims_of(record("Make a bass, any style will do."))) == {"role": True}


def test_counts_and_examples() -> None:
    reading = read_again([record("Basse funky"), record("Basse house, 80 BPM"), record("Basse, 120 BPM")])
    assert (reading.rows, reading.true_rows) == (3, 2)
    assert reading.checked == {"bpm": 2, "role": 3, "style": 2} and reading.wrong == {"bpm": 1, "style": 1}
    assert reading.examples == ("style, bpm: Basse house, 80 BPM",)
    assert reading.share == pytest.approx(2 / 3)
    assert read_again([]).share == 1.0


def test_every_wording_of_a_fact_is_found() -> None:
    """What the prompts of a loop claim, the second reading finds, fact by fact, in either language."""
    facts = LoopFacts(
        contract="boumb-sequence", role="bass", style="funk", root=9, scale="minor", bpm=120, density="low",
        register="low", swing=True, articulation="legato", instrument="cello", period="romantic",
        composer="Clara Schumann",
    )  # fmt: skip
    count = 1500
    seeds = np.random.default_rng(0).integers(0, 2**64, count, dtype=np.uint64)
    batch = render_prompts(columns_of([facts]), np.zeros(count), np.zeros(count), seeds)
    for index in range(count):
        verdicts = dict(claims_of(record(batch.prompt(index), program=42)))
        claimed = {"key" if name in ("root", "scale") else name for name in batch.said(index)}
        assert set(verdicts) == claimed, batch.prompt(index)
        assert all(verdicts.values()), (batch.prompt(index), verdicts)


def test_every_instrument_is_found_by_its_program() -> None:
    for index, name in enumerate(INSTRUMENT_NAMES):
        loop = LoopFacts(contract="boumb-sequence", role="lead", instrument=name)
        seeds = np.arange(150, dtype=np.uint64) * np.uint64(7919)
        batch = render_prompts(columns_of([loop]), np.zeros(150), np.zeros(150), seeds)
        said = [place for place in range(150) if "instrument" in batch.said(place)]
        for place in said:
            verdicts = [dict(claims_of(record(batch.prompt(place), FOUR_BARS, program=program)))["instrument"]
                        for program in INSTRUMENTS[index].programs]  # fmt: skip
            assert all(verdicts), batch.prompt(place)


def test_measures() -> None:
    walk, chords = answer("boumb-sequence", WALK), answer("boumb-sequence", CHORDS)
    assert (walk.bars, walk.onsets, walk.middle) == (2, list(range(0, 32, 4)), 37)
    assert (walk.articulation(), answer("boumb-sequence", DETACHED).articulation()) == (1.0, 0.5)
    assert (walk.notes_at_once(), chords.notes_at_once()) == (1.0, 3.0)
    assert chords.chord_changes() == 1.5 and answer("boumb-sequence", ONE_CHORD).chord_changes() == 0
    assert walk.share_inside(frozenset({9})) == pytest.approx(1 / 8)
    assert answer("drum-pattern", BEAT).held_over() >= 4 > answer("drum-pattern", STRAIGHT).held_over() == 0
    valence, arousal = walk.feeling(60)
    assert arousal < 0.5 and -1 < valence < 1
    with pytest.raises(ValueError):
        answer("music-structure", "{}")


def test_what_is_said_of_the_demo_is_true(tmp_path: Path) -> None:
    write_demo(tmp_path)
    said = {row["file"]: row for row in csv.DictReader((tmp_path / "index.tsv").open(encoding="utf-8"), delimiter="\t")}
    paths = sorted(tmp_path.rglob("*.mid"))[::3]
    names = [path.relative_to(tmp_path).as_posix() for path in paths]
    tasks = [
        FileTask(
            str(path),
            name,
            hashlib.sha256(path.read_bytes()).hexdigest(),
            {"style": said[name]["style"], "composer": said[name]["composer"]},
        )
        for path, name in zip(paths, names, strict=True)
    ]
    read = extract_files(tasks, "demo")
    loops = cut_loops(read.events, read.files).table
    died = [int(said[name]["died"] or 0) or None for name in loops["path"].to_pylist()]
    loops = loops.append_column("composer_died", pa.array(died, pa.int32()))
    loops = loops.append_column("genre", pa.array([said[name]["style"] for name in loops["path"].to_pylist()]))
    seeds = np.random.default_rng(1).integers(0, 2**64, len(loops), dtype=np.uint64)
    batch = render_prompts(fact_columns(loops), np.arange(len(loops)), np.zeros(len(loops)), seeds)
    records = [row | {"prompt": batch.prompt(place)} for place, row in enumerate(loops.to_pylist())]
    reading = read_again(records)
    assert reading.rows > 400 and len(reading.checked) >= 12
    assert reading.share >= 0.98, reading.examples
    assert len({batch.prompt(place) for place in range(len(loops))}) >= 0.9 * len(loops)
