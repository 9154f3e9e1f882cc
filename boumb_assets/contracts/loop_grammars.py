"""The grammars of the studio's loops: what a server with a grammar, and no other help, can be held to."""

from boumb_assets.contracts.boumb_sequence import DURATIONS, VELOCITIES, time_of
from boumb_assets.contracts.drum_pattern import DRUM_STEPS, DRUM_TRACKS
from boumb_assets.contracts.grammar import Characters, Part, Repeat, Rule, Rules, choice, optional, sequence
from boumb_assets.contracts.steps import SERVICE_STEPS

SEQUENCE_STEPS = 64  # four bars, the longer of the studio's two loops

# The twelve names that the canonical text uses: the pattern of the app also reads E# and B#.
_NAME = sequence(choice(sequence(Characters("[ACDFG]"), optional("#")), Characters("[BE]")), Characters("[0-8]"))
_VELOCITY = choice(*map(str, VELOCITIES))


def sequence_grammar() -> Rules:
    """BoumbSequence in canonical text, up to four bars, where time never goes back.

    Onsets are ordered by rules counted by step. The order of pitches within a step, and that no note comes twice,
    would need a rule for each of 64 steps and 108 pitches: the automaton and the contract hold those.
    """
    rules: dict[str, Part] = {
        "root": sequence('{"sequence":[', Rule("from_0"), "]}"),
        "NAME": _NAME,
        "DURATION": choice(*DURATIONS),
        "VELOCITY": _VELOCITY,
        "rest": sequence('","duration":"', Rule("DURATION"), '","velocity":', Rule("VELOCITY"), "}"),
    }
    for step in range(SEQUENCE_STEPS):
        here = sequence(time_of(step), Rule("rest"), optional(",", Rule(f"from_{step}")))
        later = (Rule(f"at_{step + 1}"),) if step + 1 < SEQUENCE_STEPS else ()
        rules[f"from_{step}"] = sequence('{"note":"', Rule("NAME"), '","time":"', Rule(f"at_{step}"))
        rules[f"at_{step}"] = choice(here, *later)
    return rules


def drum_grammar() -> Rules:
    """DrumPattern in canonical text: exactly what the automaton accepts. The probability of a hit has two decimals."""
    rules: dict[str, Part] = {
        "root": sequence('{"clips":{', choice(*(Rule(f"clip_{number}") for number in range(len(DRUM_TRACKS)))), "}}"),
        "VELOCITY": _VELOCITY,
        "FILL": choice(
            sequence("0.", choice(sequence(Characters("[0-9]"), Characters("[1-9]")), Characters("[0-9]"))), "1.0"
        ),
        "rest": sequence(
            '","note":"C4","duration":"16n","velocity":', Rule("VELOCITY"), optional(',"fill":', Rule("FILL")), "}"
        ),
    }
    for number, track in enumerate(DRUM_TRACKS):
        others = tuple(Rule(f"clip_{other}") for other in range(number + 1, len(DRUM_TRACKS)))
        tail = (optional(",", choice(*others)),) if others else ()
        rules[f"clip_{number}"] = sequence(f'"{track}":[', Rule("from_0"), "]", *tail)
    for step in range(DRUM_STEPS):
        more = (optional(",", Rule(f"from_{step + 1}")),) if step + 1 < DRUM_STEPS else ()
        later = (Rule(f"at_{step + 1}"),) if step + 1 < DRUM_STEPS else ()
        rules[f"from_{step}"] = sequence('{"time":"', Rule(f"at_{step}"))
        rules[f"at_{step}"] = choice(sequence(time_of(step), Rule("rest"), *more), *later)
    return rules


def steps_grammar() -> Rules:
    """Steps as ``{"notes": [...]}``: every text is valid; the service does not mind in which order notes come."""
    return {
        "root": sequence('{"notes":[', Rule("note"), Repeat(sequence(",", Rule("note")), 0, None), "]}"),
        "note": sequence(
            '{"pitch":"', Rule("NAME"), '","start":', Rule("ONSET"), ',"duration":', Rule("DURATION"),
            ',"velocity":', Rule("VELOCITY"), "}",
        ),
        "NAME": _NAME,
        "ONSET": _integers(0, SERVICE_STEPS - 1),
        "DURATION": _integers(1, SERVICE_STEPS),
        "VELOCITY": _integers(1, 127),
    }  # fmt: skip


def _integers(least: int, most: int) -> Part:
    return choice(*map(str, range(least, most + 1)))
