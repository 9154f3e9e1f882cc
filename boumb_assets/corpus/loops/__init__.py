"""Loops: two or four bars of one part, as the studio's contracts write them."""

from boumb_assets.corpus.loops.cutting import Loops, cut_loops
from boumb_assets.corpus.loops.parts import EVENTS_READ, NAMES
from boumb_assets.corpus.loops.settings import FILTERS, LoopSettings
from boumb_assets.corpus.loops.sources import FILES_READ
from boumb_assets.corpus.loops.styles import studio_style

__all__ = ["EVENTS_READ", "FILES_READ", "FILTERS", "NAMES", "LoopSettings", "Loops", "cut_loops", "studio_style"]
