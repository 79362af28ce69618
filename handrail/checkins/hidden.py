"""Which days a person hid, for whoever puts a member's page together."""

from datetime import date

from handrail.checkins.models import CheckIn, HiddenDay, UseDay
from handrail.checkins.queries import of_checkin, of_hard_day
from handrail.gate import Actor, gated
from handrail.gate.prepared import PreparedRecords

_HIDDEN = PreparedRecords(HiddenDay, lambda rows: rows(HiddenDay))
_HIDDEN_CHECKINS = PreparedRecords(CheckIn, lambda rows: rows(CheckIn).filter(hidden=True))
_HIDDEN_HARD_DAYS = PreparedRecords(UseDay, lambda rows: rows(UseDay).filter(hidden=True))


@gated("member.see")
def hidden_days(actor: Actor, *, owner: str) -> set[date]:
    """Days of which a member is shown nothing, for whoever puts a member's page together. Never for the page itself."""
    return {date.fromisoformat(row.day) for row in _HIDDEN.rows()}


@gated("member.see")
def hidden_notes(actor: Actor, *, owner: str) -> set[str]:
    """The same for notes that were shown one by one, as `notes/` knows them. Nothing is opened: nothing is logged."""
    checkins = {of_checkin(row.pk) for row in _HIDDEN_CHECKINS.rows()}
    return checkins | {of_hard_day(row.pk) for row in _HIDDEN_HARD_DAYS.rows()}
