"""The demo data set: loops that the composer writes, and tunes in the public domain, all ours to give away (CC0)."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from random import Random
from typing import Final

from boumb_assets.composer.habits import STYLE_HABITS
from boumb_assets.composer.loop import PLAYERS, compose_plan
from boumb_assets.composer.plan import LoopPlan
from boumb_assets.contracts.loop_request import Density, LoopRequest, Role, Style
from boumb_assets.ingest.instruments import PROGRAMS
from boumb_assets.ingest.standard_midi import TICKS_PER_BEAT, Conductor, Part, key_signature, midi_file_bytes
from boumb_assets.ingest.tune_notation import Tune, parse_tune
from boumb_assets.ingest.tune_parts import tune_conductor, tune_parts
from boumb_assets.theory.pitch import NOTE_NAMES

LOOPS_EACH: Final = 13  # of every style and role
BANDS_EACH: Final = 2  # of every style: all roles but the pad together
BAND: Final[tuple[Role, ...]] = ("bass", "keys", "drums", "lead")
BARS: Final = (2, 4, 2, 4, 2, 4, 8, 2, 4, 2, 4, 2, 4)
DENSITIES: Final[tuple[Density, ...]] = ("medium", "high", "low", "medium")
LICENCE: Final = "CC0-1.0"
AUTHOR: Final = "boumb_assets"
COLUMNS: Final = ("file", "title", "composer", "died", "style", "role", "bpm", "licence")
TICKS_PER_BAR: Final = 4 * TICKS_PER_BEAT

LICENCE_TEXT: Final = """\
The files of this folder are dedicated to the public domain under CC0 1.0 Universal (SPDX: CC0-1.0).

To the extent possible under law, the authors of boumb_assets have waived all copyright and related or neighbouring
rights to the loops, to the MIDI files and to the transcriptions and accompaniments of the tunes in this folder. You can
copy, modify and distribute them and perform the works, even for commercial purposes, all without asking permission.
The full text is at https://creativecommons.org/publicdomain/zero/1.0/legalcode

The tunes in tunes/ were composed by people who died more than seventy years ago or are traditional: as compositions
they are in the public domain. index.tsv names their composers and the years of their deaths.
"""


@dataclass(frozen=True, slots=True)
class DemoFile:
    """One file of the demo: where it goes, its bytes, and what the index says of it."""

    path: str
    content: bytes
    title: str
    composer: str
    died: int | None
    style: str
    role: str
    bpm: int

    def row(self) -> str:
        """Its line of the index."""
        cells = (self.path, self.title, self.composer, self.died, self.style, self.role, self.bpm, LICENCE)
        return "\t".join("" if cell is None else str(cell) for cell in cells)


def write_demo(folder: Path, seed: int = 0) -> int:
    """Writes the demo data set into ``folder`` and returns how many MIDI files it has: loops at
    ``<style>/<role>/``, bands at ``<style>/band/``, tunes at ``tunes/``, with ``index.tsv`` and ``LICENSE``.

    The same seed gives the same bytes. No two loops have the same notes, not even in different keys.
    """
    written = [*demo_loops(seed), *demo_bands(seed), *demo_tunes()]
    for file in written:
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
    index = "\n".join(["\t".join(COLUMNS), *(file.row() for file in written)]) + "\n"
    (folder / "index.tsv").write_text(index, encoding="utf-8", newline="\n")
    (folder / "LICENSE").write_text(LICENCE_TEXT, encoding="utf-8", newline="\n")
    return len(written)


def demo_loops(seed: int) -> Iterator[DemoFile]:
    """The loops of every style and role, in order; no two with the same notes."""
    seen: set[tuple[tuple[int, int], ...]] = set()
    for style in STYLE_HABITS:
        for role in PLAYERS:
            for number in range(LOOPS_EACH):
                plan = _new_plan(style, role, number, seed, seen)
                name = f"{style}-{role}-{number + 1:02d}"
                title = f"{style.capitalize()} {role} {number + 1:02d}"
                title += "" if role == "drums" else f" in {NOTE_NAMES[plan.root]} {plan.scale.replace('_', ' ')}"
                content = midi_file_bytes([_part(plan, number)], _conductor(plan))
                yield DemoFile(f"{style}/{role}/{name}.mid", content, title, AUTHOR, None, style, role, plan.bpm)


def demo_bands(seed: int) -> Iterator[DemoFile]:
    """A few files in which bass, keys, drums and lead play together."""
    for style in STYLE_HABITS:
        for number in range(BANDS_EACH):
            band_seed = Random(f"{seed}/band/{style}/{number}").randrange(1 << 32)
            plans = [compose_plan(LoopRequest(style=style, role=role), band_seed, bars=8) for role in BAND]
            content = midi_file_bytes([_part(plan, number) for plan in plans], _conductor(plans[0]))
            path = f"{style}/band/{style}-band-{number + 1:02d}.mid"
            title = f"{style.capitalize()} band {number + 1:02d}"
            yield DemoFile(path, content, title, AUTHOR, None, style, "", plans[0].bpm)


def demo_tunes() -> Iterator[DemoFile]:
    """The tunes, by name. Raises TuneError for one that was entered wrongly."""
    for slug, tune in load_tunes().items():
        content = midi_file_bytes(tune_parts(tune), tune_conductor(tune))
        yield DemoFile(f"tunes/{slug}.mid", content, tune.title, tune.composer, tune.died, tune.style, "", tune.tempo)


def load_tunes() -> dict[str, Tune]:
    """The tunes that come with the package, by the name of their file, sorted. Raises TuneError."""
    folder = files("boumb_assets.ingest") / "tunes"
    texts = {entry.name: entry for entry in folder.iterdir() if entry.name.endswith(".txt")}
    return {name.removesuffix(".txt"): parse_tune(texts[name].read_text(encoding="utf-8")) for name in sorted(texts)}


def _new_plan(style: Style, role: Role, number: int, seed: int, seen: set[tuple[tuple[int, int], ...]]) -> LoopPlan:
    """A loop whose notes are not in ``seen``, whatever the key; they are added to it."""
    rng = Random(f"{seed}/{style}/{role}/{number}")
    while True:
        # Half the loops are in a key that the style likes, the others anywhere, so that all twelve occur.
        root = None if number % 2 else rng.randrange(12)
        request = LoopRequest(style=style, role=role, density=rng.choice(DENSITIES), root=root)
        plan = compose_plan(request, rng.randrange(1 << 32), bars=BARS[number % len(BARS)])
        origin = 0 if role == "drums" else plan.notes[0].pitch
        notes = tuple((note.step, note.pitch - origin) for note in plan.notes)
        if notes not in seen:
            seen.add(notes)
            return plan


def _part(plan: LoopPlan, number: int) -> Part:
    programs = PROGRAMS[plan.style].get(plan.role, (0,))
    return Part(
        name=plan.role,
        program=programs[number % len(programs)],
        notes=tuple((note.onset, note.duration, note.pitch, note.velocity) for note in plan.notes),
        is_drum=plan.role == "drums",
    )


def _conductor(plan: LoopPlan) -> Conductor:
    key = None if plan.role == "drums" else key_signature(plan.root, plan.scale)
    return Conductor(bpm=plan.bpm, length=plan.bars * TICKS_PER_BAR, key=key)
