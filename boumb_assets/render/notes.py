"""How the pieces of the contracts are played."""

from typing import Final

from boumb_assets.contracts.base import STEPS_PER_BEAT
from boumb_assets.contracts.boumb_sequence import DURATION_STEPS, BoumbSequence
from boumb_assets.contracts.drum_pattern import TRACK_GM, DrumPattern, DrumTrack
from boumb_assets.contracts.loop_request import Role
from boumb_assets.contracts.music_structure import MusicStructure
from boumb_assets.contracts.steps import Steps
from boumb_assets.render.performance import Performance, Score, Voice
from boumb_assets.render.structures import structure_score
from boumb_assets.theory.pitch import pitch_of

__all__ = ["DEFAULT_BPM", "ROLE_PROGRAMS", "Content", "Performance", "Voice", "loop_bars", "perform"]

Content = BoumbSequence | DrumPattern | Steps | MusicStructure

DEFAULT_BPM: Final = 120.0
ROLE_PROGRAMS: Final[dict[Role, int]] = {"bass": 38, "lead": 80, "keys": 4, "pad": 89, "drums": 0}  # GM, from 0


def perform(content: Content | Performance, bpm: float | None = None, role: Role | None = None) -> Performance:
    """The performance of ``content`` at ``bpm`` (quarters a minute; None: a performance's or a structure's own
    tempo, else 120). ``role`` chooses the instrument; None guesses that of a melodic loop from register and chords, and
    leaves others as they are. Raises ValueError for a tempo that cannot be rendered."""
    if isinstance(content, Performance):
        played = content if bpm is None else content.at(bpm)
        return played if role in (None, "drums") else played.played_by(ROLE_PROGRAMS[role])
    if isinstance(content, MusicStructure):
        score, bars, metre = structure_score(content)
        return score.perform(content.tempo if bpm is None else bpm, bars, metre, loops=False)
    score, bars = _drum_score(content) if isinstance(content, DrumPattern) else _melodic_score(content, role)
    return score.perform(DEFAULT_BPM if bpm is None else bpm, bars)


def loop_bars(content: BoumbSequence | Steps | DrumPattern) -> int:
    """The bars that the studio loops: 2 or 4; a sequence that goes on beyond bar 4 keeps what it needs."""
    if not isinstance(content, BoumbSequence):
        return 2
    return 2 if content.bars <= 2 else max(4, content.bars)


def _melodic_score(content: BoumbSequence | Steps, role: Role | None) -> tuple[Score, int]:
    notes: list[tuple[int, float, int, float]]
    if isinstance(content, Steps):
        notes = [(note.start, note.duration, pitch_of(note.pitch), note.velocity / 127) for note in content.notes]
    else:
        notes = [(note.step, DURATION_STEPS[note.duration], note.pitch, note.velocity) for note in content.sequence]
    role = role or _guess_role([step for step, *_ in notes], [pitch for _, _, pitch, _ in notes])
    score = Score((Voice(role, ROLE_PROGRAMS[role]),))
    for step, steps, pitch, velocity in notes:
        score.add(step / STEPS_PER_BEAT, steps / STEPS_PER_BEAT, pitch, velocity)
    return score, loop_bars(content)


def _guess_role(steps: list[int], pitches: list[int]) -> Role:
    if sum(pitches) / len(pitches) < 50:  # D3: the studio's basses lie in octaves 1 and 2
        return "bass"
    return "keys" if len(steps) / len(set(steps)) >= 1.5 else "lead"


def _drum_score(pattern: DrumPattern) -> tuple[Score, int]:
    """A hit with a probability sounds when it is more likely than not, so that one pattern is one performance."""
    score = Score((Voice("drums", ROLE_PROGRAMS["drums"], is_drum=True),))
    for track, hits in pattern.clips.tracks().items():
        for hit in hits:
            if hit.fill is None or hit.fill >= 0.5:
                score.add(hit.step / STEPS_PER_BEAT, 1 / STEPS_PER_BEAT, TRACK_GM[_known(track)], hit.velocity)
    return score, loop_bars(pattern)


def _known(track: str) -> DrumTrack:
    return next(name for name in TRACK_GM if name == track)
