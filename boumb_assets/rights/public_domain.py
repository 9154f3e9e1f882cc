"""Whether the terms of protection of a composition have run out, by jurisdiction. Pure: the year that is counted to is
an argument.

Of music alone: where words and music were written for each other, the EU counts from the last of both authors
(Directive 2011/77/EU, article 1), but a MIDI file has no words to speak of.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from boumb_assets.rights.composers import is_traditional

JURISDICTIONS: Final = ("EU", "US")
EU_TERM_AFTER_DEATH: Final = 70  # years, to the end of the calendar year: Directive 2006/116/EC, articles 1 and 8
US_TERM_AFTER_PUBLICATION: Final = 95  # years, to the end of the calendar year: 17 U.S.C. 304 and 305
US_TERM_UNPUBLISHED: Final = 70  # years after death, of what was never published: 17 U.S.C. 302 and 303


@dataclass(frozen=True)
class WorkFacts:
    """What is known of one work; None where nothing is. Years of the Common Era."""

    composer: str | None = None
    composer_died: int | None = None
    published: int | None = None
    """Year of the first publication."""
    arranger: str | None = None
    arranger_died: int | None = None
    composition_licence: str | None = None
    """As the metadata of the file itself has it; so the next two."""
    encoding_licence: str | None = None
    performance_licence: str | None = None


@dataclass(frozen=True)
class Bar:
    """Why a composition is not, or not known to be, in the public domain."""

    rule: str
    sentence: str
    unknown: bool = False
    """Whether it is only that something is not known, which a person who knows it may say by an override."""


def in_public_domain(facts: WorkFacts, jurisdiction: str, year: int) -> bool | None:
    """Whether the composition, with its arrangement, is in the public domain of ``jurisdiction`` (EU or US) in
    ``year``; None where the facts do not say."""
    authors = [(facts.composer, facts.composer_died)]
    if _named(facts.arranger) or facts.arranger_died is not None:
        authors.append((facts.arranger, facts.arranger_died))
    if jurisdiction == "US":
        return _of_all(
            [_us_ended(died, None if place else facts.published, year) for place, (_, died) in enumerate(authors)]
        )
    return _of_all([_eu_ended(died, year) for _, died in authors])


def public_domain_bars(facts: WorkFacts, jurisdictions: Sequence[str], year: int) -> list[Bar]:
    """What keeps a composition from resting on the public domain: a term that runs in one of ``jurisdictions``, or an
    author who is named without a known year of death, so that nobody can say whether it runs."""
    people = (
        ("composer", "composition", facts.composer, facts.composer_died),
        ("arranger", "arrangement", facts.arranger, facts.arranger_died),
    )
    free = all(in_public_domain(facts, place, year) for place in jurisdictions)
    bars: list[Bar] = []
    for who, what, name, died in people:
        if died is not None:
            bars += _running(who, what, died, facts.published if who == "composer" else None, jurisdictions, year)
        elif _named(name) and not free:
            bars.append(Bar(
                f"{who}_unknown",
                f"the {who} {name} is named, and the year of death is not known: whether the term runs cannot be said",
                unknown=True,
            ))  # fmt: skip
    published = facts.published
    if facts.composer_died is None and published is not None and "US" in jurisdictions:
        bars += _published_in_term(published, year)
    return bars


def public_domain_basis(facts: WorkFacts, jurisdictions: Sequence[str], year: int) -> list[str]:
    """Sentences on what it rests on that a composition is in the public domain; call it where nothing bars that."""
    sentences = []
    for who, died in (("composer", facts.composer_died), ("arranger", facts.arranger_died)):
        if died is not None and died + EU_TERM_AFTER_DEATH < year:
            sentences.append(f"the {who} died in {died}, more than {EU_TERM_AFTER_DEATH} years ago")
    if facts.composer_died is None:
        sentences.append("no year of death is recorded: that the song is public domain rests on the declaration")
    elif "US" in jurisdictions and in_public_domain(facts, "US", year) is None:
        sentences.append(
            "the US counts from publication, whose year is not recorded: that the song is public domain there rests on "
            "the declaration"
        )
    return sentences


def _named(name: str | None) -> bool:
    return name is not None and bool(name.strip()) and not is_traditional(name)


def _of_all(parts: Sequence[bool | None]) -> bool | None:
    """Kleene's conjunction: false if any part is, else unknown if any part is."""
    return False if False in parts else None if None in parts else True


def _eu_ended(died: int | None, year: int) -> bool | None:
    return None if died is None else died + EU_TERM_AFTER_DEATH < year


def _us_ended(died: int | None, published: int | None, year: int) -> bool | None:
    """What is known to be published is counted from then. What somebody published while alive is out of the term once
    the year of death is; what was published later, or never, cannot be told from a year of death."""
    if published is not None:
        return published + US_TERM_AFTER_PUBLICATION < year
    return True if died is not None and died + US_TERM_AFTER_PUBLICATION < year else None


def _running(
    who: str, what: str, died: int, published: int | None, jurisdictions: Sequence[str], year: int
) -> list[Bar]:
    bars = []
    if "EU" in jurisdictions and died + EU_TERM_AFTER_DEATH >= year:
        end = died + EU_TERM_AFTER_DEATH
        bars.append(Bar(f"{what}_in_term_eu", f"the {who} died in {died}: in the EU the term runs to the end of {end}"))
    if "US" in jurisdictions and published is not None:
        bars += _published_in_term(published, year)
    if "US" in jurisdictions and published is None and died + US_TERM_UNPUBLISHED >= year:
        bars.append(Bar(
            f"{what}_in_term_us",
            f"the {who} died in {died} and the year of publication is not known: in the US the term of what was not "
            f"published runs to the end of {died + US_TERM_UNPUBLISHED}",
        ))  # fmt: skip
    return bars


def _published_in_term(published: int, year: int) -> list[Bar]:
    if published + US_TERM_AFTER_PUBLICATION < year:
        return []
    end = published + US_TERM_AFTER_PUBLICATION
    return [
        Bar("composition_in_term_us", f"first published in {published}: in the US the term runs to the end of {end}")
    ]
