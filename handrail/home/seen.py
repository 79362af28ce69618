"""What a member sees of the people whose circles they stand in. The person's preview is drawn from here as well."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from handrail.care import queries as care
from handrail.care.queries import CareSeen
from handrail.checkins import hidden as hiding
from handrail.checkins import queries as checkins
from handrail.checkins.answers import Craving, Mood
from handrail.checkins.queries import DaysShown, Seen
from handrail.circle import queries as circle
from handrail.circle.queries import CircleOf
from handrail.consents import queries as consents
from handrail.consents.queries import Scope
from handrail.delivery import queries as delivery
from handrail.gate import Actor, Category, covers, gated
from handrail.notes import queries as notes
from handrail.notes.queries import NoteSeen
from handrail.plan import queries as plan
from handrail.plan.queries import Plan
from handrail.programs.said import shared
from handrail.safety import queries as safety


@dataclass(frozen=True, slots=True)
class Card:
    """One person, as far as they share. Shared and silent, never shared and no longer shared all look the same."""

    owner_id: str
    called: str
    role: str
    mood: str
    craving: str
    medicine: str
    day: date | None
    at: datetime | None
    today: bool
    use_days: Sequence[date]
    alert: str  # the call that is going on and that this member was asked in, or ""
    gets_calls: bool
    off_until: datetime | None = None  # this member rests until then
    reached: bool = True  # an alert leaves the house for this member; else they see it when they open Handrail

    @property
    def shows_nothing(self) -> bool:
        return not (self.mood or self.craving or self.medicine or self.use_days)


@dataclass(frozen=True, slots=True)
class PersonSeen:
    """One person's whole page for one member. `plan` and `care` are None where they are not shared."""

    card: Card
    plan: Plan | None
    care: CareSeen | None
    days: DaysShown | None
    signed: Sequence[Scope]  # what rests on a signature, and until when
    shares: Sequence[str] | None  # what is shared, in words; None for those who see what is ticked for them
    notes: Sequence[NoteSeen]  # those that were shown to this member one by one


def cards(actor: Actor) -> list[Card]:
    """Everybody whose circle this actor stands in, those who call for help first."""
    circles = circle.circles(actor)
    if not circles:
        return []
    alerts = safety.open_alerts(actor)
    seen = checkins.seen_by_member(actor, owners=[each.owner_id for each in circles])
    found = [_card(each, seen[each.owner_id], alerts.get(each.owner_id, "")) for each in circles]
    return sorted(found, key=lambda card: (not card.alert, card.called.casefold()))


@gated("member.see")
def person(actor: Actor, *, owner: str) -> PersonSeen:
    """One page, at most one entry in the access log: where nothing of theirs is opened, there is none."""
    stands = circle.circle_of(actor, owner=owner)
    seen = checkins.seen_by_member(actor, owners=[owner])[owner]
    alert = "" if actor.is_preview else safety.open_alerts(actor).get(owner, "")
    return PersonSeen(
        card=replace(_card(stands, seen, alert), reached=_is_reached(actor, stands)),
        plan=plan.plan(actor, owner=owner) if Category.PLAN in stands.categories else None,
        care=_care(actor, owner) if Category.MEDICINE in stands.categories else None,
        days=checkins.days_for_member(actor, owner=owner) if Category.DAYS in stands.categories else None,
        signed=consents.scopes(actor, owner=owner),
        shares=shared(stands.categories) if covers.needs_signature(stands.role) else None,
        notes=notes.for_member(actor, owner=owner, without=hiding.hidden_notes(actor, owner=owner)),
    )


def _is_reached(actor: Actor, stands: CircleOf) -> bool:
    """Is it true that they get an alert? Nobody else is told which way of theirs works, or how."""
    return Category.HELP in stands.categories and bool(delivery.reachable([actor.me]))


def _care(actor: Actor, owner: str) -> CareSeen:
    return care.for_member(actor, owner=owner, hidden=hiding.hidden_days(actor, owner=owner))


def _card(stands: CircleOf, seen: Seen, alert: str) -> Card:
    return Card(
        owner_id=stands.owner_id,
        called=stands.called,
        role=stands.role,
        mood=str(Mood(seen.mood).label).lower() if seen.mood else "",
        craving=str(Craving(seen.craving).label).lower() if seen.craving is not None else "",
        medicine=seen.medicine or "",
        day=seen.day,
        at=seen.at,
        today=seen.today,
        use_days=seen.use_days,
        alert=alert,
        gets_calls=Category.HELP in stands.categories,
        off_until=stands.off_until,
    )
