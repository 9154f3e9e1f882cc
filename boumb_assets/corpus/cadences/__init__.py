"""Cadences: where a phrase ends, how, and in which key."""

from boumb_assets.corpus.cadences.finding import cadences_of, find_cadences, sure_cadences
from boumb_assets.corpus.cadences.kinds import AUTHENTIC, Cadence, CadenceName, Key, related_keys
from boumb_assets.corpus.cadences.places import Places, places_of

__all__ = [
    "AUTHENTIC",
    "Cadence",
    "CadenceName",
    "Key",
    "Places",
    "cadences_of",
    "find_cadences",
    "places_of",
    "related_keys",
    "sure_cadences",
]
