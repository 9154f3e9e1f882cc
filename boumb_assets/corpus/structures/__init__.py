"""Structures: the form of whole pieces, from what is heard to the second app's contract."""

from boumb_assets.corpus.structures.deriving import Structures, derive_structures

__all__ = ["Structures", "derive_structures"]
