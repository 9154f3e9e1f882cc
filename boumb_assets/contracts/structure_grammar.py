"""The grammar of MusicStructure in canonical text."""

from boumb_assets.contracts.grammar import Characters, Part, Repeat, Rule, Rules, choice, optional, sequence
from boumb_assets.contracts.harmony_rules import MAXIMUM_CHORDS, body_numerals, cadence_endings, is_minor, tonic
from boumb_assets.contracts.music_structure import (
    DEGREES,
    DYNAMICS,
    HARMONIC_FUNCTIONS,
    KEYS,
    MOTIF_LENGTH,
    RHYTHM_VALUES,
    RUBATOS,
    TEXTURES,
    TIME_SIGNATURES,
    VELOCITY_CURVES,
)
from boumb_assets.contracts.text_fields import (
    FORM_LENGTH,
    INSTRUMENTATION_LENGTH,
    NAME_LENGTH,
    PHRASE_LENGTH,
    TAG_LENGTH,
    TRANSFORMATION_LENGTH,
    hundredths,
    plain_number,
)


def structure_grammar() -> Rules:
    """MusicStructure in canonical text, with all that a context-free grammar can reasonably hold: chords by mode, the
    tonic first, the cadence at the end and named after it, as many harmonic functions as chords, a rhythm as long as
    its degrees, the limits of lists and of short texts (in characters, where the app counts UTF-16 units).

    Left to the contract: the sum of the measures, motifs of one note in 3/4 and 6/8, the length of ``reasoning``.
    Narrower than the contract: tempos are integers, boosts have two decimals.
    """
    return {**_piece(), **_sections(), **_figures(), **_texts()}


def _piece() -> dict[str, Part]:
    return {
        "root": sequence(
            '{"key":', choice(Rule("KEY_MAJOR"), Rule("KEY_MINOR")), ',"tempo":', Rule("TEMPO"), ',"timeSignature":',
            _strings(TIME_SIGNATURES), ',"form":', Rule("FORM"), ',"sections":[', Rule("section"),
            Repeat(sequence(",", Rule("section")), 1, 11), "],", optional('"leitmotifs":[', Rule("leitmotifs"), "],"),
            Rule("humanize"), ',"instrumentation":', Rule("INSTRUMENTATION"), ',"character":', Rule("PHRASE"),
            optional(',"reasoning":', Rule("LONG_TEXT")), "}",
        ),
        "humanize": sequence(
            '"humanize":{"rubato":', _strings(RUBATOS), ',"velocityCurve":', _strings(VELOCITY_CURVES),
            ',"peakBoost":', Rule("PEAK_BOOST"), ',"phraseEndSoftness":', Rule("END_SOFTNESS"), "}",
        ),
        "KEY_MAJOR": _strings(tuple(key for key in KEYS if not is_minor(key))),
        "KEY_MINOR": _strings(tuple(key for key in KEYS if is_minor(key))),
        "TEMPO": choice(
            sequence(Characters("[4-9]"), Characters("[0-9]")),
            sequence("1", Characters("[0-9]"), Characters("[0-9]")),
            sequence("2", Characters("[01]"), Characters("[0-9]")),
            "220",
        ),
        "MEASURES": choice(
            Characters("[4-9]"),
            sequence(Characters("[1-9]"), Characters("[0-9]")),
            sequence("1", Characters("[01]"), Characters("[0-9]")),
            sequence("12", Characters("[0-8]")),
        ),
        "PEAK_BOOST": _hundredths(60),
        "END_SOFTNESS": _hundredths(80),
    }  # fmt: skip


def _sections() -> dict[str, Part]:
    variants = [(minor, cadence) for minor in (False, True) for cadence in cadence_endings(minor)]
    rules: dict[str, Part] = {
        "section": sequence(
            '{"name":', Rule("NAME"), ',"measures":', Rule("MEASURES"), ',"key":',
            choice(*(Rule(_variant(minor, cadence)) for minor, cadence in variants)), "}",
        ),
        "body": sequence(
            '],"melody":{"motifs":[', Rule("motif"), Repeat(sequence(",", Rule("motif")), 0, 3), ']},"dynamics":',
            _strings(DYNAMICS), ',"texture":', _strings(TEXTURES), ',"cadence":',
        ),
        "FUNCTION": _strings(HARMONIC_FUNCTIONS),
        **{_chord(numeral): sequence(f'"{numeral}"') for minor in (False, True)
           for numeral in (*body_numerals(minor), *(last for end in cadence_endings(minor).values() for last in end))},
        **{f"chord_in_{_mode(minor)}": choice(*(Rule(_chord(numeral)) for numeral in body_numerals(minor)))
           for minor in (False, True)},
    }  # fmt: skip
    for minor, cadence in variants:
        rules |= _progressions(minor, cadence)
    return rules


