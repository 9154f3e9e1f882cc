"""The themes of a piece, and what each section makes of them."""

from random import Random
from typing import Final

from boumb_assets.composer.development import (
    augmentation,
    closing,
    diminution,
    inversion,
    ornamented,
    retrograde,
    sequence,
)
from boumb_assets.composer.figures import FEWEST_DEGREES, Figure, new_figure, seeded_figures
from boumb_assets.composer.section_plan import PlannedSection
from boumb_assets.contracts.music_request import MusicRequest
from boumb_assets.contracts.music_structure import TimeSignature

MAIN: Final = "A"
_STEPS: Final = (1, -1, 2, -2, 3)  # degrees by which a sequence moves
_AROUSED: Final = 0.6


class Themes:
    """The themes of a piece by letter, each made when it is first wanted: a figure, or two that answer each other
    where a request's seeds need two measures."""

    def __init__(self, request: MusicRequest, time_signature: TimeSignature, rng: Random) -> None:
        """The first theme is the one that the request's seeds give, else a new one of its feeling."""
        self._request, self._metre, self._rng = request, time_signature, rng
        own = new_figure(time_signature, request.arousal, request.valence, rng)
        seeded = request.motif_seed or request.rhythm_seed
        self._themes = {
            MAIN: seeded_figures(request.motif_seed or (), request.rhythm_seed or (), time_signature, own)
            if seeded
            else [own]
        }

    @property
    def main(self) -> Figure:
        """The first measure of the first theme."""
        return self._themes[MAIN][0]

    def developed(self, section: PlannedSection) -> list[Figure]:
        """Two to four measures of motif for a section. The one that falls on its last measure comes to rest as the
        cadence does."""
        count = _motifs(section.measures, self._rng)
        figures = self._measures(section, self._theme(section.idea.theme))[:count]
        last = (section.measures - 1) % len(figures)
        if last:  # else the first one is also the last: a theme is not changed where it is stated
            figures[last] = closing(figures[last], section.cadence)
        return figures

    def _theme(self, letter: str) -> list[Figure]:
        """A contrasting theme is kin to the first (upside down or backwards) in a rhythm of its own where that has
        tones enough for it, else new."""
        if letter not in self._themes:
            own = new_figure(self._metre, 1 - self._request.arousal, self._request.valence, self._rng)
            change = inversion if len(self._themes) % 2 else retrograde
            kin = change(self.main).degrees[: len(own.rhythm)]
            fits = len(kin) == len(own.rhythm) and len(set(kin)) >= FEWEST_DEGREES
            self._themes[letter] = [Figure(kin, own.rhythm) if fits else own]
        return self._themes[letter]

    def _measures(self, section: PlannedSection, theme: list[Figure]) -> list[Figure]:
        """Four measures of what the section's treatment makes of its theme."""
        rng = self._rng
        step, first, second = rng.choice(_STEPS), theme[0], theme[-1]
        own_turn = second if len(theme) > 1 else sequence(first, step)
        match section.idea.treatment:
            case "statement":
                return [first, own_turn, first, rng.choice((sequence(first, 2 * step), ornamented(own_turn)))]
            case "return":
                excited = self._request.arousal > _AROUSED
                turn = _quickened(first, step) if excited else ornamented(first, below=rng.random() < 0.5)
                return [first, turn, first, own_turn]
            case "contrast":
                quick = _quickened(self.main, step)
                memory = rng.choice((inversion(self.main), quick, quick, retrograde(self.main)))
                return [first, sequence(first, step), first, memory]
            case "sequence":
                return [sequence(first, step), sequence(first, 2 * step), first, sequence(second, -step)]
            case "variation":
                adorned = ornamented(first, below=rng.random() < 0.5)
                return [adorned, ornamented(own_turn), ornamented(adorned), ornamented(sequence(first, -step))]
            case "inversion":
                mirrored = inversion(first)
                return [mirrored, sequence(mirrored, step), inversion(second), sequence(mirrored, 2 * step)]
            case "augmentation":
                slow = augmentation(first)
                return [*slow, *(augmentation(second) if len(theme) > 1 else [sequence(each, step) for each in slow])]
            case "diminution":
                quick = _quickened(first, step)
                return [quick, sequence(quick, step), _quickened(second, -step), sequence(quick, -step)]
            case "development":
                mirrored = inversion(second)
                turns = [sequence(first, step), mirrored, _quickened(first, step), sequence(mirrored, -step)]
                return turns if rng.random() < 0.5 else [turns[2], turns[0], turns[1], retrograde(first)]


def _quickened(figure: Figure, steps: int) -> Figure:
    """The figure in halved values, or, where it is too quick for that already, adorned."""
    quick = diminution(figure, steps)
    return ornamented(figure) if quick == figure else quick


def _motifs(measures: int, rng: Random) -> int:
    """How many motifs a section of so many measures has, so that the turns end with it and not amid them, if that can
    be."""
    if measures % 4 == 0:
        return rng.choice((2, 4, 4))
    if measures % 3 == 0:
        return 3
    return next((count for count in (2, 3, 4) if (measures - 1) % count), 4)
