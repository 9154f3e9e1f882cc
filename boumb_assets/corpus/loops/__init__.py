"""Loops: two or four bars of one part, as the studio's contracts write them."""

from boumb_assets.corpus.loops.cutting import FILTERS, Loops, cut_loops, studio_style
from boumb_assets.corpus.loops.settings import LoopSettings

__all__ = ["FILTERS", "LoopSettings", "Loops", "cut_loops", "studio_style"]
