"""The facts of loops as columns: what is said, what is left out, and nothing that is not known."""

from typing import Any

import pyarrow as pa
import pytest

from boumb_assets.contracts.loop_request import ROLES, STYLES
from boumb_assets.corpus.loop_facts import fact_columns
from boumb_assets.prompts.columns import COLUMNS, LEGATO, NEITHER, STACCATO
from boumb_assets.prompts.facts import (
    DENSITIES,
    HARMONIES,
    INSTRUMENT_NAMES,
    MOOD_NAMES,
    PERIODS,
    density_of,
)
from boumb_assets.prompts.key_names import SCALE_NAMES

SCHEMA = pa.schema([
    ("contract", pa.string()), ("role", pa.string()), ("style", pa.string()), ("key_root", pa.int8()),
    ("scale", pa.string()), ("bpm", pa.float32()), ("bars", pa.int8()), ("density", pa.float32()),
    ("swing", pa.float32()), ("syncopation", pa.float32()), ("articulation", pa.float32()),
    ("chord_changes", pa.float32()), ("valence", pa.float32()), ("arousal", pa.float32()), ("lowest", pa.uint8()),
    ("highest", pa.uint8()), ("program", pa.int16()), ("composer", pa.string()), ("composer_died", pa.int32()),
    ("genre", pa.string()),
])  # fmt: skip


def _loop(**changed: Any) -> dict[str, Any]:
    row = {
        "contract": "boumb-sequence", "role": "bass", "style": None, "key_root": 9, "scale": "dorian", "bpm": 120.4,
        "bars": 2, "density": 4.0, "swing": 0.6, "syncopation": 0.2, "articulation": 0.4, "chord_changes": 0.5,
        "valence": -0.9, "arousal": 0.9, "lowest": 30, "highest": 50, "program": 36, "composer": "Clara Schumann",
        "composer_died": 1896, "genre": "Punk",
    }  # fmt: skip
    return row | changed


def _table(*rows: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), SCHEMA)


def _fact(name: str, **changed: Any) -> int:
    return int(getattr(fact_columns(_table(_loop(**changed))), name)[0])


def test_a_loop_of_which_all_is_known() -> None:
    facts = fact_columns(_table(_loop()))
    said = {name: int(getattr(facts, name)[0]) for name in COLUMNS}
    assert said == {
        "contract": 0, "role": ROLES.index("bass"), "style": -1, "root": 9, "scale": SCALE_NAMES.index("dorian"),
        "bpm": 120, "bars": 2, "density": DENSITIES.index("low"), "lowest": 30, "highest": 50, "swing": 1,
        "syncopated": 1, "mood": MOOD_NAMES.index("tense"), "articulation": STACCATO,
        "harmony": HARMONIES.index("slow"), "instrument": INSTRUMENT_NAMES.index("slap bass"),
        "period": PERIODS.index("romantic"), "composer": 0, "genre": 0,
    }  # fmt: skip
    assert (facts.composers, facts.genres) == (["Clara Schumann"], ["punk"])


def test_drums_have_nothing_of_notes() -> None:
    facts = fact_columns(_table(_loop(role="drums", contract="drum-pattern")))
    for name in ("root", "scale", "mood", "articulation", "harmony", "instrument"):
        assert getattr(facts, name)[0] == -1, name


def test_nothing_is_made_of_what_is_unknown() -> None:
    unknown = ("style", "key_root", "scale", "articulation", "chord_changes", "valence", "arousal", "composer")
    rows = [_loop(**dict.fromkeys((*unknown, "composer_died", "genre"))), _loop(key_root=None), _loop(scale=None)]
    table = _table(*rows)
    facts = fact_columns(table)
    for name in ("style", "root", "scale", "mood", "articulation", "harmony", "period", "composer", "genre"):
        assert getattr(facts, name)[0] == -1, name
    assert facts.root.tolist() == facts.scale.tolist() == [-1, -1, -1]
    bare = fact_columns(table.drop_columns(["composer_died", "genre"]))
    assert bare.period.tolist() == bare.genre.tolist() == [-1, -1, -1]
    assert len(fact_columns(_table())) == 0


@pytest.mark.parametrize(
    ("name", "changed", "index"),
    [
        ("bpm", {"bpm": 30.0}, 0),
        ("bpm", {"bpm": 220.4}, 220),
        ("bpm", {"bpm": 240.0}, 0),
        ("articulation", {"articulation": 0.5}, STACCATO),
        ("articulation", {"articulation": 0.75}, NEITHER),
        ("articulation", {"articulation": 1.0}, LEGATO),
        ("harmony", {"chord_changes": 0.0}, HARMONIES.index("one chord")),
        ("harmony", {"chord_changes": 1.5}, HARMONIES.index("quick")),
        ("instrument", {"program": 0}, -1),
        ("instrument", {"program": -1}, -1),
        ("period", {"composer_died": 1685}, PERIODS.index("baroque")),
        ("period", {"composer_died": 1775}, -1),
        ("composer", {"composer": "funk {bpm}"}, -1),
        ("genre", {"genre": "classical"}, -1),
        ("genre", {"style": "dub"}, -1),
        ("style", {"style": "dub"}, STYLES.index("dub")),
    ],
)
def test_boundaries(name: str, changed: dict[str, Any], index: int) -> None:
    assert _fact(name, **changed) == index


@pytest.mark.parametrize(
    ("valence", "arousal", "mood"),
    [
        (0.8, 0.9, "happy"), (0.8, 0.1, "calm"), (-0.8, 0.9, "tense"), (-0.8, 0.1, "melancholic"), (0.1, 0.9, None),
        (0.8, 0.5, None),
    ],
)  # fmt: skip
def test_moods_are_clear_quadrants(valence: float, arousal: float, mood: str | None) -> None:
    assert _fact("mood", valence=valence, arousal=arousal) == (-1 if mood is None else MOOD_NAMES.index(mood))


def test_a_role_has_its_own_bounds() -> None:
    rows = [
        _loop(
            role=role,
            contract="drum-pattern" if role == "drums" else "boumb-sequence",
            density=onsets / 2,
            syncopation=0.2,
        )
        for role in ROLES
        for onsets in range(32)
    ]
    facts = fact_columns(_table(*rows))
    for place, row in enumerate(rows):
        assert DENSITIES[facts.density[place]] == density_of(row["role"], row["density"])
        assert facts.syncopated[place] == (row["role"] != "drums")


def test_swing_is_said_from_half_way_to_a_triplet_on() -> None:
    assert (_fact("swing", swing=0.49), _fact("swing", swing=0.5)) == (0, 1)
