"""What a musician would look for in the structures of the library, beyond the contract."""

import numpy as np
import pytest

from boumb_assets.contracts.harmony_rules import is_minor
from boumb_assets.contracts.music_structure import MusicStructure, Section, bar_quarters
from boumb_assets.few_shot.library import LibraryStructure, load_library
from boumb_assets.render.notes import perform
from boumb_assets.render.structures import chord_of_measure
from boumb_assets.theory.chords import chord_pitch_classes
from boumb_assets.theory.pitch import pitch_class_of

LIBRARY = load_library()
each_structure = pytest.mark.parametrize("item", LIBRARY.structures, ids=lambda item: item.item_id)


def last_melody_classes(piece: MusicStructure) -> list[int]:
    """The pitch class of the melody's last note in each section."""
    played = perform(piece)
    melody = played.voice == 0
    bars = np.cumsum([section.measures for section in piece.sections]) * played.bar_s
    before = np.searchsorted(played.onset_s[melody], bars - 1e-6) - 1
    return [int(pitch) % 12 for pitch in played.pitch[melody][before]]


def last_chord_classes(section: Section) -> set[int]:
    root = pitch_class_of(section.key.split()[0])
    return set(chord_pitch_classes(chord_of_measure(section, section.measures - 1), root, is_minor(section.key)))


@each_structure
def test_motifs_fill_their_measures_exactly(item: LibraryStructure) -> None:
    bar = bar_quarters(item.structure.timeSignature)
    for section in item.structure.sections:
        assert [sum(motif.rhythm) for motif in section.melody.motifs] == [bar] * len(section.melody.motifs), (
            section.name
        )


@each_structure
def test_each_section_ends_on_a_note_of_its_last_chord(item: LibraryStructure) -> None:
    for section, last in zip(item.structure.sections, last_melody_classes(item.structure), strict=True):
        assert last in last_chord_classes(section), f"{section.name}: {last}"


@each_structure
def test_a_piece_ends_on_its_tonic(item: LibraryStructure) -> None:
    piece = item.structure
    assert piece.sections[-1].cadence in ("PAC", "PICARDY") and piece.sections[-1].key == piece.key
    assert last_melody_classes(piece)[-1] == pitch_class_of(piece.key.split()[0])


@each_structure
def test_a_picardy_third_is_heard(item: LibraryStructure) -> None:
    for section, last in zip(item.structure.sections, last_melody_classes(item.structure), strict=True):
        if section.cadence == "PICARDY":
            assert section.texture != "simple" or (last - pitch_class_of(section.key.split()[0])) % 12 == 4


@each_structure
def test_leitmotifs_are_in_the_music(item: LibraryStructure) -> None:
    sung = {
        (tuple(motif.degrees), tuple(motif.rhythm))
        for section in item.structure.sections
        for motif in section.melody.motifs
    }
    for leitmotif in item.structure.leitmotifs or ():
        assert (tuple(leitmotif.degrees), tuple(leitmotif.rhythm)) in sung, leitmotif.tag


def test_titles_and_reasons_are_all_different() -> None:
    for words in ("title", "why"):
        said = [getattr(item, words) for item in (*LIBRARY.loops, *LIBRARY.structures)]
        assert len(set(said)) == len(said)
