"""A program in Jo's circle: who made it, who works there, what Jo signed for, and who has just come."""

from collections.abc import Callable
from datetime import timedelta

from handrail.consents import actions as consents
from handrail.consents import queries as consented
from handrail.consents.rules import Kind, Purpose
from handrail.demo import cast
from handrail.demo.order import Story
from handrail.gate import Actor
from handrail.home import seen
from handrail.kernel import clock
from handrail.kernel.ids import LENGTH
from handrail.people import actions as people
from handrail.programs import actions as programs
from handrail.programs import queries as asked

Settle = Callable[[str, str, str], str]  # (who, name, where their story begins): the new person's id


def tell(story: Story, jo: str, zone: str, settle: Settle) -> None:
    operator, dana = (Actor.person(settle(*each)) for each in cast.AT_WORK)
    people.change_view(dana, owner=dana.me, view="staff")
    with clock.moved_to(clock.now() - timedelta(days=120)):
        programs.use_link(operator, code=programs.offer_post(Actor.system("the demo"), kind="operator"))
        river = programs.make_program(
            operator, name=cast.PROGRAM, kind="housing", about="14 Hill Street, open every day"
        )
        _hire(
            operator, dana, river, programs.name_keeper(operator, program=river, name="Dana Ruiz", role="case_worker")
        )
    story.ago(lambda: _let_in(jo, zone, river), days=40)
    with clock.moved_to(clock.now() - timedelta(days=2)):
        newcomer = Actor.person(settle("newcomer", "Ali", "/c/people"))
        people.change_view(newcomer, owner=newcomer.me, view="staff")
        _hire(dana, newcomer, river, programs.name_staff(dana, program=river, name="Ali Brook", role="peer"))
    story.ago(lambda: seen.person(Actor.person(dana.me), owner=jo), hours=20)
    programs.name_staff(dana, program=river, name="Zoe Park", role="desk")
    clinic = programs.make_program(
        operator, name="Fifth Street Clinic", kind="clinic", about="Walk in, Monday to Friday"
    )
    programs.name_keeper(operator, program=clinic, name="Kim Lee", role="lead")


def _hire(maker: Actor, taker: Actor, program: str, code: str) -> None:
    """The whole way that real people go: a link, three words, and in."""
    programs.use_link(taker, code=code)
    about = {"program": program, "offer": code[:LENGTH], "phrase": asked.waiting(taker, code=code).phrase}
    by_operator = asked.runs_the_install(maker)
    (programs.confirm_keeper if by_operator else programs.confirm)(maker, **about)


def _let_in(jo: str, zone: str, river: str) -> None:
    """What River House sees rests on Jo's signature, as in every new install."""
    owner = Actor.person(jo)
    place = programs.add_program(owner, owner=jo, program=river, called="Jo Miller")
    made = consents.write(
        owner, owner=jo, zone=zone, kind=Kind.SHARE, things=[str(each) for each in cast.RIVER_HOUSE_SEES],
        purpose=Purpose.SUPPORT, last_day=clock.today(zone) + timedelta(days=180), membership=place,
        purpose_words="My room and my weekly talk",
    )  # fmt: skip
    consents.sign(owner, consent=made, shown=consented.one(owner, consent=made).digest, name=cast.JO)
