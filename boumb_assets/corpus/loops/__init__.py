"""Loops: two or four bars of one part, as the studio's contracts write them."""

from boumb_assets.corpus.loops.cutting import Loops, cut_loops
from boumb_assets.corpus.loops.parts import EVENT_NAMES, EVENTS_READ
from boumb_assets.corpus.loops.settings import FILTERS, LoopSettings
from boumb_assets.corpus.loops.sources import FILES_READ
from boumb_assets.corpus.loops.styles import studio_style

__all__ = ["EVENTS_READ", "EVENT_NAMES", "FILES_READ", "FILTERS", "LoopSettings", "Loops", "cut_loops", "studio_style"]
