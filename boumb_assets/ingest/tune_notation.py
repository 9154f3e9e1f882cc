"""Tunes in a compact text form: a header of ``name: value`` lines, an empty line, then music in a subset of ABC 2.1.

Header: ``title``, ``composer`` ("traditional (France)" or a name), ``died`` (the composer's year of death), ``metre``
(``3/4``), ``key`` (``G major``, ``D dorian``), ``tempo`` (quarters a minute), ``unit`` (the length of a bare letter,
``1/8``), ``style``; ``pickup`` (its length, ``1/8``) where the tune starts before the first bar line; and
``accompaniment: none`` where the music carries its harmony itself.

Music: notes ``C`` (C4) to ``B``, ``c`` to ``b`` an octave higher, ``,`` and ``'`` an octave down and up, ``^ _ =``
accidentals that hold to the end of the bar, lengths ``2``, ``/``, ``3/2`` in units, ``-`` a tie, ``z`` a rest, ``|`` a
bar line, ``|: :|`` around what is played twice, ``"Am"`` a chord that sounds from here on, ``%`` a comment. Every bar
must be as long as the metre says; only a declared pickup, and the last bar that makes up for it, may be shorter.
"""

import re
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

MODES: Final = {"major": 0, "lydian": 1, "mixolydian": -1, "dorian": -2, "minor": -3, "phrygian": -4}
CHORDS: Final = {"": (0, 4, 7), "m": (0, 3, 7), "7": (0, 4, 7, 10), "m7": (0, 3, 7, 10), "dim": (0, 3, 6)}
_REQUIRED: Final = ("title", "composer", "metre", "key", "tempo", "unit", "style")
_KNOWN: Final = frozenset((*_REQUIRED, "died", "pickup", "accompaniment"))
_NATURALS: Final = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_ALTERED: Final = {"^": 1, "_": -1, "=": 0, "#": 1, "b": -1, "": 0}
_FIFTHS: Final = {"F": -1, "C": 0, "G": 1, "D": 2, "A": 3, "E": 4, "B": 5}
_SHARPS: Final = "FCGDAEB"
_KEY: Final = re.compile(r"([A-G])(#|b)? (\w+)")
_CHORD: Final = re.compile(r"([A-G])(#|b)?(m7|m|7|dim|)")
_TOKEN: Final = re.compile(
    r'"(?P<chord>[^"]*)"|(?P<bar>\|:|:\||\|\]|\|\||\|)|(?P<space>\s+)'
    r"|(?P<accidental>[_^=]?)(?P<letter>[A-Ga-gz])(?P<octave>[,']*)(?P<length>(?:[1-9]\d?)?(?:/(?:[1-9]\d?)?)?)(?P<tie>-?)"
)


class TuneError(ValueError):
    """A tune that cannot be read; the text says where and why."""


@dataclass(frozen=True, slots=True)
class TuneNote:
    """One note: onset and duration in quarters from the start of the tune, MIDI pitch."""

    onset: Fraction
    duration: Fraction
    pitch: int


@dataclass(frozen=True, slots=True)
class TuneChord:
    """A chord from ``onset`` for ``duration`` quarters: pitch class of the root, and a quality of ``CHORDS``."""

    onset: Fraction
    duration: Fraction
    root: int
    quality: str


@dataclass(frozen=True, slots=True)
class Tune:
    """A tune as it is played, repeats written out. Times are in quarters; ``root`` is a pitch class."""

    title: str
    composer: str
    died: int | None
    style: str
    metre: tuple[int, int]
    root: int
    mode: str
    tempo: int
    pickup: Fraction
    bars: tuple[Fraction, ...]
    notes: tuple[TuneNote, ...]
    chords: tuple[TuneChord, ...]
    accompanied: bool

    @property
    def length(self) -> Fraction:
        """Quarters of the whole tune."""
        return sum(self.bars, Fraction())


