"""From events to the notes of parts, against numpy."""

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from boumb_assets.corpus.loops.note_kernels import FAR, reached, reaches
from boumb_assets.corpus.loops.parts import Parts, parts_of
from boumb_assets.corpus.loops.sources import usable_sources
from boumb_assets_tests.corpus.tables import Tone, events_table, files_table

TONES = st.lists(
    st.builds(
        Tone,
        at=st.integers(0, 16 * 24).map(lambda at: at / 4),
        pitch=st.sampled_from([36, 37, 38, 60, 61]),
        length=st.sampled_from([0.0, 1.0, 2.5, 40.0]),
        velocity=st.integers(1, 127),
        track=st.integers(0, 3),
        drum=st.booleans(),
    ),
    min_size=1,
    max_size=60,
)


def parts(tones: list[Tone]) -> Parts:
    sources, _ = usable_sources(files_table())
    return parts_of(events_table(tones), sources)


@settings(deadline=None)
@given(TONES)
def test_notes_are_sorted_each_once_and_the_loudest(tones: list[Tone]) -> None:
    found = parts(tones)
    best: dict[tuple[int, bool, int, int], int] = {}
    kit = {36: 0, 37: 1, 38: 1, 60: 4, 61: 4}
    first = int(found.first_bar[0])
    for tone in tones:
        position = int(tone.at + 0.5) - 16 * first
        key = (tone.track, tone.drum, position, kit[tone.pitch] if tone.drum else tone.pitch)
        if position >= 0:
            best[key] = max(best.get(key, 0), tone.velocity)
    part = np.repeat(np.arange(found.file.size), np.diff(found.starts))
    keys = zip(
        found.track[part].tolist(), found.is_drum[part].tolist(), found.position.tolist(), found.pitch.tolist(),
        strict=True,
    )  # fmt: skip
    assert dict(zip(keys, found.velocity.tolist(), strict=True)) == best
    order = list(zip(part.tolist(), found.position.tolist(), found.pitch.tolist(), strict=True))
    assert order == sorted(order) and len(order) == len(best)


@settings(deadline=None)
@given(TONES)
def test_how_far_notes_reach(tones: list[Tone]) -> None:
    found = parts(tones)
    for begin, end in zip(found.starts[:-1].tolist(), found.starts[1:].tolist(), strict=True):
        for note in range(begin, end):
            position, sounds = found.position, float(found.residual[note]) + float(found.length[note])
            wanted = position[note] + max(np.ceil(sounds - 0.25), 1)
            later = [position[other] for other in range(begin, end) if position[other] >= wanted]
            again = [
                position[other] for other in range(note + 1, end) if found.pitch[other] == found.pitch[note]
            ]  # fmt: skip
            assert found.reach[note] == min([FAR, *(at - position[note] for at in (*later[:1], *again[:1]))])
            assert found.reached[note] == max(
                position[other] + float(found.length[other]) for other in range(begin, note + 1)
            )


def test_no_notes() -> None:
    none, nothing = np.zeros(0, np.int64), np.zeros(0, np.uint8)
    assert reaches(np.zeros(1, np.int64), none, nothing, none, none).size == 0
    assert reached(np.zeros(1, np.int64), none, none).size == 0


def test_files_of_several_data_sets_that_share_a_path() -> None:
    one, other = events_table([Tone(0, 60)], dataset="one"), events_table([Tone(0, 70)], dataset="other")
    files = pa.concat_tables([files_table(dataset="other"), files_table(dataset="one")])
    found = parts_of(pa.concat_tables([other, one]), usable_sources(files)[0])
    assert found.file.tolist() == [0, 1] and found.pitch.tolist() == [60, 70]
    unknown = parts_of(events_table([Tone(0, 60)], path="elsewhere.mid"), usable_sources(files)[0])
    assert unknown.position.size == 0


def test_a_long_part_out_of_order_is_sorted() -> None:
    rng = np.random.default_rng(1)
    tones = [Tone(float(at) / 4, int(pitch)) for at, pitch in rng.integers((0, 40), (4000, 90), (3000, 2))]
    found = parts(tones)
    keys = found.position * 128 + found.pitch
    assert (np.diff(keys) > 0).all() and keys.size == len({(int(tone.at + 0.5), tone.pitch) for tone in tones})
