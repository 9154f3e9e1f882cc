import json
from importlib.resources import files

import pytest

from boumb_assets.render.instruments import PIANO, programs_of
from boumb_assets.render.synth import timbre_of

STRUCTURES = files("boumb_assets.few_shot").joinpath("library", "structures")
NAMES = sorted({json.loads(file.read_text())["content"]["instrumentation"] for file in STRUCTURES.iterdir()})


@pytest.mark.parametrize(
    ("words", "programs"),
    [
        ("piano", (0, 0, 0)), ("flute and guitar", (73, 24, 24)), ("Cello, piano", (42, 0, 0)),
        ("flute, oboe, clarinet, bassoon", (73, 68, 70)), ("harpsichord", (6, 6, 6)), ("Harpe", (46, 46, 46)),
        ("vibraphone and strings", (11, 48, 48)), ("chœur et orgue", (52, 19, 19)), ("Flûte à bec", (73, 73, 73)),
        ("double bass", (43, 43, 43)), ("", (0, 0, 0)), ("two combs and paper", (0, 0, 0)),
    ],
)  # fmt: skip
def test_words_name_the_programs_of_melody_chords_and_bass(words: str, programs: tuple[int, int, int]) -> None:
    assert programs_of(words) == programs


@pytest.mark.parametrize("name", NAMES)
def test_every_instrumentation_of_the_library_is_known(name: str) -> None:
    assert programs_of(name) != (PIANO,) * 3 or name.startswith("piano")


def test_instruments_sound_different() -> None:
    names = ["piano", "guitar", "vibraphone", "organ", "violin", "choir", "horn", "oboe", "flute", "synth", "rhodes"]
    assert len({timbre_of(programs_of(name)[0]) for name in names}) == len(names)


def test_every_program_has_a_timbre() -> None:
    assert {timbre_of(program) for program in range(128)} >= {"bass", "lead", "keys", "pad"}
