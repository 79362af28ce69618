"""What two have agreed on, through the API. `pair` is the place that joins them; both sides use the same addresses."""

from datetime import datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status
from pydantic import Field

from handrail.agreements import actions, queries, rules
from handrail.agreements import pair as pairs
from handrail.agreements.kinds import GUIDES
from handrail.agreements.pair import Pair as Two
from handrail.people.api import CIRCLE, READ, PersonalToken, who_asks
from handrail.shell.api import WHOLE, Answer, Body, PathId

KindWord = Literal["limits", "words", "what-if"]
LineText = Annotated[str, Field(max_length=rules.LONGEST_LINE, pattern=r"\S")]
Note = Annotated[str, Field(max_length=rules.LONGEST_NOTE)]

router = Router(tags=["agreements"])


class Pair(Answer):
    """`side`: `owner` when the other stands in your circle, `member` when you stand in theirs."""

    pair: str
    side: str
    name: str


class Line(Answer):
    say: str
    then: str


class Agreement(Answer):
    """`state`: `offered`, `agreed`, `review` (it holds; both are asked whether it still fits) or `ended`.

    A yes is always to one `version` of the words. `live` is false once the place has ended.
    """

    id: str
    pair: str
    name: str
    kind: str
    state: str
    version: int
    mine: list[Line]
    theirs: list[Line]
    my_yes: bool
    their_yes: bool
    changed_at: datetime
    agreed_at: datetime | None
    review_at: datetime | None
    ended_at: datetime | None
    live: bool


class Topic(Answer):
    """Something to talk about. `my_note` is what the other reads; what you keep for yourself stands in `draft`."""

    id: str
    text: str
    mine: bool
    talked_at: datetime | None
    my_note: str
    their_note: str
    draft: str


class Said(Answer):
    """What somebody chose to say after a disagreement."""

    text: str
    shared_at: datetime


class Together(Answer):
    agreements: list[Agreement]
    drafts: dict[str, list[Line]]
    topics: list[Topic]
    my_note: Said | None
    their_note: Said | None


class OneLine(Body):
    say: LineText
    then: Annotated[str, Field(max_length=rules.LONGEST_LINE)] = ""


class Lines(Body):
    lines: Annotated[list[OneLine], Field(min_length=1, max_length=rules.MOST_LINES)]


class Yes(Body):
    version: Annotated[int, Field(ge=1, le=1_000_000), WHOLE]


class NewTopic(Body):
    text: LineText


class TopicChange(Body):
    """`note` is kept for you; with `shared` the other reads it too. Leave out what should stay."""

    talked: bool | None = None
    note: Note | None = None
    shared: bool = False


class Steps(Body):
    """Your own steps after a disagreement. Nobody else ever reads them."""

    pause: Note = ""
    happened: Note = ""
    need: Note = ""
    offer: Note = ""
    say: Note = ""
    third: Annotated[str, Field(max_length=60, description="Somebody who could sit with you both.")] = ""


class MySteps(Answer):
    pause: str = ""
    happened: str = ""
    need: str = ""
    offer: str = ""
    say: str = ""
    third: str = ""


class NewNote(Body):
    text: Annotated[str, Field(max_length=rules.LONGEST_NOTE, pattern=r"\S")]


@router.get("/pairs", response=list[Pair], auth=PersonalToken(READ), summary="With whom can I agree on something?")
def list_pairs(request: HttpRequest) -> list[Pair]:
    """Your members, then the people whose circles you stand in."""
    return [Pair(pair=each.membership, side=each.side, name=each.name) for each in pairs.pairs(who_asks(request).actor)]


@router.get("/pairs/{id:pair}", response=Together, auth=PersonalToken(READ), summary="What we have agreed on")
def read_together(request: HttpRequest, pair: PathId) -> Together:
    """Everything that the two of you keep together, and your own drafts."""
    return _together(request, _two(request, pair))


@router.put(
    "/pairs/{id:pair}/lines/{kind}", response=Agreement, auth=PersonalToken(CIRCLE), summary="Offer lines of mine"
)
def offer_lines(request: HttpRequest, pair: PathId, kind: KindWord, lines: Lines) -> Agreement:
    """Say these lines to the other side. New words need a new yes from both; the same words move nothing."""
    two, actor = _two(request, pair), who_asks(request).actor
    return _agreement(request, actions.offer(actor, **two.keys, kind=kind, lines=_lines(kind, lines)))


@router.put(
    "/pairs/{id:pair}/drafts/{kind}", response=Together, auth=PersonalToken(CIRCLE), summary="Keep lines for myself"
)
def keep_lines(request: HttpRequest, pair: PathId, kind: KindWord, lines: Lines) -> Together:
    """Nobody else reads them before you offer them."""
    two = _two(request, pair)
    given = _lines(kind, lines)
    actions.keep_lines(who_asks(request).actor, membership=two.membership, kind=kind, side=two.side, lines=given)
    return _together(request, two)


@router.post("/pairs/{id:pair}/topics", response={201: Together}, auth=PersonalToken(CIRCLE), summary="Add a topic")
def add_topic(request: HttpRequest, pair: PathId, topic: NewTopic) -> Status[Together]:
    """Something to talk about when you next sit down together. Both see the list."""
    two = _two(request, pair)
    actions.add_topic(who_asks(request).actor, **two.keys, text=topic.text)
    return Status(201, _together(request, two))


@router.get("/pairs/{id:pair}/steps", response=MySteps, auth=PersonalToken(READ), summary="My steps to repair")
def read_steps(request: HttpRequest, pair: PathId) -> MySteps:
    return _steps(request, _two(request, pair))