def _progressions(minor: bool, cadence: str) -> dict[str, Part]:
    """From a section's key to its end, for one mode and cadence: without harmonic functions, or nested with them, so
    that the outermost chord meets the last function and there are as many of each."""
    name, chord = _variant(minor, cadence), Rule(f"chord_in_{_mode(minor)}")
    ending = cadence_endings(minor)[cadence]
    between = MAXIMUM_CHORDS - 1 - len(ending)  # chords between the tonic and the cadence, at most
    last = _listed([Rule(_chord(numeral)) for numeral in ending])
    named = sequence(Rule("body"), f'"{cadence}"')
    functions = _listed([Rule("FUNCTION") for _ in ending])
    rules: dict[str, Part] = {
        name: sequence(
            Rule(f"KEY_{_mode(minor).upper()}"), ',"chordProgression":[', Rule(_chord(tonic(minor))), ",",
            choice(Rule(f"{name}_plain"), sequence(Rule(f"{name}_{between}"), ",", Rule("FUNCTION"), "]")),
        ),
        f"{name}_plain": sequence(Repeat(sequence(chord, ","), 0, between), last, named),
        f"{name}_0": sequence(last, named, ',"harmonicFunctions":[', functions),
    }  # fmt: skip
    for length in range(1, between + 1):
        inner = Rule(f"{name}_{length - 1}")
        nested = sequence(chord, ",", inner, ",", Rule("FUNCTION"))
        rules[f"{name}_{length}"] = choice(nested, Rule(f"{name}_0"))
    return rules


def _figures() -> dict[str, Part]:
    """Degrees and their rhythm, nested for the same reason."""
    rules: dict[str, Part] = {
        "motif": sequence('{"degrees":[', Rule(f"figure_{MOTIF_LENGTH}"), "]}"),
        "leitmotifs": sequence(Rule("leitmotif"), Repeat(sequence(",", Rule("leitmotif")), 0, 5)),
        "leitmotif": sequence(
            '{"tag":', Rule("TAG"), ',"degrees":[', Rule(f"figure_{MOTIF_LENGTH}"), "]",
            optional(',"meaning":', Rule("PHRASE")), optional(',"transformations":[', Rule("transformations")), "}",
        ),
        "transformations": choice(
            "]", sequence(Rule("TRANSFORMATION"), Repeat(sequence(",", Rule("TRANSFORMATION")), 0, 7), "]")
        ),
        "DEGREE": choice(*map(str, DEGREES)),
        "RHYTHM": choice(*(str(plain_number(float(value))) for value in RHYTHM_VALUES)),
    }  # fmt: skip
    turn = '],"rhythm":['
    for length in range(1, MOTIF_LENGTH + 1):
        inner = (sequence(",", Rule(f"figure_{length - 1}"), ","),) if length > 1 else ()
        rules[f"figure_{length}"] = sequence(Rule("DEGREE"), choice(turn, *inner), Rule("RHYTHM"))
    return rules


def _texts() -> dict[str, Part]:
    """JSON strings as pydantic writes them: everything but quotes, backslashes and control characters as it is."""
    escape = choice(Characters(r'["\\bfnrt]'), sequence("u00", Characters("[01]"), Characters("[0-9a-f]")))
    limits = {
        "NAME": (1, NAME_LENGTH), "FORM": (0, FORM_LENGTH), "TAG": (1, TAG_LENGTH), "PHRASE": (0, PHRASE_LENGTH),
        "INSTRUMENTATION": (0, INSTRUMENTATION_LENGTH), "TRANSFORMATION": (0, TRANSFORMATION_LENGTH),
    }  # fmt: skip
    return {
        "CHARACTER": choice(Characters(r'[^"\\\x00-\x1F]'), sequence("\\", escape)),
        **{name: sequence('"', Repeat(Rule("CHARACTER"), *limit), '"') for name, limit in limits.items()},
        "LONG_TEXT": sequence('"', Repeat(Rule("CHARACTER"), 0, None), '"'),
    }


def _strings(values: tuple[str, ...]) -> Part:
    return choice(*(f'"{value}"' for value in values))


def _hundredths(most: int) -> Part:
    return choice(*map(str, hundredths(most)))


def _listed(parts: list[Rule]) -> Part:
    joined: list[Part | str] = [parts[0]]
    for part in parts[1:]:
        joined += [",", part]
    return sequence(*joined)


def _mode(minor: bool) -> str:
    return "minor" if minor else "major"


def _variant(minor: bool, cadence: str) -> str:
    return f"{_mode(minor)}_{cadence.lower()}"


def _chord(numeral: str) -> str:
    """A rule's name: GBNF folds case, so that ``i`` and ``I`` need more than their letters."""
    return f"chord_{'large' if numeral.isupper() else 'small'}_{numeral.lower()}"
