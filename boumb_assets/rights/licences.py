"""Licences as a lattice: what each asks for, and what several ask for together."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache, lru_cache, reduce
from typing import Any, Final

from license_expression import ExpressionError, get_spdx_licensing

MAX_LICENCE_CHARS: Final = 200


class LicenceClass(StrEnum):
    """The kinds of permission, from the freest to none. The order serves only to name a whole by its strictest part:
    what may be done follows from the obligations, which have no such order."""

    NONE = "none"
    OWN = "own"
    MACHINE_MADE = "machine_made"
    PUBLIC_DOMAIN = "public_domain"
    CC0 = "cc0"
    PERMISSIVE = "permissive"
    BY = "by"
    SA = "sa"
    COPYLEFT = "copyleft"
    NC = "nc"
    ND = "nd"
    CUSTOM = "custom"
    PER_FILE = "per_file"
    UNKNOWN = "unknown"

    @property
    def strictness(self) -> int:
        """The position in the order above."""
        return list(LicenceClass).index(self)


@dataclass(frozen=True)
class Obligations:
    """What a licence asks for. Joining is a union in every component, so the whole asks for at least what each part
    does: a join-semilattice with "nothing asked" at the bottom."""

    attribution: bool = False
    share_alike: bool = False
    copyleft: bool = False
    non_commercial: bool = False
    no_derivatives: bool = False
    denied: bool = False
    """No permission is known: nobody gave one, the licence is unknown, or it is one that a person has to read."""
    same_licence: frozenset[str] = frozenset()
    """The licences that a derivative has to be under, by SPDX identifier; more than one cannot be met."""

    def join(self, other: "Obligations") -> "Obligations":
        """What must be done to satisfy both."""
        return Obligations(
            **{field.name: getattr(self, field.name) | getattr(other, field.name) for field in fields(self)}
        )

    def covers(self, other: "Obligations") -> bool:
        """Whether whoever satisfies this satisfies ``other``."""
        return self.join(other) == self

    def words(self) -> tuple[str, ...]:
        """The names of the obligations that hold, in a fixed order."""
        return tuple(field.name for field in fields(self) if getattr(self, field.name) is True)

    @property
    def conflict(self) -> str | None:
        """Why the obligations cannot be met together, None if they can."""
        if len(self.same_licence) > 1:
            return f"{' and '.join(sorted(self.same_licence))} each ask that what is made from it be under itself"
        free = [name for name in self.same_licence if "-NC" not in name]
        if self.non_commercial and free:
            return f"{free[0]} asks that what is made from it be free for commercial use too, which another forbids"
        return None


@dataclass(frozen=True)
class Licence:
    """One licence, or several that hold at once."""

    text: str
    """An SPDX expression, or a class word as "public-domain"."""
    licence_class: LicenceClass
    obligations: Obligations

    @property
    def strictness(self) -> tuple[bool, int]:
        """What to sort by: no permission at all is stricter than any that is tied to something."""
        return self.obligations.denied, self.licence_class.strictness


PER_FILE: Final = "per-file"
CLASS_WORDS: Final[dict[str, LicenceClass]] = {
    "public-domain": LicenceClass.PUBLIC_DOMAIN,
    "traditional": LicenceClass.PUBLIC_DOMAIN,
    "own": LicenceClass.OWN,
    "machine-made": LicenceClass.MACHINE_MADE,
    "custom": LicenceClass.CUSTOM,
    PER_FILE: LicenceClass.PER_FILE,
    "none": LicenceClass.NONE,
    "unknown": LicenceClass.UNKNOWN,
}

# The classes of SPDX identifiers, first match. What stands in no line is known to SPDX but not to us: custom, denied.
_FAMILIES: Final[tuple[tuple[str, LicenceClass], ...]] = (
    (r"CC-PDM-1\.0|CC-PDDC", LicenceClass.PUBLIC_DOMAIN),
    (r"CC0-1\.0|PDDL-1\.0|Unlicense|0BSD|MIT-0", LicenceClass.CC0),
    (r"CC-BY-(NC-)?ND-.*", LicenceClass.ND),
    (r"CC-BY-NC-.*", LicenceClass.NC),
    (r"CC-BY-SA-.*|ODbL-1\.0|LAL-1\.[23]", LicenceClass.SA),
    (r"CC-BY-\d.*|ODC-By-1\.0", LicenceClass.BY),
    (r"(AGPL|LGPL|GPL|GFDL|MPL|EPL|EUPL|OSL|CECILL)-\d.*|CECILL-C", LicenceClass.COPYLEFT),
    (
        r"MIT|BSD-[1-4]-Clause(?!-No-).*|Apache-\d.*|ISC|Zlib|BSL-1\.0|NCSA|X11|PostgreSQL|BlueOak-1\.0\.0|CECILL-B",
        LicenceClass.PERMISSIVE,
    ),
)
_ASK_NOTHING: Final = frozenset(
    [LicenceClass.NONE, LicenceClass.OWN, LicenceClass.MACHINE_MADE, LicenceClass.PUBLIC_DOMAIN, LicenceClass.CC0]
)
_DENIED: Final = frozenset([LicenceClass.CUSTOM, LicenceClass.PER_FILE, LicenceClass.UNKNOWN])
_CREATIVE_COMMONS: Final = re.compile(r"CC[ -]?(0|(?:BY)(?:-(?:NC|SA|ND))*)(?:[ -](\d\.\d))?", re.IGNORECASE)
# The addresses of the deeds, and the names as they are written out, both as metadata has them.
_DEED: Final = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/(?:licenses/(by(?:-(?:nc|sa|nd))*)/(\d\.\d)|"
    r"publicdomain/(zero|mark)/1\.0)(?:/(?:(?:deed|legalcode)(?:\.[\w-]+)?)?)?",
    re.IGNORECASE,
)
_WRITTEN_OUT: Final = re.compile(
    r"(?:Creative Commons|CC) (Attribution(?:[ -](?:Non-?Commercial|Share-?Alike|No-?Deriv(?:ative)?s(?: Works)?))*)"
    r"(?: (\d\.\d))?(?: (?:International|Unported|Generic))?(?: (?:Public )?Licen[cs]e)?",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def read_licence(text: str) -> Licence:
    """The licence that ``text`` names: an SPDX expression, a class word, or both in one expression.

    AND joins what its parts ask for; of an OR the alternative that asks for least is taken, as the licensee may choose;
    an exception of SPDX's (WITH) only adds permissions, and is left out of account; what else stands after a WITH may
    take some away, so that the whole is custom. ``LicenseRef-...`` is a custom licence.
    Raises ValueError for what is neither, saying what to write.
    """
    plain = _canonical(text)
    if not plain or len(plain) > MAX_LICENCE_CHARS:
        raise ValueError(f"a licence is 1 to {MAX_LICENCE_CHARS} characters long; where none is known, write 'unknown'")
    try:
        parsed = _licensing().parse(plain, validate=False)
        unknown = [key for key in _licensing().unknown_license_keys(parsed) if not _ours(key)]
    except (ExpressionError, RecursionError) as error:
        raise ValueError(f"{plain!r} is no SPDX expression: {str(error).splitlines()[0][:120]}") from None
    if unknown:
        raise ValueError(
            f"{unknown[0]!r} is no SPDX identifier (see https://spdx.org/licenses) and none of the words "
            f"{', '.join(CLASS_WORDS)}; for a licence of its own kind write LicenseRef-<name>"
        )
    found = _evaluate(parsed)
    if found.licence_class is LicenceClass.PER_FILE and plain != PER_FILE:
        raise ValueError(f"{PER_FILE!r} stands alone: the licence is then what the metadata of each file says")
    return Licence(str(parsed.render()), found.licence_class, found.obligations)


def join_licences(licences: Iterable[Licence]) -> Licence:
    """Several licences that hold at once, named by those of them that ask for anything.

    Raises ValueError for none at all.
    """
    ordered = sorted(
        sorted(set(licences), key=lambda licence: licence.text), key=lambda one: one.strictness, reverse=True
    )
    if not ordered:
        raise ValueError("no licence to join")
    asking = [licence for licence in ordered if licence.obligations != Obligations()] or ordered[:1]
    texts = [f"({licence.text})" if " OR " in licence.text and len(asking) > 1 else licence.text for licence in asking]
    return Licence(
        " AND ".join(texts), ordered[0].licence_class, join_obligations(part.obligations for part in ordered)
    )


def join_obligations(parts: Iterable[Obligations]) -> Obligations:
    """What must be done to satisfy all ``parts``; nothing for none."""
    return reduce(Obligations.join, parts, Obligations())


@cache
def _licensing() -> Any:
    return get_spdx_licensing()


def _canonical(text: str) -> str:
    """The text with the usual ways of writing a class word or a Creative Commons licence set right."""
    plain = " ".join(text.split())
    deed, written = _DEED.fullmatch(plain), _WRITTEN_OUT.fullmatch(plain)
    if deed:
        return (
            f"CC-{deed[1].upper()}-{deed[2]}" if deed[1] else {"zero": "CC0-1.0", "mark": "CC-PDM-1.0"}[deed[3].lower()]
        )
    if written and written[2]:
        return f"CC-{_initials(written[1])}-{written[2]}"
    word = plain.lower().replace(" ", "-").replace("_", "-")
    if word in CLASS_WORDS:
        return word
    match = _CREATIVE_COMMONS.fullmatch(plain)
    if match and match[1] == "0":
        return f"CC0-{match[2] or '1.0'}"
    return f"CC-{match[1].upper()}-{match[2]}" if match and match[2] else plain


def _initials(name: str) -> str:
    """The short form of a written-out Creative Commons licence, its parts in the order that SPDX has them."""
    plain = re.sub(r"[^a-z]", "", name.lower())
    parts = {"noncommercial": "NC", "noderiv": "ND", "sharealike": "SA"}
    return "-".join(["BY", *(short for part, short in parts.items() if part in plain)])


def _ours(key: str) -> bool:
    return key in CLASS_WORDS or key.startswith(("LicenseRef-", "DocumentRef-"))


def _evaluate(node: Any) -> Licence:
    licensing = _licensing()
    if isinstance(node, licensing.AND):
        return join_licences(_evaluate(part) for part in node.args)
    if isinstance(node, licensing.OR):
        return min((_evaluate(part) for part in node.args), key=_burden)
    added = getattr(node, "exception_symbol", None)
    if added is not None and (_ours(str(added.key)) or not added.is_exception):
        return Licence(str(node.render()), LicenceClass.CUSTOM, Obligations(denied=True))
    symbol = getattr(node, "license_symbol", node)
    return _of_identifier(str(symbol.key))


def _burden(licence: Licence) -> tuple[bool | int | str, ...]:
    asked = licence.obligations
    return (
        asked.denied,
        asked.no_derivatives,
        asked.non_commercial,
        asked.copyleft,
        asked.share_alike,
        asked.attribution,
        licence.text,
    )


def _of_identifier(key: str) -> Licence:
    families = (kind for pattern, kind in _FAMILIES if re.fullmatch(pattern, key))
    kind = CLASS_WORDS.get(key) or next(families, LicenceClass.CUSTOM)
    share_alike = kind is LicenceClass.SA or "-SA" in key
    copyleft = kind is LicenceClass.COPYLEFT
    denied = kind in _DENIED
    return Licence(
        key,
        kind,
        Obligations(
            attribution=not denied and kind not in _ASK_NOTHING,
            share_alike=share_alike,
            copyleft=copyleft,
            non_commercial="-NC" in key and kind is not LicenceClass.CUSTOM,
            no_derivatives=kind is LicenceClass.ND,
            denied=denied,
            same_licence=frozenset([key]) if share_alike or copyleft else frozenset(),
        ),
    )
