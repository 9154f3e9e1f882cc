import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.contracts.base import ContractModel
from boumb_assets.contracts.boumb_sequence import BoumbSequence
from boumb_assets.contracts.drum_pattern import DrumPattern
from boumb_assets.contracts.json_text import MOST_CHARACTERS
from boumb_assets.contracts.music_structure import MusicStructure
from boumb_assets.contracts.probes import probes
from boumb_assets.contracts.registry import CONTRACTS, contract
from boumb_assets.contracts.validation import repair, validate
from boumb_assets_tests.contracts.models import MODELS, QUICK, sequences

WORDS = ["sequence", "notes", "clips", "track-kick", "note", "pitch", "time", "start", "duration", "velocity", "fill",
         "sections", "key", "chordProgression", "cadence", "melody", "motifs", "degrees", "rhythm", "humanize",
         "leitmotifs", "tag", "measures", "harmonicFunctions", "tempo", "0"]  # fmt: skip
VALUES = st.sampled_from(
    ["C2", "Bb3", "0:0:0", "3:9:15.5", "8n", "8n.", "16t", "C major", "F# minor", "V7", "PAC", "HC"]
)
LIKE_MUSIC = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | VALUES | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=5),
    max_leaves=20,
)


@pytest.mark.parametrize("name", CONTRACTS)
@QUICK
@given(data=st.data())
def test_whatever_comes_in_nothing_raises_and_what_comes_out_is_valid(name: str, data: st.DataObject) -> None:
    text = data.draw(st.text() | LIKE_MUSIC.map(json.dumps))
    repaired = repair(text, name)
    assert repaired.actions or repaired.text == text
    if repaired.text is not None:
        assert validate(repaired.text, name) == []
        assert repair(repaired.text, name).text == repaired.text


@pytest.mark.parametrize("name", CONTRACTS)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_a_canonical_text_is_left_alone_and_a_wrapped_one_is_unwrapped(name: str, data: st.DataObject) -> None:
    text = data.draw(MODELS[name]).to_json()
    assert (repair(text, name).text, repair(text, name).actions) == (text, [])
    fenced = repair(f"Voilà :\n```json\n{text}\n```", name)
    assert fenced.text == text and fenced.actions == ["took the JSON out of the text around it"]


@pytest.mark.parametrize("name", CONTRACTS)
def test_every_probe_comes_out_valid_or_not_at_all(name: str) -> None:
    saved = 0
    for text in probes(name):
        repaired = repair(text, name)
        saved += repaired.text is not None
        assert repaired.text is None or not contract(name).violations(repaired.text)
    assert saved > 0.75 * len(list(probes(name)))


@QUICK
@given(sequences(), st.data())
def test_a_sequence_that_breaks_off_keeps_its_whole_notes(sequence: BoumbSequence, data: st.DataObject) -> None:
    text = sequence.to_json()
    cut = data.draw(st.integers(0, len(text) - 1))
    whole = text[:cut].count("}")
    repaired = repair(text[:cut])
    if whole == 0:
        assert repaired.text is None
    else:
        assert repaired.text == BoumbSequence(sequence=sequence.sequence[:whole]).to_json()


@QUICK
@given(sequences(), st.randoms(use_true_random=False))
def test_order_and_doubles_are_put_right(sequence: BoumbSequence, random: Any) -> None:
    notes = [note.model_dump() for note in sequence.sequence]
    mixed = [*notes, notes[0]]
    random.shuffle(mixed)
    assert repair(json.dumps({"sequence": mixed})).text == sequence.to_json()


def _note(**changes: object) -> str:
    return json.dumps({"note": "C2", "time": "0:0:0", "duration": "8n", "velocity": 0.9} | changes)


@pytest.mark.parametrize(
    ("changes", "field", "value"),
    [
        ({"note": "Bb2"}, "note", "A#2"), ({"note": "Cb3"}, "note", "B2"), ({"note": "e♭2"}, "note", "D#2"),
        ({"note": 36}, "note", "C2"), ({"note": "C-1"}, "note", "C0"), ({"note": "G9"}, "note", "G8"),
        ({"time": "0:0:6"}, "time", "0:1:2"), ({"time": "0:5"}, "time", "1:1:0"),
        ({"time": "0:0:2.5"}, "time", "0:0:2"),
        ({"time": 17}, "time", "1:0:1"), ({"duration": "8n."}, "duration", "4n"),
        ({"duration": "2t"}, "duration", "4n"),
        ({"duration": "4t"}, "duration", "8n"), ({"duration": 4}, "duration", "4n"),
        ({"duration": None}, "duration", "8n"),
        ({"velocity": 100}, "velocity", 0.8), ({"velocity": 0.94}, "velocity", 0.9), ({"velocity": 0}, "velocity", 0.1),
        ({"velocity": "loud"}, "velocity", 0.8), ({"velocity": 1}, "velocity", 1.0), ({"extra": 1}, "note", "C2"),
    ],
)  # fmt: skip
def test_a_note_is_put_right(changes: dict[str, object], field: str, value: object) -> None:
    repaired = repair(f'{{"sequence":[{_note(**changes)}]}}')
    assert repaired.text is not None
    (note,) = json.loads(repaired.text)["sequence"]
    assert note[field] == value


@pytest.mark.parametrize("shape", ["[{}]", '{{"notes":[{}]}}', '{{"melody":[{}]}}', '{{"0":{}}}', "Here: [{}] done"])
def test_every_shape_that_the_service_reads_becomes_a_sequence(shape: str) -> None:
    step = '{"pitch":"C3","start":5,"duration":2,"velocity":100}'
    expected = '{"sequence":[{"note":"C3","time":"0:1:1","duration":"8n","velocity":0.8}]}'
    assert repair(shape.format(step)).text == expected


