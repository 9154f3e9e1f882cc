import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.contracts.base import ContractModel
from boumb_assets.contracts.boumb_sequence import BoumbSequence
from boumb_assets.contracts.changes import changes_between
from boumb_assets.contracts.drum_pattern import DrumPattern
from boumb_assets.contracts.json_text import MOST_CHARACTERS
from boumb_assets.contracts.loop_request import LoopRequest
from boumb_assets.contracts.music_request import MusicRequest
from boumb_assets.contracts.music_structure import TIME_SIGNATURES, MusicStructure
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
        ({"velocity": "loud"}, "velocity", 0.8), ({"velocity": "0.6"}, "velocity", 0.6),
        ({"velocity": 1}, "velocity", 1.0), ({"extra": 1}, "note", "C2"),
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


def test_keys_that_no_transposition_frees_give_way_to_their_letters() -> None:
    roots = ("C", "C#", "D", "Eb", "E", "F", "F#", "G")
    good = json.loads(next(iter(probes("music-structure"))))
    piece = _structure(**good | {"sections": [_section(key=f"{root} major") for root in roots]})
    assert [section.key[0] for section in piece.sections] == ["C", "C", "D", "D", "E", "F", "F", "G"]


def test_a_piece_without_a_key_takes_that_of_its_first_section() -> None:
    sections = [_section(key="g minor"), _section(key="H-dur")]
    piece = _structure(key=None, sections=sections)
    assert (piece.key, [section.key for section in piece.sections]) == ("g minor", ["g minor", "g minor"])


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
        ("C major", ["I", "??", "V", "I"], "PAC", ["I", "I", "V", "I"], "PAC"),
        ("C major", ["C", "Dm7", "G7", "Am"], "DC", ["I", "ii", "V", "vi"], "DC"),
        ("a minor", ["Am", "F", "E7", "Am"], "PAC", ["i", "VI", "V", "i"], "PAC"),
        ("C major", ["I", "IV", "ii"], "half cadence", ["I", "IV", "V"], "HC"),
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


# What is right stays as it is


JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [None, "", "nonsense", -5, 10**9, [], {}, True, "12", 3.7, "F# minor", "piano", "Bb3", "9:9:9"]
)
# What else may have to change with a value of a structure: the harmony of a section hangs together, keys move together.
TOGETHER = (
    (r"(sections\[\d+\]\.)?key", r"(sections\[\d+\]\.)?(key|chordProgression.*|cadence|harmonicFunctions.*)"),
    (r"(sections\[\d+\]\.)(chordProgression|cadence|harmonicFunctions).*",
     r"(chordProgression|cadence|harmonicFunctions).*"),
    (r"sections\[\d+\]\.measures", r"sections\[\d+\]\.measures"),
    (r"(sections\[\d+\]\.melody).*", r"\.motifs.*|"),
    (r"timeSignature", r"timeSignature|sections\[\d+\]\.melody.*"),
    (r"(leitmotifs).*", r".*"),
    (r"(humanize).*", r".*"),
)  # fmt: skip


