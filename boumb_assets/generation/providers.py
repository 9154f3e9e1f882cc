"""Who writes music: what all providers have in common, and the rules, which need nothing."""

from typing import Protocol

from boumb_assets.composer.brief import resolve_request
from boumb_assets.composer.loop import compose_loop
from boumb_assets.composer.structure import compose_structure
from boumb_assets.contracts.music_request import MusicRequest
from boumb_assets.generation.asks import Ask


class ProviderError(RuntimeError):
    """A provider gave no text this time; the message says why, without keys or other secrets."""


class ProviderUnavailableError(ProviderError):
    """A provider that cannot give any text here: a model or a library is missing. Asking again would not help."""


class Provider(Protocol):
    """Writes a text that should be of the contract asked for; whether it is, the chain finds out."""

    @property
    def name(self) -> str:
        """What it is called in answers and reports."""

    def generate(self, ask: Ask) -> str:
        """A text for ``ask``. Raises ProviderError when there is none."""


class RulesProvider:
    """The rule-based composer: no model, no network, an answer to every ask."""

    name = "rules"

    def generate(self, ask: Ask) -> str:
        """The composer's loop or piece for the ask and its seed."""
        if ask.contract == "music-structure":
            return compose_structure(ask.music or MusicRequest(), ask.seed).to_json()
        request = ask.request.model_copy(update={"bars": ask.bars})
        if ask.contract == "drum-pattern":
            request = request.model_copy(update={"role": "drums"})
        elif resolve_request(request, ask.seed).role == "drums":  # a style may be one of drums by habit
            request = request.model_copy(update={"role": "bass"})
        return compose_loop(request, ask.seed).to_json()
