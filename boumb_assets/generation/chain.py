"""One provider after the other until the music is right; the rules are last, so there always is an answer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from boumb_assets.contracts.boumb_sequence import BoumbSequence
from boumb_assets.contracts.steps import steps_from_sequence
from boumb_assets.contracts.validation import first_json_object, repair, validate
from boumb_assets.generation.asks import Ask
from boumb_assets.generation.providers import Provider, ProviderUnavailableError, RulesProvider

TRIES: Final = 2  # a model that failed once with one seed may do better with the next
_SHOWN: Final = 3


@dataclass(frozen=True)
class Attempt:
    """One try of one provider: what was wrong with it, None if nothing, and what was repaired."""

    provider: str
    error: str | None = None
    repaired: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """A text that the contract accepts, in its canonical form; who wrote it; and every try, that one last."""

    text: str
    contract: str
    provider: str
    attempts: tuple[Attempt, ...]


class NoAnswerError(RuntimeError):
    """No provider gave a valid text, and the rules were not to step in."""


def generate(ask: Ask, providers: Sequence[Provider], *, rules_last: bool = True) -> Answer:
    """The first valid answer of ``providers`` in their order, each tried twice with another seed; an answer that is
    nearly right is repaired. With ``rules_last`` the rule-based composer ends the list, whatever is in it, and there
    always is an answer; without, NoAnswerError says what each attempt lacked. A step form is asked for as a sequence
    and converted."""
    inner = replace(ask, contract="boumb-sequence", bars=2) if ask.contract == "boumb-steps" else ask
    line = [provider for provider in providers if not (rules_last and isinstance(provider, RulesProvider))]
    attempts: list[Attempt] = []
    for provider in [*line, *([RulesProvider()] if rules_last else [])]:
        for number in range(TRIES):
            text, attempt, again = _attempt(provider, replace(inner, seed=inner.seed + number))
            attempts.append(attempt)
            if text is not None:
                return Answer(_as_asked(text, ask), ask.contract, provider.name, tuple(attempts))
            if not again:
                break
    raise NoAnswerError("; ".join(f"{attempt.provider}: {attempt.error}" for attempt in attempts) or "no provider")


def _attempt(provider: Provider, ask: Ask) -> tuple[str | None, Attempt, bool]:
    """The canonical text if there is a valid one, the attempt, and whether another try could help."""
    try:
        raw = provider.generate(ask)
    except ProviderUnavailableError as error:
        return None, Attempt(provider.name, str(error)), False
    except Exception as error:  # whatever a model or a server does, the next provider is asked
        return None, Attempt(provider.name, str(error) or type(error).__name__), True
    text, error_text, actions = checked(raw, ask)
    return text, Attempt(provider.name, error_text, actions), True


def checked(raw: str, ask: Ask) -> tuple[str | None, str | None, tuple[str, ...]]:
    """The canonical text of what a provider wrote, or None and what is wrong; and what had to be repaired: prose and
    fences around it, the contract's small rules, and where it is not what was asked for: key, range, bars, measures."""
    repaired = repair(raw, ask.contract, ask.music or ask.request.model_copy(update={"bars": ask.bars}))
    if repaired.text is not None:
        return repaired.text, None, tuple(repaired.actions)
    violations = validate(first_json_object(raw) or raw, ask.contract)[:_SHOWN]
    error = "; ".join(f"{violation.path}: {violation.message}" for violation in violations)
    return None, error, tuple(repaired.actions)


def _as_asked(text: str, ask: Ask) -> str:
    if ask.contract != "boumb-steps":
        return text
    return steps_from_sequence(BoumbSequence.model_validate_json(text)).to_json()
