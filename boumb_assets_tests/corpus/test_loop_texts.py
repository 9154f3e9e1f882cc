"""The texts of loops are those of the contract's models."""

import hashlib
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.contracts.boumb_sequence import BoumbSequence
from boumb_assets.contracts.drum_pattern import DRUM_TRACKS, TRACK_GM, DrumPattern
from boumb_assets.corpus.loops.texts import contents, onset_texts
from boumb_assets.theory.fingerprint import loop_fingerprint
from boumb_assets_tests.corpus.loop_notes import PATTERNS, SEQUENCES, of_models


def _texts(starts: list[int], text: bytes) -> list[str]:
    return [text[begin:end].decode() for begin, end in pairwise(starts)]


@settings(deadline=None)
@given(st.lists(st.one_of(SEQUENCES, PATTERNS), min_size=1, max_size=5))
def test_contents_are_what_the_models_write(models: list[BoumbSequence | DrumPattern]) -> None:
    starts, text = contents(of_models(models))
    assert _texts(starts.tolist(), text.tobytes()) == [model.to_json() for model in models]
    assert len(text) == starts[-1]


@settings(deadline=None)
@given(st.lists(st.one_of(SEQUENCES, PATTERNS), min_size=1, max_size=5))
def test_onsets_are_what_the_fingerprint_hashes(models: list[BoumbSequence | DrumPattern]) -> None:
    notes = of_models(models)
    starts, text = onset_texts(notes)
    for model, onsets in zip(models, _texts(starts.tolist(), text.tobytes()), strict=True):
        if isinstance(model, BoumbSequence):
            expected = loop_fingerprint([one.step for one in model.sequence], [one.pitch for one in model.sequence])
            word = "pitched"
        else:
            hits = [(hit.step, name) for name, some in model.clips.tracks().items() for hit in some]
            keys = [TRACK_GM[name] for _, name in hits]  # type: ignore[index]
            expected, word = loop_fingerprint([step for step, _ in hits], keys, drum=True), "drum"
        assert hashlib.sha256(f"{word}|{onsets}".encode()).hexdigest()[:16] == expected


def test_every_piece_is_reached() -> None:
    loudest = DrumPattern.of({track: {0: 1.0, 31: 0.1} for track in DRUM_TRACKS})
    starts, text = contents(of_models([loudest]))
    assert text.tobytes().decode() == loudest.to_json() and starts.tolist() == [0, len(loudest.to_json())]
