"""Roles from what a part plays, and from what it is called."""

import numpy as np
import pytest

from boumb_assets.events.roles import PITCHED, leaning, likeliest

Heard = tuple[float, float, float, float]  # mean pitch, voices, length in sixteenths, onsets a bar


def role(heard: Heard, program: int = 0, name: str = "", has_programs: bool = False) -> tuple[str, float]:
    best, share = likeliest(np.array([heard]), np.array([leaning(program, name, has_programs)]))
    return PITCHED[best[0]], float(share[0])


@pytest.mark.parametrize(
    ("expected", "program", "heard"),
    [
        ("bass", 33, (39.0, 1.0, 2.0, 6.0)),
        ("bass", 0, (39.0, 1.0, 2.0, 6.0)),
        ("lead", 73, (75.0, 1.0, 2.0, 6.0)),
        ("lead", 0, (75.0, 1.0, 2.0, 6.0)),
        ("keys", 4, (64.0, 3.0, 2.0, 5.0)),
        ("keys", 0, (64.0, 3.0, 2.0, 5.0)),
        ("pad", 89, (64.0, 3.0, 16.0, 1.0)),
        ("pad", 0, (64.0, 3.0, 16.0, 0.5)),
    ],
)
def test_the_role_that_a_musician_would_name(expected: str, program: int, heard: Heard) -> None:
    found, confidence = role(heard, program)
    assert found == expected
    assert 0.5 < confidence <= 1


def test_slow_chords_are_keys_on_what_dies_away() -> None:
    slow = (64.0, 3.0, 16.0, 0.5)
    assert role(slow, 0, has_programs=True)[0] == "keys", "program 0 is meant where others have one"
    assert role(slow, 4, has_programs=True)[0] == "keys"
    assert role(slow, 0, "Piano")[0] == "keys"
    assert role(slow, 48, has_programs=True)[0] == "pad"


def test_a_name_tips_the_balance_and_a_title_does_not() -> None:
    line = (53.5, 1.0, 4.0, 4.0)
    assert role(line)[0] == "lead"
    assert role(line, name="Basse 1")[0] == "bass"
    assert role(line, name="The bass player of the county of Clare")[0] == "lead"


def test_extremes_give_a_role() -> None:
    for pitch in (0.0, 127.0):
        found, confidence = role((pitch, 0.0, 0.0, 0.0), 127)
        assert found in PITCHED and 0 < confidence <= 1