@dataclass(slots=True)
class _Bar:
    """What is written between two bar lines: (pitch or None for a rest, quarters, tied on), and chords at offsets."""

    notes: list[tuple[int | None, Fraction, bool]] = field(default_factory=list)
    chords: list[tuple[Fraction, int, str]] = field(default_factory=list)
    altered: dict[str, int] = field(default_factory=dict)

    @property
    def length(self) -> Fraction:
        return sum((duration for _, duration, _ in self.notes), Fraction())


def parse_tune(text: str) -> Tune:
    """The tune written in ``text``. Raises TuneError with the header line or the bar that is wrong."""
    head, separator, body = text.replace("\r\n", "\n").partition("\n\n")
    if not separator:
        raise TuneError("there is no empty line between the header and the music")
    facts = _header(head)
    metre = _fraction_of(facts, "metre")
    numerator, denominator = (int(part) for part in facts["metre"].split("/"))
    root, mode, signature = _key(facts["key"])
    pickup = 4 * _fraction_of(facts, "pickup") if "pickup" in facts else Fraction()
    bars = _bars(body, 4 * _fraction_of(facts, "unit"), signature)
    _check_lengths(bars, 4 * metre, pickup)
    return Tune(
        title=facts["title"],
        composer=facts["composer"],
        died=_whole_number(facts, "died") if "died" in facts else None,
        style=facts["style"],
        metre=(numerator, denominator),
        root=root,
        mode=mode,
        tempo=_whole_number(facts, "tempo"),
        pickup=pickup,
        bars=tuple(bar.length for bar in bars),
        notes=_notes(bars),
        chords=_chords(bars),
        accompanied=facts.get("accompaniment") != "none",
    )


def _header(head: str) -> dict[str, str]:
    facts: dict[str, str] = {}
    for line in head.splitlines():
        name, colon, value = line.partition(":")
        if line.startswith("%"):
            continue
        if not colon or name.strip() not in _KNOWN or not value.strip():
            raise TuneError(f"header line {line!r} is no `name: value` with a name out of {', '.join(sorted(_KNOWN))}")
        facts[name.strip()] = value.strip()
    missing = [name for name in _REQUIRED if name not in facts]
    if missing:
        raise TuneError(f"the header lacks {', '.join(missing)}")
    return facts


def _fraction_of(facts: dict[str, str], name: str) -> Fraction:
    match = re.fullmatch(r"([1-9]\d?)/(1|2|4|8|16|32)", facts[name])
    if match is None:
        raise TuneError(f"{name}: {facts[name]!r} is no fraction of a whole note such as 3/4 or 1/8")
    return Fraction(int(match[1]), int(match[2]))


def _whole_number(facts: dict[str, str], name: str) -> int:
    if not re.fullmatch(r"\d{2,4}", facts[name]):
        raise TuneError(f"{name}: {facts[name]!r} is no number of two to four digits")
    return int(facts[name])


def _key(text: str) -> tuple[int, str, dict[str, int]]:
    """Root, mode and key signature (semitones by letter) of a key's name."""
    match = _KEY.fullmatch(text)
    if match is None or match[3] not in MODES:
        raise TuneError(f"key: {text!r} is no root with a mode out of {', '.join(MODES)}")
    fifths = _FIFTHS[match[1]] + {"#": 7, "b": -7, None: 0}[match[2]] + MODES[match[3]]
    sharps = dict.fromkeys(_SHARPS[: max(0, fifths)], 1)
    flats = dict.fromkeys(_SHARPS[::-1][: max(0, -fifths)], -1)
    return (_NATURALS[match[1]] + _ALTERED[match[2] or ""]) % 12, match[3], sharps | flats


