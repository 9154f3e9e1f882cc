"""The library as something to look at and to listen to: a picture, a sound and a MIDI file an example, and one page."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import groupby
from typing import Any, Final, Literal, cast

from boumb_assets.contracts.music_structure import MusicStructure
from boumb_assets.contracts.registry import contract
from boumb_assets.few_shot.library import Library, LibraryLoop, LibraryStructure
from boumb_assets.render.midi import to_midi_bytes
from boumb_assets.render.notes import Content, perform
from boumb_assets.render.page import html_page
from boumb_assets.render.performance import Performance
from boumb_assets.render.picture import piano_roll_png
from boumb_assets.render.sound import to_wav_bytes

Item = LibraryLoop | LibraryStructure
Kind = Literal["loop", "structure"]
Suffix = Literal["mid", "wav", "png"]

MARK: Final = "boumb library export"
"""What the page says made it: by that a folder is known again as one of ours."""

HEARD_S: Final = 60.0  # of a structure; whole ones would take a gigabyte together
PIECE_RATE: Final = 22_050  # Hz; a piece has no cymbals that would miss the treble


@dataclass(frozen=True)
class Facts:
    """What a list says of an example, and what it may be chosen by."""

    name: str
    kind: Kind
    title: str
    key: str
    bpm: float
    style: str | None = None
    role: str | None = None
    form: str | None = None
    period: str | None = None

    @property
    def sort(self) -> str:
        """The style of a loop, the form of a structure."""
        return self.style or self.form or ""

    @property
    def part(self) -> str:
        """The role of a loop, the period of a structure."""
        return self.role or self.period or ""


@dataclass(frozen=True)
class SectionRow:
    """A section of a structure, in words."""

    name: str
    measures: int
    key: str
    chords: str
    cadence: str
    dynamics: str
    texture: str


@dataclass(frozen=True)
class Card:
    """An example on the page."""

    facts: Facts
    why: str
    said: tuple[str, ...]
    request: tuple[tuple[str, str], ...]
    sections: tuple[SectionRow, ...]
    sound: str


def facts_of(item: Item) -> Facts:
    """The facts of an example."""
    if isinstance(item, LibraryStructure):
        piece = item.structure
        return Facts(
            item.item_id, "structure", item.title, piece.key, piece.tempo, form=piece.form, period=item.request.period
        )
    key = f"{item.root} {item.scale}" if item.root and item.scale else ""
    return Facts(item.item_id, "loop", item.title, key, item.bpm, style=item.style, role=item.role)


def chosen(
    library: Library,
    names: Collection[str] = (),
    *,
    kind: str | None = None,
    style: str | None = None,
    role: str | None = None,
    form: str | None = None,
    period: str | None = None,
) -> list[Item]:
    """The examples of these names (of all, where none is given) that are as asked for, structures first, by name.
    A style or a role leaves no structure, a form or a period no loop. Raises LookupError for a name that the
    library has not, with those near to it."""
    for name in names:
        find(library, name)
    wanted = {"kind": kind, "style": style, "role": role, "form": form, "period": period}
    return [
        item
        for item in _everything(library)
        if (not names or item.item_id in names)
        and all(value is None or getattr(facts_of(item), name) == value for name, value in wanted.items())
    ]


def find(library: Library, name: str) -> Item:
    """The example of that name. Raises LookupError where there is none, with the names near to it."""
    items = {item.item_id: item for item in _everything(library)}
    if name in items:
        return items[name]
    near = get_close_matches(name[:80], items, 3, 0.5)
    advice = f"near to it: {', '.join(near)}" if near else "`boumb library list` says what it has"
    raise LookupError(f"the library has no {name[:80]!r}; {advice}")


def _everything(library: Library) -> list[Item]:
    return [*library.structures, *library.loops]


def section_rows(piece: MusicStructure) -> tuple[SectionRow, ...]:
    """The sections of a structure."""
    return tuple(
        SectionRow(
            one.name, one.measures, one.key, " ".join(one.chordProgression), one.cadence, one.dynamics, one.texture
        )
        for one in piece.sections
    )


def request_of(item: Item) -> dict[str, Any]:
    """What an example answers: the words of a loop, or the request of a structure, of which only what it says."""
    if isinstance(item, LibraryStructure):
        return item.request.model_dump(mode="json", exclude_unset=True)
    asked = {"style": item.style, "role": item.role, "root": item.root, "scale": item.scale, "bpm": item.bpm}
    return {name: value for name, value in asked.items() if value is not None}


def words(value: Any) -> str:
    """A value of a request as people write it."""
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def played(item: Item) -> Performance:
    """An example as it is played, at its own tempo and by the instrument of its role."""
    if isinstance(item, LibraryStructure):
        return perform(item.structure)
    return perform(cast(Content, contract(item.contract).parse(item.text)), item.bpm, item.role)


def beginning(performance: Performance, seconds: float) -> Performance:
    """The first whole bars of a performance that last ``seconds`` at most (one bar at least); its notes end with
    them."""
    bars = max(1, int(seconds / performance.bar_s))
    if bars >= performance.bars:
        return performance
    end = bars * performance.bar_s
    kept = performance.onset_s < end - 1e-6
    onset = performance.onset_s[kept]
    return replace(
        performance,
        onset_s=onset,
        duration_s=performance.duration_s[kept].clip(max=end - onset),
        pitch=performance.pitch[kept],
        velocity=performance.velocity[kept],
        voice=performance.voice[kept],
        bars=bars,
        marks=tuple(mark for mark in performance.marks if mark.bar < bars),
    )


def render_item(item: Item) -> dict[Suffix, bytes]:
    """An example as MIDI, sound and picture. A loop sounds twice; of a structure the first HEARD_S seconds sound."""
    music = played(item)
    sound = to_wav_bytes(music) if music.loops else to_wav_bytes(beginning(music, HEARD_S), rate=PIECE_RATE)
    return {"mid": to_midi_bytes(music), "wav": sound, "png": piano_roll_png(music, item.title)}


def gallery_page(items: Sequence[Item]) -> str:
    """The page over the files NAME.mid, NAME.wav and NAME.png that lie beside it: no script, nothing from elsewhere.
    Equal arguments give equal bytes; all text is escaped."""
    cards = sorted((_card(item) for item in items), key=lambda card: (card.facts.kind != "structure", card.facts.sort))
    groups = [
        (kind, sort, list(group))
        for (kind, sort), group in groupby(cards, key=lambda card: (card.facts.kind, card.facts.sort))
    ]
    return html_page("boumb_assets.few_shot", "gallery.html", mark=MARK, groups=groups, count=len(cards))


def _card(item: Item) -> Card:
    facts = facts_of(item)
    said = [facts.part, facts.key, f"{facts.bpm:g} bpm"]
    if isinstance(item, LibraryLoop):  # what it answers is all said already
        return Card(facts, item.why, tuple(filter(None, said)), (), (), "played twice")
    request = tuple((name, words(value)) for name, value in request_of(item).items())
    piece = item.structure
    said += [piece.timeSignature, _time(piece.duration_s), piece.instrumentation, piece.character]
    music = played(item)
    heard = beginning(music, HEARD_S)
    sound = "the whole piece" if heard is music else f"the first {heard.bars} of {music.bars} measures"
    return Card(facts, item.why, tuple(filter(None, said)), request, section_rows(piece), sound)


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02} min"
