"""What an ask leaves open: pitches of the scale that it names, in the register of its role, and how many at once."""

from typing import Final

from boumb_assets.contracts.loop_request import LoopRequest, Role
from boumb_assets.contracts.request_rules import REGISTERS, scale_asked
from boumb_assets.theory.pitch import HIGHEST, LOWEST

# Notes that start together, at most: a bass and a lead are one voice, hands have fingers.
POLYPHONY: Final[dict[Role, int]] = {"bass": 1, "lead": 1, "keys": 5, "pad": 5}


def allowed_polyphony(request: LoopRequest) -> int | None:
    """How many notes may start together in a loop of the role that was asked for; None where none was."""
    return None if request.role is None else POLYPHONY.get(request.role)


def allowed_pitches(request: LoopRequest) -> frozenset[int] | None:
    """The MIDI numbers that a melodic loop for ``request`` may use, or None for all: the studio drops what is outside
    a scale that was asked for, so it is better never written."""
    scale = scale_asked(request)
    register = None if request.role is None else REGISTERS.get(request.role)
    if scale is None and register is None:
        return None
    lowest, highest = register or (LOWEST, HIGHEST)
    return frozenset(pitch for pitch in range(lowest, highest + 1) if scale is None or pitch % 12 in scale)
