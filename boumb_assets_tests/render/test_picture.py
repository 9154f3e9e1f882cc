from io import BytesIO

import pytest
from hypothesis import given, settings
from PIL import Image

from boumb_assets.contracts.boumb_sequence import BoumbSequence, Note
from boumb_assets.render.notes import Content, perform
from boumb_assets.render.picture import piano_roll_png
from boumb_assets.render.rows import rows_of
from boumb_assets.render.text_roll import piano_roll_text
from boumb_assets_tests.render.pieces import BASS, BEAT, CHORDS, PIECE, sequences


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize("content", [BASS, CHORDS, BEAT, PIECE])
def test_a_picture_is_a_png_and_repeats_to_the_byte(content: Content) -> None:
    data = piano_roll_png(content, "Basse funky")
    image = opened(data)
    assert image.format == "PNG" and 300 < image.width < 2600 and 100 < image.height < 1200
    assert data == piano_roll_png(content, "Basse funky")


def test_notes_are_drawn_at_their_step_and_pitch() -> None:
    sequence = BoumbSequence.of([Note.on_grid(0, 60, 1, 1.0), Note.on_grid(16, 67, 1, 1.0)])
    image = opened(piano_roll_png(sequence)).convert("RGB")
    rows, _ = rows_of(perform(sequence))
    row_px = (image.height - 58 - 18) / len(rows)
    labels = [row.label for row in rows]

    def blue_at(step: float, label: str) -> bool:
        pixel = image.getpixel((round(76 + 24 * (step + 0.5)), round(58 + row_px * (labels.index(label) + 0.5))))
        assert isinstance(pixel, tuple)
        return pixel[2] - pixel[0] > 80

    assert blue_at(0, "C4") and blue_at(16, "G4")
    assert not blue_at(16, "C4") and not blue_at(0, "G4") and not blue_at(1, "C4")


def test_a_louder_note_is_darker() -> None:
    def darkest(velocity: float) -> int:
        one = BoumbSequence.of([Note.on_grid(4, 60, 4, velocity)])
        histogram = opened(piano_roll_png(one)).convert("RGB").crop((180, 60, 250, 170)).split()[0].histogram()
        return max(range(200), key=lambda value: histogram[value])

    assert darkest(1.0) < darkest(0.5) < darkest(0.1)


def test_a_french_title_and_a_long_one_are_drawn() -> None:
    assert opened(piano_roll_png(BASS, "Mélodie à l’été — lo-fi " * 20)).width > 300


def test_drums_are_rows_with_names() -> None:
    rows, row_of = rows_of(perform(BEAT))
    assert [row.label for row in rows] == ["open hat", "closed hat", "snare", "kick"]
    assert len(row_of) == len(perform(BEAT).pitch)


@settings(max_examples=40, deadline=None)
@given(sequences)
def test_the_terminal_roll_fits_and_shows_every_onset(sequence: BoumbSequence) -> None:
    text = piano_roll_text(sequence, 100)
    assert max(map(len, text.splitlines())) <= 100
    assert sum(text.count(block) for block in "░▒▓█") == len(sequence.sequence)


def test_the_terminal_roll_of_a_bass() -> None:
    lines = piano_roll_text(BASS, 60).splitlines()
    c2 = next(line for line in lines if line.lstrip().startswith("C2"))
    assert c2.split("│")[1] == "█━ █━   █━  ·   "


def test_a_narrow_terminal_takes_more_sixteenths_a_column_and_says_what_it_leaves_out() -> None:
    assert max(map(len, piano_roll_text(BASS, 30).splitlines())) <= 30
    long = piano_roll_text(PIECE, 30)
    assert max(map(len, long.splitlines())) <= 30 and "of 8)" in long
