"""From the options of the command line to the terms of a data set, and what they leave open."""

from collections.abc import Sequence
from typing import Final

from boumb_assets.rights.catalogue import KnownDataset, dataset_of_known, known_at
from boumb_assets.rights.decisions import NOBODYS
from boumb_assets.rights.declaration import (
    APP_LOG,
    LAYERS,
    AppLog,
    Dataset,
    Layer,
    LayerName,
    Statement,
    Terms,
    absolute_source,
)
from boumb_assets.rights.licences import LicenceClass, read_licence

SAME: Final = "same"

_OPEN: Final[dict[LayerName, str]] = {
    "composition": (
        "nothing says that the songs themselves may be used; a licence of the files does not. Add --composition "
        "public-domain, traditional, own, machine-made, per-file, an SPDX licence of the composer, or same (only where "
        "who licensed the files also wrote the music)."
    ),
    "encoding": (
        "nothing says that the files may be used. Add --licence with an SPDX identifier, as CC-BY-4.0, own, or "
        "per-file."
    ),
    "performance": (
        "nothing says that the recorded playing may be used. Add --performance none where nobody's playing was "
        "recorded, same, own, or an SPDX licence."
    ),
    "generator": (
        "a model wrote the music, and nothing says that its answers may be used. Add --generator with the licence that "
        "its terms give to them."
    ),
}
_EVIDENCE: Final = "declared by whoever added the data set"
_CATALOGUE: Final = "the catalogue of boumb_assets"


def terms_from_options(
    licence: str | None,
    composition: str | None = None,
    performance: str | None = None,
    attribution: str | None = None,
    generator: str | None = None,
) -> Terms:
    """The terms that the options state; what they leave out stays unknown, and unknown denies; but for the generator,
    which is none where nobody names one.

    ``licence`` is that of the files: it covers the encoding, and the playing that the files record unless
    ``performance`` says otherwise. It never covers the composition, unless whoever adds the data set says so by
    ``composition="same"``: that a collection is under MIT does not clear the songs in it.
    Raises ValueError for a licence that is neither SPDX nor a class word, and for "same" without a licence.
    """
    _same_as_something(licence, composition, performance)
    return Terms(
        composition=_layer("--composition", licence if composition == SAME else composition, attribution),
        encoding=_layer("--licence", licence, attribution),
        performance=_layer("--performance", licence if performance in (None, SAME) else performance, attribution),
        generator=_layer("--generator", "none" if generator is None else generator, None),
    )


def dataset_from_options(
    name: str,
    source: str,
    licence: str | None = None,
    composition: str | None = None,
    performance: str | None = None,
    attribution: str | None = None,
    statements: tuple[Statement, ...] = (),
    *,
    generator: str | None = None,
    checksum: str | None = None,
    app_log: AppLog | None = None,
) -> Dataset:
    """The declaration that `boumb dataset add` makes. A path is made absolute from the working directory.

    Of an app's log the generator is unknown until it is named, and what is read of it has its default where ``app_log``
    says nothing. What lies at an address that the catalogue knows has the catalogue's terms under any name. Raises
    ValueError (pydantic's ValidationError is one) for a name, a source or a licence that does not fit.
    """
    known = known_at(source)
    if known is not None:
        found = known_from_options(
            known, source, licence, composition, performance, attribution, generator=generator, checksum=checksum
        )
        return found.model_copy(update={"name": name, "statements": (*found.statements, *statements)})
    by_model = source.startswith(APP_LOG)
    return Dataset(
        name=name,
        source=absolute_source(source),
        checksum=checksum,
        app_log=app_log or AppLog() if by_model else app_log,
        terms=terms_from_options(
            licence, composition, performance, attribution, "unknown" if by_model and generator is None else generator
        ),
        attribution=attribution or None,
        statements=statements,
    )


def known_from_options(
    known: KnownDataset,
    source: str | None = None,
    licence: str | None = None,
    composition: str | None = None,
    performance: str | None = None,
    attribution: str | None = None,
    *,
    generator: str | None = None,
    checksum: str | None = None,
) -> Dataset:
    """The declaration of a known data set, with what the options say on top.

    An option never loosens what the catalogue knows: it is declared, the catalogue's licence of that layer stays as a
    statement beside it, and the stricter counts. What allows more than the catalogue is an override, which has a name,
    a date and a reason. Raises ValueError as `dataset_from_options` does, and where no source is public and none is
    given.
    """
    _same_as_something(licence, composition, performance)
    found = dataset_of_known(known, source, checksum)
    said = {
        "composition": ("--composition", licence if composition == SAME else composition),
        "encoding": ("--licence", licence),
        "performance": ("--performance", licence if performance == SAME else performance),
        "generator": ("--generator", generator),
    }
    layers = {name: _layer(option, text, attribution) for name, (option, text) in said.items() if text is not None}
    kept = tuple(
        Statement(licence=getattr(known.terms, name).licence, where=_CATALOGUE, layer=name)
        for name in LAYERS
        if name in layers
    )
    said_on_top = {
        "terms": found.terms.model_copy(update=layers),
        "attribution": "; ".join(filter(None, [known.attribution, attribution])) or None,
        "statements": (*found.statements, *kept),
    }
    return Dataset.model_validate({**dict(found), **said_on_top})


def missing_layers(terms: Terms, statements: Sequence[Statement] = (), *, known: bool = False) -> list[str]:
    """A sentence for each layer without which no file is cleared: what is not known, and how to say it; of a layer that
    only a further statement leaves open, who says so. Of a ``known`` data set no option closes what the catalogue
    leaves open, so an override is named at once."""
    sentences = []
    for name, sentence in _OPEN.items():
        against = [one.where for one in statements if one.layer == name and _open(name, one.licence)]
        is_open = _open(name, getattr(terms, name).licence)
        if is_open and known and _CATALOGUE not in (one.where for one in statements if one.layer == name):
            against.append(_CATALOGUE)
        if is_open and _CATALOGUE not in against:
            sentences.append(f"{name}: {sentence} Until then every file is denied.")
        elif against:
            sentences.append(
                f"{name}: {' and '.join(against)} {'knows' if len(against) == 1 else 'know'} of no licence, and the "
                "stricter counts. What says otherwise is an override, with a name and a reason: `boumb rights override "
                f"--dataset NAME --layer {name} --licence ...`. Until then every file is denied."
            )
    return sentences


def _same_as_something(licence: str | None, composition: str | None, performance: str | None) -> None:
    """Raises ValueError where a layer is to be the same as a licence that was not given."""
    for option, value in (("--composition", composition), ("--performance", performance)):
        if value == SAME and licence is None:
            raise ValueError(f"{option} same means the licence of the files: give it with --licence")


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
        LicenceClass.PER_FILE,
        LicenceClass.UNKNOWN,
    )
    return Layer(licence=licence, holder=(holder or None) if licensed else None, evidence=_EVIDENCE)


def _open(name: LayerName, licence: str) -> bool:
    kind = read_licence(licence).licence_class
    return kind is LicenceClass.UNKNOWN or (kind is LicenceClass.NONE and name not in NOBODYS)
