"""Draws that follow from a seed alone, the same in Python and in compiled loops."""

from typing import Final

# SplitMix64: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
GOLDEN: Final = 0x9E3779B97F4A7C15
FIRST_FACTOR: Final = 0xBF58476D1CE4E5B9
SECOND_FACTOR: Final = 0x94D049BB133111EB
_MASK: Final = (1 << 64) - 1


class Draws:
    """The sequence of draws of one ``seed`` (0 .. 2**64 - 1)."""

    def __init__(self, seed: int) -> None:
        self._state = seed & _MASK

    def number(self) -> int:
        """The next 64 bits."""
        self._state = (self._state + GOLDEN) & _MASK
        mixed = ((self._state ^ (self._state >> 30)) * FIRST_FACTOR) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * SECOND_FACTOR) & _MASK
        return mixed ^ (mixed >> 31)

    def below(self, count: int) -> int:
        """The next number of 0 .. ``count`` - 1, by the upper 32 bits; ``count`` is 1 .. 2**31."""
        return ((self.number() >> 32) * count) >> 32
