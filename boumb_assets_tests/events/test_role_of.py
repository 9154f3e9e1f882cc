"""Roles from what a part plays, and from what it is called."""

import pytest

from boumb_assets.events.roles import PITCHED, role_of


@pytest.mark.parametrize(
    ("role", "program", "pitches", "polyphony", "density", "length"),
    [
        ("bass", 33, [36, 43, 36, 41], 1.0, 6.0, 2.0),
        ("bass", 0, [36, 43, 36, 41], 1.0, 6.0, 2.0),
        ("lead", 73, [72, 74, 76, 79], 1.0, 6.0, 2.0),
        ("lead", 0, [72, 74, 76, 79], 1.0, 6.0, 2.0),
        ("keys", 4, [60, 64, 67], 3.0, 5.0, 2.0),
        ("keys", 0, [60, 64, 67], 3.0, 5.0, 2.0),
        ("pad", 89, [60, 64, 67], 3.0, 1.0, 16.0),
        ("pad", 0, [60, 64, 67], 3.0, 0.5, 16.0),
    ],
)
def test_the_role_that_a_musician_would_name(
    role: str, program: int, pitches: list[int], polyphony: float, density: float, length: float
) -> None:
    found, confidence = role_of(program, False, pitches, polyphony, density, length)
    assert found == role
    assert 0.5 < confidence <= 1


def test_drums_are_drums() -> None:
    assert role_of(-1, True, [36], 1.0, 4.0, 1.0) == ("drums", 1.0)


def test_a_name_tips_the_balance_and_a_title_does_not() -> None:
    def named(name: str) -> str:
        return role_of(0, False, [52, 55, 57, 52], 1.0, 4.0, 4.0, name)[0]

    assert named("") == "lead"
    assert named("Basse 1") == "bass"
    assert named("The bass player of the county of Clare") == "lead"


def test_extremes_give_a_role() -> None:
    for pitches in ([], [0], [127] * 64):
        role, confidence = role_of(127, False, pitches, 0.0, 0.0, 0.0)
        assert role in PITCHED and 0 < confidence <= 1
