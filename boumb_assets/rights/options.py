"""From the options of the command line to the terms of a data set, and what they leave open."""

from pathlib import Path
from typing import Final

from boumb_assets.rights.declaration import BUILTIN, Dataset, Layer, Statement, Terms
from boumb_assets.rights.licences import LicenceClass, read_licence

SAME: Final = "same"

_EVIDENCE: Final = "declared by whoever added the data set"


def terms_from_options(
    licence: str | None, composition: str | None = None, performance: str | None = None, attribution: str | None = None
) -> Terms:
    """The terms that the options state; what they leave out stays unknown, and unknown denies.

    ``licence`` is that of the files: it covers the encoding, and the playing that the files record unless
    ``performance`` says otherwise. It never covers the composition, unless whoever adds the data set says so by
    ``composition="same"``: that a collection is under MIT does not clear the songs in it.
    Raises ValueError for a licence that is neither SPDX nor a class word, and for "same" without a licence.
    """
    for option, value in (("--composition", composition), ("--performance", performance)):
        if value == SAME and licence is None:
            raise ValueError(f"{option} same means the licence of the files: give it with --licence")
    return Terms(
        composition=_layer("--composition", licence if composition == SAME else composition, attribution),
        encoding=_layer("--licence", licence, attribution),
        performance=_layer("--performance", licence if performance in (None, SAME) else performance, attribution),
    )


def dataset_from_options(
    name: str,
    source: str,
    licence: str | None = None,
    composition: str | None = None,
    performance: str | None = None,
    attribution: str | None = None,
    statements: tuple[Statement, ...] = (),
) -> Dataset:
    """The declaration that `boumb dataset add` makes. A relative folder is made absolute from the working directory.

    Raises ValueError (pydantic's ValidationError is one) for a name, a source or a licence that does not fit.
    """
    where = source if source.startswith(BUILTIN) else str(Path(source).expanduser().resolve())
    terms = terms_from_options(licence, composition, performance, attribution)
    return Dataset(name=name, source=where, terms=terms, attribution=attribution or None, statements=statements)


def missing_layers(terms: Terms) -> list[str]:
    """A sentence for each layer without which no file is cleared: what is not known, and how to say it."""
    sentences = []
    if _unknown(terms.composition, LicenceClass.NONE):
        sentences.append(
            "composition: nothing says that the songs themselves may be used; a licence of the files does not. Add "
            "--composition public-domain, traditional, own, machine-made, an SPDX licence of the composer, or same "
            "(only where who licensed the files also wrote the music). Until then every file is denied."
        )
    if _unknown(terms.encoding, LicenceClass.NONE):
        sentences.append(
            "encoding: nothing says that the files may be used. Add --licence with an SPDX identifier, as CC-BY-4.0, "
            "or own. Until then every file is denied."
        )
    if _unknown(terms.performance):
        sentences.append(
            "performance: nothing says that the recorded playing may be used. Add --performance none where nobody's "
            "playing was recorded, same, own, or an SPDX licence. Until then every file is denied."
        )
    return sentences


def _layer(option: str, licence: str | None, holder: str | None) -> Layer:
    if licence is None:
        return Layer()
    try:
        kind = read_licence(licence).licence_class
    except ValueError as error:
        raise ValueError(f"{option}: {error}") from None
    licensed = kind not in (
        LicenceClass.PUBLIC_DOMAIN,
        LicenceClass.MACHINE_MADE,
        LicenceClass.NONE,
        LicenceClass.UNKNOWN,
    )
    return Layer(licence=licence, holder=(holder or None) if licensed else None, evidence=_EVIDENCE)


def _unknown(layer: Layer, *also: LicenceClass) -> bool:
    return read_licence(layer.licence).licence_class in (LicenceClass.UNKNOWN, *also)
