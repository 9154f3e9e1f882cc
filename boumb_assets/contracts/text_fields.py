"""Texts and numbers as the apps' JavaScript counts and prints them."""

from typing import Annotated, Final

from pydantic import AfterValidator, Field, JsonValue, PlainSerializer

from boumb_assets.contracts.base import refuse


def utf16_units(text: str) -> int:
    """The length that JavaScript sees: UTF-16 code units, so that an emoji counts twice."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clip_text(text: str, limit: int) -> str:
    """The longest beginning of ``text`` that fits ``limit`` UTF-16 units, without half a character at its end."""
    clipped = text[:limit]
    while utf16_units(clipped) > limit:
        clipped = clipped[:-1]
    return clipped


def _within(limit: int) -> AfterValidator:
    def check(text: str) -> str:
        if utf16_units(text) > limit:
            raise refuse(
                "text_too_long", f"the app keeps {limit} UTF-16 units of this text, it has {utf16_units(text)}"
            )
        return text

    return AfterValidator(check)


NAME_LENGTH: Final = 20
FORM_LENGTH: Final = 24
TAG_LENGTH: Final = 32
INSTRUMENTATION_LENGTH: Final = 40
TRANSFORMATION_LENGTH: Final = 48
PHRASE_LENGTH: Final = 160
REASONING_LENGTH: Final = 1200

Name = Annotated[str, Field(min_length=1, max_length=NAME_LENGTH), _within(NAME_LENGTH)]
ShortText = Annotated[str, Field(max_length=FORM_LENGTH), _within(FORM_LENGTH)]
Tag = Annotated[str, Field(min_length=1, max_length=TAG_LENGTH), _within(TAG_LENGTH)]
Instrumentation = Annotated[str, Field(max_length=INSTRUMENTATION_LENGTH), _within(INSTRUMENTATION_LENGTH)]
Transformation = Annotated[str, Field(max_length=TRANSFORMATION_LENGTH), _within(TRANSFORMATION_LENGTH)]
Phrase = Annotated[str, Field(max_length=PHRASE_LENGTH), _within(PHRASE_LENGTH)]
Reasoning = Annotated[str, Field(max_length=REASONING_LENGTH), _within(REASONING_LENGTH)]


def plain_number(value: float) -> int | float:
    """``value`` as JavaScript prints it: 1.0 is ``1``."""
    return int(value) if value.is_integer() else value


def hundredths(most: int) -> list[JsonValue]:
    """0, 0.01 and so on to ``most`` hundredths: the fractions that the project writes, as a schema lists them."""
    return [plain_number(value / 100) for value in range(most + 1)]


Number = Annotated[float, PlainSerializer(plain_number, return_type=int | float)]