def test_the_step_form_keeps_velocities_of_midi_and_comes_round() -> None:
    notes = [{"pitch": "Db3", "start": 33, "duration": 40, "velocity": 1}, {"pitch": "C3", "start": 0, "velocity": 0.5}]
    repaired = repair(json.dumps({"notes": notes}), "boumb-steps").text
    assert repaired is not None
    assert json.loads(repaired)["notes"] == [
        {"pitch": "C#3", "start": 1, "duration": 32, "velocity": 1},
        {"pitch": "C3", "start": 0, "duration": 2, "velocity": 64},
    ]


def test_a_drum_pattern_keeps_the_louder_of_two_hits() -> None:
    hits = [{"time": "0:1:0", "velocity": 0.5, "fill": 0.333}, {"time": "0:0:0"}, {"time": "0:1:0", "velocity": 0.4}]
    repaired = repair(json.dumps({"clips": {"track-kick": hits, "track-cowbell": hits}}), "drum-pattern").text
    assert repaired is not None
    (kick,) = DrumPattern.model_validate_json(repaired).clips.tracks().values()
    assert [(hit.step, hit.velocity, hit.fill) for hit in kick] == [(0, 0.8, None), (4, 0.5, 0.33)]


def _structure(**changes: object) -> MusicStructure:
    good = json.loads(next(iter(probes("music-structure"))))
    text = repair(json.dumps(good | changes), "music-structure").text
    assert text is not None
    return MusicStructure.model_validate_json(text)


def _section(**changes: object) -> dict[str, Any]:
    section: dict[str, Any] = json.loads(next(iter(probes("music-structure"))))["sections"][0]
    return section | changes


def test_a_piece_in_f_sharp_moves_to_keys_without_accidentals_as_a_whole() -> None:
    piece = _structure(key="F# minor", sections=[_section(key="F# minor"), _section(key="A major")])
    assert (piece.key, [section.key for section in piece.sections]) == ("e minor", ["e minor", "G major"])


def test_keys_that_no_transposition_frees_cannot_be_saved() -> None:
    sections = [_section(key=f"{root} major") for root in ("C", "C#", "D", "D#", "E", "F", "F#", "G")]
    good = json.loads(next(iter(probes("music-structure"))))
    assert repair(json.dumps(good | {"sections": sections}), "music-structure").text is None


@pytest.mark.parametrize(
    ("key", "chords", "cadence", "repaired", "becomes"),
    [
        ("a minor", ["i", "iv", "v", "i"], "PAC", ["i", "iv", "V", "i"], "PAC"),
        ("a minor", ["i", "IV7", "V", "i"], "PAC", ["i", "iv", "V", "i"], "PAC"),
        ("a minor", ["i", "V", "iv", "V"], "PAC", ["i", "v", "iv", "V"], "HC"),
        ("C major", ["I", "IV", "V7", "I"], "IAC", ["I", "IV", "V", "I"], "PAC"),
        ("C major", ["vi", "IV", "V", "I"], "PAC", ["I", "vi", "IV", "V", "I"], "PAC"),
        ("C major", ["I", "V", "I"], "PICARDY", ["I", "V", "I"], "PAC"),
        ("C major", ["I", "vi"], "HC", ["I", "V"], "HC"),
        ("C major", ["V", "I"], "PAC", ["I", "V", "I"], "PAC"),
        ("C major", [], "DC", ["I", "V", "vi"], "DC"),
        ("C major", "I V", None, ["I", "V", "I"], "PAC"),
        ("C major", ["I"] * 40 + ["V", "I"], "PAC", ["I"] * 30 + ["V", "I"], "PAC"),
    ],
)
def test_chords_are_made_to_fit_mode_and_cadence(
    key: str, chords: object, cadence: object, repaired: list[str], becomes: str
) -> None:
    section = _structure(sections=[_section(key=key, chordProgression=chords, cadence=cadence)] * 2).sections[0]
    assert (list(section.chordProgression), section.cadence) == (repaired, becomes)


def test_limits_of_a_structure_are_kept() -> None:
    one_note = {"motifs": [{"degrees": [15], "rhythm": [3, 1]}]}
    piece = _structure(
        tempo=300, timeSignature="3/4", form="x" * 30, reasoning="😀" * 700, instrumentation=["piano", "flute"],
        sections=[_section(name="", measures=90, melody=one_note)] * 14, humanize={"peakBoost": 3}, leitmotifs=[{}],
    )  # fmt: skip
    assert (piece.tempo, len(piece.sections), piece.measures <= 160) == (220, 12, True)
    assert piece.sections[2].name == "C" and piece.form == "x" * 24 and piece.instrumentation == "piano, flute"
    assert piece.sections[0].melody.motifs[0].degrees == [1, 1]
    assert piece.humanize.peakBoost == 0.6 and piece.leitmotifs is None and piece.reasoning == "😀" * 600


def test_a_missing_cadence_is_read_off_the_chords() -> None:
    section = _section(chordProgression=["i", "iv", "V", "VI"])
    del section["cadence"]
    assert _structure(sections=[section] * 2).sections[0].cadence == "DC"


def test_a_text_beyond_all_bounds_is_left() -> None:
    assert repair("{" + " " * MOST_CHARACTERS).text is None


def test_an_unknown_contract_is_the_callers_mistake() -> None:
    with pytest.raises(ValueError, match="drum-pattern"):
        repair("{}", "midi")


def test_a_repaired_text_is_always_canonical() -> None:
    for name in CONTRACTS:
        for text in probes(name):
            saved = repair(text, name).text
            if saved is not None:
                model: ContractModel = contract(name).parse(saved)
                assert model.to_json() == saved
