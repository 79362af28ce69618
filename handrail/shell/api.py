"""What every route of the REST API shares: strict bodies, exact days and moments, and errors as `problem+json`.

Values are taken as they are written and nothing is guessed: a number in quotes is not a number, an unknown field is an
error. That way a mistyped field never silently loses what somebody meant to say.
"""

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Path, Schema
from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema

from handrail.kernel.ids import LENGTH

PROBLEM_TYPE = "application/problem+json"
ID_PATTERN = f"^[A-Za-z0-9]{{{LENGTH}}}$"


class Body(Schema):
    """What is sent to us."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Answer(Schema):
    """What we send back. Built from our own finished values."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)


class Problem(Schema):
    """An error, as RFC 9457 describes it. `code` stays the same when words change; `field` names what to correct."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    field: str | None = None


def _whole(value: Any) -> Any:
    """To JSON, 3.0 is a whole number."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _exact_day(value: Any) -> date:
    if not isinstance(value, str) or len(value) != len("2027-03-09"):
        raise ValueError("a day is written like 2027-03-09")
    return date.fromisoformat(value)


def _exact_moment(value: Any) -> datetime:
    if not isinstance(value, str) or "T" not in value.upper():
        raise ValueError("a moment is written like 2027-03-09T08:05:00Z")
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("a moment needs its offset, like Z or -05:00")
    return moment


Id = Annotated[str, Field(pattern=ID_PATTERN)]
PathId = Annotated[str, Path(pattern=ID_PATTERN)]
WHOLE = BeforeValidator(_whole)  # after the bounds of a number, or the document would not show them
Day = Annotated[date, BeforeValidator(_exact_day), WithJsonSchema({"type": "string", "format": "date"})]
Moment = Annotated[datetime, BeforeValidator(_exact_moment), WithJsonSchema({"type": "string", "format": "date-time"})]


def key_of_yours(longest: int) -> Any:
    """The bounds of a key that makes sending something twice harmless; `longest` is what its column holds."""
    said = "Made by you, once for each thing to save. The same key again answers what it made the first time."
    return Field(pattern=rf"^[A-Za-z0-9_.:-]{{8,{longest}}}$", description=said)