def _places(value: Any, path: str = "") -> list[tuple[str, Any]]:
    """All values within a JSON value, with their paths."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [(path.removeprefix("."), value)] if path else []
    for key, member in inside:
        found += _places(member, f"{path}.{key}" if isinstance(key, str) else f"{path}[{key}]")
    return found


def _spoilt(value: Any, path: str, junk: Any) -> Any:
    *way, last = [int(part) if part.isdigit() else part for part in re.findall(r"\w+", path)]
    inner = value
    for part in way:
        inner = inner[part]
    inner[last] = junk
    return value


def _may_change(path: str, spoilt: str) -> bool:
    for pattern, together in TOGETHER:
        match = re.fullmatch(pattern, spoilt)
        if match:
            prefix = (
                re.escape(match[1]) if pattern.startswith("(") and not pattern.endswith("?key") and match[1] else ""
            )
            return re.fullmatch(prefix + f"(?:{together})", path) is not None
    return path.startswith(spoilt)


@settings(max_examples=60, deadline=None)
@given(MODELS["music-structure"], JUNK, st.randoms(use_true_random=False))
def test_one_spoilt_value_changes_only_what_hangs_together_with_it(
    piece: MusicStructure, junk: Any, random: Any
) -> None:
    right = json.loads(piece.to_json())
    place = random.choice([place for place, value in _places(right) if not isinstance(value, dict | list)])
    repaired = repair(json.dumps(_spoilt(json.loads(piece.to_json()), place, junk)), "music-structure")
    assert repaired.text is not None
    for change in changes_between(right, json.loads(repaired.text)):
        assert _may_change(change.path, place), (place, junk, change)


@settings(max_examples=80, deadline=None)
@given(sequences(), JUNK, st.randoms(use_true_random=False))
def test_a_spoilt_note_leaves_the_others_alone(sequence: BoumbSequence, junk: Any, random: Any) -> None:
    right = json.loads(sequence.to_json())["sequence"]
    number, name = random.randrange(len(right)), random.choice(["note", "time", "duration", "velocity"])
    spoilt = [note | {name: junk} if place == number else note for place, note in enumerate(right)]
    repaired = repair(json.dumps({"sequence": spoilt})).text
    kept = [] if repaired is None else json.loads(repaired)["sequence"]
    moved = kept[:]
    for place, note in enumerate(right):
        if place != number and note in moved:
            moved.remove(note)
    assert len(moved) <= 1, "more than the spoilt note differs"
    twins = sum((note["note"], note["time"]) == (other["note"], other["time"]) for note in moved for other in right)
    assert len(kept) >= len(right) - 1 - twins


def test_changes_are_told_place_by_place() -> None:
    repaired = repair(f'{{"sequence":[{_note(note="Bb2", velocity=100)}]}}')
    assert [(change.path, change.before, change.after) for change in repaired.changes] == [
        ("sequence[0].note", "Bb2", "A#2"), ("sequence[0].velocity", 100, 0.8),
    ]  # fmt: skip
    assert repaired.actions == ["spelled a note with sharps", "rounded a velocity to tenths"]


# What is no strict JSON


@pytest.mark.parametrize(
    "broken",
    [
        "{'sequence': [{'note': 'C2', 'time': '0:0:0', 'duration': '8n', 'velocity': 0.9}]}",
        '{"sequence":[{"note":"C2","time":"0:0:0","duration":"8n","velocity":0.9,},],}',
        "{sequence: [{note: 'C2', time: \"0:0:0\", duration: '8n', velocity: .9}]} // enjoy",
        '{"sequence":[{"note":"C2" "time":"0:0:0" "duration":"8n" "velocity":0.9}]',
        "{“sequence”: [{“note”: “C2”, “time”: “0:0:0”, “duration”: “8n”, “velocity”: 0.9}]}",
        'Sure {as you like}:\n```json\n{"sequence":[{"note":"C2","time":"0:0:0","duration":"8n","velocity":0.9},]}',
        '/* loop */ {"sequence":[{"note":"C2","time":"0:0:0","duration":"8n","velocity":0.9}}',
        json.dumps('{"sequence":[{"note":"C2","time":"0:0:0","duration":"8n","velocity":0.9}]}'),
        'See [1], {2}: {"sequence":[{"note":"C2","time":"0:0:0","duration":"8n","velocity":0.9}],"ok":True,"x":None}',
    ],
)
def test_what_was_meant_to_be_json_is_read(broken: str) -> None:
    assert repair(broken).text == f'{{"sequence":[{_note().replace(" ", "")}]}}'
    assert repair(broken).actions


@QUICK
@given(MODELS["music-structure"], st.data())
def test_a_structure_that_breaks_off_keeps_its_whole_sections(piece: MusicStructure, data: st.DataObject) -> None:
    text = piece.to_json()
    first, second = (section.to_json() for section in piece.sections[:2])
    end = text.index(first) + len(first) + 1 + len(second)
    cut = data.draw(st.integers(end, len(text) - 1))
    repaired = repair(text[:cut], "music-structure").text
    assert repaired is not None
    saved = MusicStructure.model_validate_json(repaired)
    assert saved.sections[:2] == piece.sections[:2] and saved.key == piece.key


@pytest.mark.parametrize("name", CONTRACTS)
@QUICK
@given(data=st.data())
def test_a_text_with_wild_quotes_and_commas_comes_back_whole(name: str, data: st.DataObject) -> None:
    model = data.draw(MODELS[name])
    text = model.to_json()
    plain = re.sub(r'"(?:[^"\\]|\\.)*"', "", text)
    if "'" in text or "\\" in text:
        return
    wild = repr(json.loads(text)).replace("}, {", "},\n {").replace("]}", ",]}")
    assert plain and repair(wild, name).text == text


@pytest.mark.parametrize("text", ["[" * 5000, "{'a':" * 5000, "{a:[" * 5000, "'" * 5000, "{'" * 3000, '{"a":1e999}'])
def test_texts_that_break_readers_end_in_time(text: str) -> None:
    for name in CONTRACTS:
        assert repair(text, name).text is None


def test_escapes_are_read_as_json_and_python_write_them() -> None:
    piece = _structure(name="x")
    for written in ("\\ud83d\\ude00 \\u00e9", "\\U0001f600 \\xe9"):
        text = piece.to_json().replace('"character":"calm"', f'"character":"{written}",')
        saved = repair(text, "music-structure").text
        assert saved is not None and MusicStructure.model_validate_json(saved).character == "😀 é"


# What was asked for


def _request(**wishes: Any) -> LoopRequest:
    return LoopRequest.model_validate(wishes)


@settings(max_examples=100, deadline=None)
@given(
    sequences(),
    st.builds(
        LoopRequest,
        role=st.sampled_from([None, "bass", "lead", "keys", "pad", "drums"]),
        root=st.none() | st.integers(0, 11),
        scale=st.sampled_from([None, "minor", "insen", "pentatonic_major", "no scale"]),
        bars=st.sampled_from([None, 2, 4]),
    ),
)
def test_a_loop_is_made_to_fit_what_was_asked_for(sequence: BoumbSequence, request: LoopRequest) -> None:
    text = sequence.to_json()
    repaired = repair(text, request=request)
    assert repaired.text is not None and validate(repaired.text, request=request) == []
    assert repair(repaired.text, request=request).actions == []
    if not validate(text, request=request):
        assert repaired.text == text
    else:
        assert repaired.actions and repaired.changes


def test_notes_go_to_the_nearest_right_pitch_within_the_bars() -> None:
    notes = [_note(note="C#2"), _note(note="E6", time="0:1:0"), _note(time="1:3:0", duration="1n"), _note(time="3:0:0")]
    text = f'{{"sequence":[{",".join(notes)}]}}'
    asked = _request(role="bass", root=0, scale="minor", bars=2)
    codes = [(violation.code, violation.path) for violation in validate(text, request=asked)]
    assert codes == [
        ("out_of_scale", "sequence[0].note"), ("out_of_scale", "sequence[1].note"),
        ("out_of_register", "sequence[1].note"), ("rings_over_the_end", "sequence[2].duration"),
        ("beyond_the_bars", "sequence[3].time"),
    ]  # fmt: skip
    repaired = repair(text, request=asked).text
    assert repaired is not None
    read = BoumbSequence.model_validate_json(repaired).sequence
    assert [(note.note, note.time, note.duration) for note in read] == [
        ("C2", "0:0:0", "8n"), ("G3", "0:1:0", "8n"), ("C2", "1:3:0", "4n"),
    ]  # fmt: skip


def test_a_loop_that_starts_too_late_comes_to_its_first_bar() -> None:
    repaired = repair(f'{{"sequence":[{_note(time="4:1:0")},{_note(time="5:0:0")}]}}', request=_request(bars=2)).text
    assert repaired is not None
    assert [note.time for note in BoumbSequence.model_validate_json(repaired).sequence] == ["0:1:0", "1:0:0"]


@settings(max_examples=60, deadline=None)
@given(
    MODELS["music-structure"],
    st.builds(
        MusicRequest,
        duration=st.floats(20, 420),
        tempo=st.none() | st.floats(40, 220),
        timeSignature=st.none() | st.sampled_from(TIME_SIGNATURES),
        key=st.sampled_from([None, "C major", "d minor", "Bb major"]),
    ),
)
def test_a_piece_is_made_to_fit_what_was_asked_for(piece: MusicStructure, request: MusicRequest) -> None:
    repaired = repair(piece.to_json(), "music-structure", request)
    assert repaired.text is not None and validate(repaired.text, "music-structure", request) == []
    assert repair(repaired.text, "music-structure", request).actions == []
    if validate(piece.to_json(), "music-structure", request):
        assert repaired.actions and repaired.changes
    else:
        assert repaired.text == piece.to_json()


def test_a_section_plan_is_followed() -> None:
    plan: list[Any] = [
        {"name": "Dawn", "key": "C major", "cadence": "HC"}, {"name": "Dusk", "key": "a minor", "cadence": "PICARDY"}
    ]  # fmt: skip
    piece = _structure(sections=[_section(), _section()])
    repaired = repair(piece.to_json(), "music-structure", MusicRequest(section_plan=plan)).text
    assert repaired is not None
    said = [section.model_dump(include={"name", "key", "cadence"}) for section in
            MusicStructure.model_validate_json(repaired).sections]  # fmt: skip
    assert said == plan


def test_a_piece_in_another_key_keeps_its_cadences_and_how_its_keys_lie() -> None:
    away = _section(key="B major", chordProgression=["I", "IV", "V"], cadence="HC")
    home = _section(key="E major", chordProgression=["I", "IV", "V", "I"], cadence="PAC")
    piece = _structure(key="E major", sections=[home, away, home])
    repaired = repair(piece.to_json(), "music-structure", MusicRequest(key="d minor")).text
    assert repaired is not None
    moved = MusicStructure.model_validate_json(repaired).sections
    assert [(one.key, one.cadence) for one in moved] == [("d minor", "PAC"), ("A major", "HC"), ("d minor", "PAC")]
    assert moved[0].chordProgression == ["i", "iv", "V", "i"]
    plan: list[Any] = [{}, {"key": "b minor"}, {"key": "e minor", "cadence": "PAC"}]
    repaired = repair(piece.to_json(), "music-structure", MusicRequest(section_plan=plan)).text
    assert repaired is not None
    planned = MusicStructure.model_validate_json(repaired).sections
    assert [(one.key, one.cadence) for one in planned] == [("E major", "PAC"), ("b minor", "HC"), ("e minor", "PAC")]


def test_a_piece_takes_the_form_and_the_instruments_asked_for() -> None:
    request = MusicRequest(form="RONDO", instrumentation=["flute ", "", "piano", "x" * 60], duration=60)
    text = _structure(sections=[_section(), _section()]).to_json()
    found = {violation.path for violation in validate(text, "music-structure", request)}
    assert {"form", "instrumentation"} <= found
    repaired = repair(text, "music-structure", request).text
    assert repaired is not None
    piece = MusicStructure.model_validate_json(repaired)
    assert (piece.form, piece.instrumentation) == ("rondo", "flute, piano")
    unsaid = MusicRequest(form="auto", instrumentation=[" "], duration=piece.duration_s)
    assert validate(repaired, "music-structure", unsaid) == []


def test_a_tempo_that_is_missing_is_the_one_that_keeps_the_measures() -> None:
    piece = _structure(sections=[_section(measures=12), _section(measures=13)], timeSignature="4/4")
    spoilt = json.dumps(json.loads(piece.to_json()) | {"tempo": "brisk"})
    repaired = repair(spoilt, "music-structure", MusicRequest(duration=60)).text
    assert repaired is not None
    saved = MusicStructure.model_validate_json(repaired)
    assert (saved.tempo, [section.measures for section in saved.sections]) == (100, [12, 13])
    repaired = repair(spoilt, "music-structure", MusicRequest(duration=45)).text
    assert repaired is not None and MusicStructure.model_validate_json(repaired).tempo == 133


# Other shapes than the contract's


@QUICK
@given(sequences(), st.sampled_from("\"':{}[],\\x"), st.data())
def test_a_stray_character_costs_little(sequence: BoumbSequence, stray: str, data: st.DataObject) -> None:
    text = sequence.to_json()
    at = data.draw(st.integers(0, len(text)))
    repaired = repair(text[:at] + stray + text[at:]).text
    assert repaired is not None or len(sequence.sequence) < 3


def test_the_first_of_several_answers_is_taken() -> None:
    answers = [f'{{"sequence":[{_note(note=name)}]}}' for name in ("C2", "D2")]
    assert repair(f"[{','.join(answers)}]").text == repair(answers[0]).text


def test_hits_of_drums_are_no_melody() -> None:
    hit = '{"time":"0:0:0","note":"C4","duration":"16n","velocity":0.9}'
    assert repair(f'{{"clips":{{"track-kick":[{hit}]}}}}').text is None


def test_music_within_another_object_is_found() -> None:
    good = f'{{"sequence":[{_note().replace(" ", "")}]}}'
    assert repair(f'{{"loop":{good},"bpm":120}}').text == good
    piece = _structure()
    assert repair(f'{{"structure":{piece.to_json()}}}', "music-structure").text == piece.to_json()
    assert repair(f"[{piece.to_json()}]", "music-structure").text == piece.to_json()


def test_sections_with_other_names_for_the_same_are_read() -> None:
    section = _section()
    other = {
        "name": "A",
        "key": section["key"],
        "bars": "12",
        "chords": section["chordProgression"],
        "motifs": section["melody"]["motifs"],
        "dynamics": "Forte",
        "texture": "polyphonic",
        "cadence": "authentic",
    }
    saved = _structure(sections=[other, section], timeSignature="C").sections[0]
    assert (saved.measures, saved.dynamics, saved.texture, saved.cadence) == (12, "f", "contrapuntal", "PAC")
    assert (
        saved.melody.model_dump() == section["melody"] and list(saved.chordProgression) == section["chordProgression"]
    )


def test_drums_by_other_names_and_as_lists_of_steps_are_read() -> None:
    repaired = repair('{"kick":[0,8,"1:0:0"],"Snare":[{"time":"0:1:0"}],"hi-hat":[2],"cowbell":[1]}', "drum-pattern")
    assert repaired.text is not None
    tracks = DrumPattern.model_validate_json(repaired.text).clips.tracks()
    assert {track: [hit.step for hit in hits] for track, hits in tracks.items()} == {
        "track-kick": [0, 8, 16], "track-snare": [4], "track-hhc": [2],
    }  # fmt: skip