@router.put("/pairs/{id:pair}/steps", response=MySteps, auth=PersonalToken(CIRCLE), summary="Write my steps to repair")
def write_steps(request: HttpRequest, pair: PathId, steps: Steps) -> MySteps:
    """Kept for you. To say something to the other, use the note."""
    two = _two(request, pair)
    actions.keep_repair(who_asks(request).actor, membership=two.membership, answers=steps.model_dump())
    return _steps(request, two)


@router.put("/pairs/{id:pair}/note", response=Together, auth=PersonalToken(CIRCLE), summary="Say one thing to them")
def share_note(request: HttpRequest, pair: PathId, note: NewNote) -> Together:
    """In the place of what you said before."""
    two = _two(request, pair)
    actions.share_note(who_asks(request).actor, **two.keys, text=note.text)
    return _together(request, two)


@router.delete("/pairs/{id:pair}/note", response={204: None}, auth=PersonalToken(CIRCLE), summary="Take my note back")
def take_note_back(request: HttpRequest, pair: PathId) -> Status[None]:
    two = _two(request, pair)
    actions.take_note_back(who_asks(request).actor, **two.keys)
    return Status(204, None)


@router.get("/agreements", response=list[Agreement], auth=PersonalToken(READ), summary="All agreements of my circle")
def list_agreements(request: HttpRequest) -> list[Agreement]:
    """Those with people who have left too, newest first."""
    asking = who_asks(request)
    return [_answer(each) for each in queries.kept(asking.actor, owner=asking.person_id)]


@router.get("/agreements/{id:agreement}", response=Agreement, auth=PersonalToken(READ), summary="Read an agreement")
def read_agreement(request: HttpRequest, agreement: PathId) -> Agreement:
    return _agreement(request, agreement)


@router.post("/agreements/{id:agreement}/yes", response=Agreement, auth=PersonalToken(CIRCLE), summary="Say yes")
def say_yes(request: HttpRequest, agreement: PathId, yes: Yes) -> Agreement:
    """Yes to the words of this version. 409 when they have changed since, or nothing is asked."""
    actions.say_yes(who_asks(request).actor, agreement=agreement, version=yes.version)
    return _agreement(request, agreement)


@router.post("/agreements/{id:agreement}/end", response=Agreement, auth=PersonalToken(CIRCLE), summary="End it")
def end_agreement(request: HttpRequest, agreement: PathId) -> Agreement:
    """Either side ends it alone, with no reason asked."""
    actions.end(who_asks(request).actor, agreement=agreement)
    return _agreement(request, agreement)


@router.delete("/agreements/{id:agreement}", response={204: None}, auth=PersonalToken(CIRCLE), summary="Throw it away")
def remove_agreement(request: HttpRequest, agreement: PathId) -> Status[None]:
    """For the person whose circle it is, once it is over."""
    actions.remove(who_asks(request).actor, agreement=agreement)
    return Status(204, None)


@router.patch("/topics/{id:topic}", response=Topic, auth=PersonalToken(CIRCLE), summary="Tick a topic, or note on it")
def change_topic(request: HttpRequest, topic: PathId, change: TopicChange) -> Topic:
    actor = who_asks(request).actor
    if change.talked is not None:
        actions.tick_topic(actor, topic=topic, talked=change.talked)
    if change.note is not None:
        actions.keep_note(actor, topic=topic, text=change.note, shared=change.shared)
    _owner, membership, found = queries.topic(actor, topic=topic)
    return _topic(found, queries.drafts(actor, owner=actor.me, membership=membership).get(f"topic:{topic}"))


@router.delete("/topics/{id:topic}", response={204: None}, auth=PersonalToken(CIRCLE), summary="Take a topic off")
def remove_topic(request: HttpRequest, topic: PathId) -> Status[None]:
    """For whoever brought it; the notes that were shared on it go too."""
    actions.remove_topic(who_asks(request).actor, topic=topic)
    return Status(204, None)


def _two(request: HttpRequest, pair: str) -> Two:
    return pairs.of_place(who_asks(request).actor, membership=pair)


def _lines(kind: str, given: Lines) -> list[rules.Line]:
    """Only some kinds have a second half ("If it goes differently, I will")."""
    return [rules.Line(line.say, line.then if GUIDES[kind].then else "") for line in given.lines]


def _agreement(request: HttpRequest, agreement: str) -> Agreement:
    return _answer(queries.agreement(who_asks(request).actor, agreement=agreement))


def _answer(found: queries.AgreementSeen) -> Agreement:
    said = {name: getattr(found, name) for name in Agreement.model_fields if name not in ("pair", "mine", "theirs")}
    return Agreement(**said, pair=found.membership, mine=_as_lines(found.mine), theirs=_as_lines(found.theirs))


def _as_lines(lines: tuple[rules.Line, ...]) -> list[Line]:
    return [Line(say=line.say, then=line.then) for line in lines]


def _topic(found: queries.TopicSeen, draft: str | None) -> Topic:
    said = {name: getattr(found, name) for name in Topic.model_fields if name != "draft"}
    return Topic(**said, draft=draft or "")


def _steps(request: HttpRequest, two: Two) -> MySteps:
    return MySteps(**queries.repair_answers(who_asks(request).actor, two))


def _together(request: HttpRequest, two: Two) -> Together:
    actor = who_asks(request).actor
    found = queries.together(actor, **two.keys)
    drafts = queries.drafts(actor, owner=actor.me, membership=two.membership)
    return Together(
        agreements=[_answer(each) for each in found.agreements],
        drafts={kind: _as_lines(rules.lines_from(words)) for kind, words in drafts.items() if kind in GUIDES},
        topics=[_topic(each, drafts.get(f"topic:{each.id}")) for each in found.topics],
        my_note=Said.model_validate(found.my_note) if found.my_note else None,
        their_note=Said.model_validate(found.their_note) if found.their_note else None,
    )
