"""How a piece is played, and its texture."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from boumb_assets.contracts.music_structure import DYNAMICS, TEXTURES
from boumb_assets.corpus.piece import Piece
from boumb_assets.corpus.structures.manner import UNSAID, dynamics_of, humanize_of, is_loudness_told, texture_of
from boumb_assets_tests.corpus.pieces import Notes, hymn, piece, some_notes

CANON: Notes = [(at + 0.5 * voice, 1.0, 60 + 12 * voice + at % 5, voice) for voice in range(2) for at in range(16)]


def test_textures_of_known_pieces() -> None:
    line: Notes = [(float(at), 1.0, 60 + at % 7, 0) for at in range(16)]
    assert texture_of(piece(line), 0, 16)[0] == "simple"
    assert texture_of(piece(CANON), 0, 16)[0] == "contrapuntal"
    assert texture_of(piece(hymn()), 0, 40)[0] == "homophonic"
    assert texture_of(piece(line), 16, 32) == ("simple", 0.5)


def test_dynamics_are_the_mean_velocity_and_nothing_is_read_from_one_velocity() -> None:
    made = piece(hymn())
    assert not is_loudness_told(made) and dynamics_of(made, 0, 40) == UNSAID
    swelling = replace(made, velocity=np.where(made.onset < 16, 45, 100))
    assert (dynamics_of(swelling, 0, 16), dynamics_of(swelling, 16, 40)) == ("p", "f")
    assert dynamics_of(swelling, 400, 500) == UNSAID


def test_a_player_who_does_nothing_is_said_to_do_nothing() -> None:
    plain = humanize_of(piece(hymn()), [(0, 16), (16, 40)], 0)
    assert (plain.rubato, plain.velocityCurve, plain.peakBoost, plain.phraseEndSoftness) == ("none", "flat", 0, 0)


def voices(made: Piece) -> float:
    """Notes at a time, at each moment where one begins."""
    struck = np.unique(np.round(made.onset, 2))
    return float(np.mean([((made.onset <= at + 0.02) & (made.end > at + 0.02)).sum() for at in struck]))


@settings(deadline=None, max_examples=60)
@given(some_notes)
def test_any_notes_have_a_texture(notes: Notes) -> None:
    made = piece(notes)
    texture, sure = texture_of(made, 0, 200)
    assert texture in TEXTURES and 0.5 <= sure <= 1
    assert (texture == "simple") == (voices(made) < 1.5)
    if texture == "simple":
        assert sure == pytest.approx(0.5 + min(0.5, 1.5 - voices(made)))
    assert dynamics_of(made, 0, 200) in DYNAMICS
