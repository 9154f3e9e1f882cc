"""What every contract's model shares: strict, frozen, no extra keys, one canonical text."""

from typing import Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationInfo

STEPS_PER_BEAT: Final = 4  # a step is a sixteenth
STEPS_PER_BAR: Final = 16  # the studio plays 4/4


class ContractModel(BaseModel):
    """A strict, frozen model whose keys always come in the order of its fields."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    def to_json(self) -> str:
        """The canonical text: minified JSON, keys in the contract's order, fields that are absent left out."""
        return self.model_dump_json(exclude_none=True)


def refuse(code: str, message: str) -> ValueError:
    """A ValueError whose text starts with a stable ``code``, so that validation can report code and sentence apart."""
    return ValueError(f"{code}: {message}")


def _not_null(value: object, info: ValidationInfo) -> object:
    if value is None and info.mode == "json":
        raise refuse("null", "a field that says nothing is left out, never null")
    return value


# For a field that may be absent: in Python None says so, in JSON only its absence does.
ABSENT_NOT_NULL: Final = BeforeValidator(_not_null)

JsonObject = dict[str, Any]