def _bars(body: str, unit: Fraction, signature: dict[str, int]) -> list[_Bar]:
    """The bars as they are played."""
    played: list[_Bar] = []
    repeat_from = 0
    bar = _Bar()
    music = "\n".join(line.partition("%")[0] for line in body.splitlines())
    position = 0
    while position < len(music):
        token = _TOKEN.match(music, position)
        if token is None:
            raise TuneError(f"bar {len(played) + 1}: {music[position : position + 12]!r} cannot be read")
        position = token.end()
        if token["bar"]:
            if bar.notes:
                played.append(bar)
                bar = _Bar()
            if token["bar"] == "|:":
                repeat_from = len(played)
            elif token["bar"] == ":|":
                played += played[repeat_from:]
                repeat_from = len(played)
        elif token["chord"] is not None:
            bar.chords.append((bar.length, *_chord(token["chord"], len(played) + 1)))
        elif token["letter"]:
            bar.notes.append(_note(token, unit, signature, bar))
    if bar.notes:
        raise TuneError(f"bar {len(played) + 1} is not closed by a bar line")
    if not any(pitch is not None for each in played for pitch, _, _ in each.notes):
        raise TuneError("there is no note")
    return played


def _chord(text: str, number: int) -> tuple[int, str]:
    match = _CHORD.fullmatch(text)
    if match is None:
        raise TuneError(f"bar {number}: {text!r} is no chord: a root and nothing, m, 7, m7 or dim")
    return (_NATURALS[match[1]] + _ALTERED[match[2] or ""]) % 12, match[3]


def _note(
    token: re.Match[str], unit: Fraction, signature: dict[str, int], bar: _Bar
) -> tuple[int | None, Fraction, bool]:
    count, slash, divisor = token["length"].partition("/")
    length = unit * Fraction(int(count or 1), int(divisor or 2) if slash else 1)
    letter = token["letter"]
    if letter == "z":
        return None, length, False
    place = letter + token["octave"]  # an accidental holds for its letter in its octave
    if token["accidental"]:
        bar.altered[place] = _ALTERED[token["accidental"]]
    alteration = bar.altered.get(place, signature.get(letter.upper(), 0))
    octave = (12 if letter.islower() else 0) + 12 * (token["octave"].count("'") - token["octave"].count(","))
    return 60 + _NATURALS[letter.upper()] + octave + alteration, length, bool(token["tie"])


def _check_lengths(bars: list[_Bar], metre: Fraction, pickup: Fraction) -> None:
    for number, bar in enumerate(bars, start=1):
        allowed = {metre}
        if pickup and number == 1:
            allowed = {pickup}
        elif pickup and number == len(bars):
            allowed = {metre, metre - pickup}
        if bar.length not in allowed:
            wanted = " or ".join(str(length) for length in sorted(allowed))
            raise TuneError(f"bar {number} lasts {bar.length} quarters, not {wanted}")


def _notes(bars: list[_Bar]) -> tuple[TuneNote, ...]:
    notes: list[TuneNote] = []
    now, tied = Fraction(), False
    for number, bar in enumerate(bars, start=1):
        for pitch, duration, ties_on in bar.notes:
            if tied:
                if pitch != notes[-1].pitch:
                    raise TuneError(f"bar {number}: a tie leads to another pitch")
                notes[-1] = TuneNote(notes[-1].onset, notes[-1].duration + duration, notes[-1].pitch)
            elif pitch is not None:
                notes.append(TuneNote(now, duration, pitch))
            now, tied = now + duration, ties_on
    if tied:
        raise TuneError("the last note is tied to nothing")
    return tuple(notes)


def _chords(bars: list[_Bar]) -> tuple[TuneChord, ...]:
    starts: list[tuple[Fraction, int, str]] = []
    now = Fraction()
    for bar in bars:
        starts += [(now + offset, root, quality) for offset, root, quality in bar.chords]
        now += bar.length
    ends = [*(onset for onset, _, _ in starts), now][1:]
    return tuple(
        TuneChord(onset, end - onset, root, quality)
        for (onset, root, quality), end in zip(starts, ends, strict=True)
        if end > onset
    )
