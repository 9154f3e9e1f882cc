"""A second, independent reading of training rows: what a prompt claims, read out of its words and compared with the
notes of its answer.

It shares neither templates nor claims with what worded the prompt, nor measures or columns with what cut the loop. A
claim is wrong where the notes, or for what only the source knows the source, contradict it.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from boumb_assets.contracts.loop_request import LoopRequest
from boumb_assets.corpus import second_lexicon as lexicon
from boumb_assets.corpus.second_measures import Answer, answer
from boumb_assets.prompts.facts import density_of
from boumb_assets.prompts.reader import read_request
from boumb_assets.prompts.reading.folding import fold
from boumb_assets.theory.scales import scale_classes

MIN_INSIDE: Final = 0.8  # of the sounding time, in the scale that is claimed
EXAMPLES: Final = 20
_STUDIO: Final = re.compile(r"context: .*? request: ")
_HIGHEST_BASS: Final = 60.0  # of the mean pitch
_MOST_LEAD_VOICES: Final = 2.5  # notes that begin together, on average
_LEAST_CHORDS: Final = 0.4
_LEAST_PAD_STEPS: Final = 3.0
_STACCATO_TO, _LEGATO_FROM = 0.6, 0.8  # of the time to the next onset
_LETTERS: Final = re.compile(r"[^a-z]")


@dataclass(frozen=True)
class Reading:
    """What was read: ``rows``, those of which every claim is true, and by kind of claim how many were checked and how
    many are wrong; ``examples`` are the first wrong ones in words."""

    rows: int
    true_rows: int
    checked: Mapping[str, int]
    wrong: Mapping[str, int]
    examples: tuple[str, ...] = field(default=())

    @property
    def share(self) -> float:
        """The share of true rows, 1 where there are none."""
        return self.true_rows / self.rows if self.rows else 1.0


@dataclass(frozen=True)
class _Row:
    """One row as the checks see it."""

    prompt: str
    """Folded: lower case, no accents."""
    heard: Answer
    read: LoopRequest
    source: Mapping[str, Any]


def read_again(records: Iterable[Mapping[str, Any]]) -> Reading:
    """Reads rows again.

    A record has ``prompt``, ``contract`` and ``content`` (the answer, as it stands in the row), and of its source
    ``style``, ``genre`` (the data set's own word), ``composer``, ``composer_died``, ``swing`` (0..1), ``bpm`` and
    ``program``; what is missing there is unknown, and no claim about it is true.
    """
    rows = true_rows = 0
    checked, wrong, examples = Counter[str](), Counter[str](), list[str]()
    for record in records:
        rows += 1
        verdicts = list(claims_of(record))
        checked.update(kind for kind, _ in verdicts)
        false = [kind for kind, is_true in verdicts if not is_true]
        wrong.update(false)
        true_rows += not false
        if false and len(examples) < EXAMPLES:
            examples.append(f"{', '.join(false)}: {record['prompt']}")
    return Reading(rows, true_rows, dict(sorted(checked.items())), dict(sorted(wrong.items())), tuple(examples))


def claims_of(record: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """Each claim of a record's prompt, by kind, and whether it is true."""
    read = read_request(record["prompt"])
    prompt = _STUDIO.sub("", fold(record["prompt"]).plain, count=1)
    row = _Row(prompt, answer(record["contract"], record["content"]), read, record)
    for kind, check in _CHECKS.items():
        verdict = check(row)
        if verdict is not None:
            yield kind, verdict


def _named(words: Mapping[str, str], text: str) -> list[str]:
    return [name for name, pattern in words.items() if re.search(pattern, text)]


def _role(row: _Row) -> bool | None:
    """Whether the notes could be a part of that role: the contradictions alone count, since parts are of many kinds."""
    role, heard = row.read.role, row.heard
    if role is None:
        return None
    if role == "drums" or heard.is_drums:
        return heard.is_drums and role == "drums"
    if role == "bass":
        return heard.mean_pitch() < _HIGHEST_BASS
    if role == "lead":
        return heard.notes_at_once() <= _MOST_LEAD_VOICES
    if role == "keys" and lexicon.CHORDS.search(row.prompt):
        return heard.share_of_chords() >= _LEAST_CHORDS
    if role == "pad":
        return sum(tone.length for tone in heard.tones) / len(heard.tones) >= _LEAST_PAD_STEPS
    return True


def _style(row: _Row) -> bool | None:
    return None if row.read.style is None else row.read.style == row.source.get("style")


def _key(row: _Row) -> bool | None:
    root, scale = row.read.root, row.read.scale
    if root is None or scale is None:
        return None if root is None and scale is None else False
    return not row.heard.is_drums and row.heard.share_inside(scale_classes(root, scale)) >= MIN_INSIDE


def _bpm(row: _Row) -> bool | None:
    bpm = row.source.get("bpm")
    return None if row.read.bpm is None else bpm is not None and abs(row.read.bpm - bpm) <= 0.51


def _bars(row: _Row) -> bool | None:
    return None if row.read.bars is None else row.read.bars == row.heard.bars


def _density(row: _Row) -> bool | None:
    if row.read.density is None:
        return None
    role = "drums" if row.heard.is_drums else row.read.role
    roles = [role] if role else ["bass", "lead", "keys", "pad"]
    onsets = len(row.heard.onsets) / row.heard.bars
    return any(row.read.density == density_of(each, onsets) for each in roles)  # type: ignore[arg-type]


def _register(row: _Row) -> bool | None:
    named = _named(lexicon.REGISTERS, row.prompt)
    if not named:
        return None
    if row.heard.is_drums:
        return False
    middle = row.heard.middle
    return named == ["low" if middle < 48 else "mid" if middle < 72 else "high"]


def _swing(row: _Row) -> bool | None:
    return bool((row.source.get("swing") or 0) >= 0.5) if re.search(lexicon.SWING, row.prompt) else None


def _syncopated(row: _Row) -> bool | None:
    if not re.search(lexicon.SYNCOPATED, row.prompt):
        return None
    return row.heard.held_over() >= row.heard.bars / 2


def _mood(row: _Row) -> bool | None:
    """Whether the mood lies on the side of the circumplex where the notes are."""
    bpm = row.source.get("bpm")
    if row.read.mood is None:
        return None
    if bpm is None or row.heard.is_drums:
        return False
    feeling, energy = row.heard.feeling(bpm)
    sides = {"happy": (True, True), "calm": (True, False), "tense": (False, True), "melancholic": (False, False)}
    return sides.get(row.read.mood) == (feeling > 0, energy > 0.5)


def _articulation(row: _Row) -> bool | None:
    named = _named(lexicon.ARTICULATIONS, row.prompt)
    if not named:
        return None
    if row.heard.is_drums or len(named) > 1:
        return False
    share = row.heard.articulation()
    return share <= _STACCATO_TO if named == ["staccato"] else share >= _LEGATO_FROM


def _harmony(row: _Row) -> bool | None:
    """One chord may be heard as two where a note passes, and half bars hide the quickest changes."""
    named = _named(lexicon.HARMONIES, row.prompt)
    if not named:
        return None
    if row.heard.is_drums or len(named) > 1:
        return False
    changes = row.heard.chord_changes()
    return {"one chord": changes <= 0.5, "slow": 0 < changes <= 1.5, "quick": changes >= 0.75}[named[0]]


def _instrument(row: _Row) -> bool | None:
    match = lexicon.INSTRUMENT.search(row.prompt)
    if match is None:
        return None
    return row.source.get("program") in tuple(lexicon.INSTRUMENTS.values())[(match.lastindex or 1) - 1]


def _period(row: _Row) -> bool | None:
    died = row.source.get("composer_died")
    years = [span for pattern, span in lexicon.PERIODS.items() if re.search(pattern, row.prompt)]
    return all(died is not None and first <= died <= last for first, last in years) if years else None


def _composer(row: _Row) -> bool | None:
    match = lexicon.COMPOSER.search(row.prompt)
    if match is None:
        return None
    name = fold(str(row.source.get("composer") or "")).plain
    return bool(name) and name in match[match.lastindex or 0]


def _genre(row: _Row) -> bool | None:
    match = lexicon.GENRES.search(row.prompt)
    if match is None:
        return None
    own = _LETTERS.sub("", fold(str(row.source.get("genre") or "")).plain)
    said = {"latino": "latin", "r&b": "r"}.get(match[0], match[0])
    return _LETTERS.sub("", said) in own


_CHECKS: Final[Mapping[str, Callable[[_Row], bool | None]]] = {
    "role": _role, "style": _style, "key": _key, "bpm": _bpm, "bars": _bars, "density": _density,
    "register": _register, "swing": _swing, "syncopated": _syncopated, "mood": _mood, "articulation": _articulation,
    "harmony": _harmony, "instrument": _instrument, "period": _period, "composer": _composer, "genre": _genre,
}  # fmt: skip
