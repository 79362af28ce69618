"""A supporter's own answers, what follows from them, and the load of a circle, in plain words. Nobody is marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handrail.checkins import charts
from handrail.checkins.answers import Sleep
from handrail.supporters.answers import Strength, Worry
from handrail.supporters.rules import Answer, Carries, Reason, Trend

SLOTS = 8  # weeks in a picture


def trend(found: Trend) -> str:
    weeks = {"n": found.weeks}
    return {
        "first": _("One answer so far. With each week you see more."),
        "hard_strength": _("Your strength was low in the last %(n)s answers.") % weeks,
        "hard_sleep": _("You slept badly in the last %(n)s answers.") % weeks,
        "hard_worry": _("You worried a lot in the last %(n)s answers.") % weeks,
        "harder_strength": _("Less strength than last time. You have carried a lot."),
        "harder_sleep": _("You slept worse than last time."),
        "harder_worry": _("More worry than last time."),
        "better_strength": _("More strength than last time."),
        "better_sleep": _("You slept better than last time."),
        "better_worry": _("Less worry than last time."),
        "steady": _("Much the same as last time."),
    }[found.kind]


@dataclass(frozen=True, slots=True)
class Next:
    """One thing that could do good. `lines`: the phone lines for family and friends stand under it."""

    title: str
    text: str
    url: str = ""
    link: str = ""
    lines: bool = False


def what_follows(kind: str, good: str) -> Next:
    kept = _("You wrote: “%(good)s”. Keep an hour for that this week.") % {"good": good}
    return {
        "rest": lambda: Next(
            _("You have given a lot. You may rest."),
            _("You can take days off from calls. Others step in, and you say no reason."),
            reverse("s-rest"),
            _("Take a rest"),
        ),
        "someone": lambda: Next(
            _("Call somebody of your own today"),
            _("Not about them. About you. A short call is enough."),
        ),
        "lines": lambda: Next(
            _("Or talk to people who know this from inside"),
            _("These lines are for family and friends, too."),
            lines=True,
        ),
        "doctor": lambda: Next(
            _("Tell your own doctor how you sleep"),
            _("Bad sleep for weeks wears anybody out. It can be helped."),
        ),
        "small": lambda: Next(
            _("One small thing for you"), kept if good else _("Ten minutes outside, tea with a friend, an early night.")
        ),
        "keep": lambda: Next(
            _("Keep what does you good"), kept if good else _("Put one good hour of your own into next week.")
        ),
    }[kind]()  # fmt: skip


@dataclass(frozen=True, slots=True)
class Picture:
    headline: str
    svg: SafeString


def pictures(weeks: Sequence[Answer]) -> list[Picture]:
    """Strength and worry over the last weeks; the list says the same."""
    scales = (
        ("strength", _("Your strength, week by week"), charts.Scale([(s.value, s.label) for s in Strength])),
        ("worry", _("How much you worried"), charts.Scale([(w.value, w.label) for w in Worry])),
    )
    return [
        Picture(title, charts.bars(_slots(weeks, what), scale, _sentence(title, weeks, what, scale), last=_("Newest")))
        for what, title, scale in scales
        if any(getattr(each, what) is not None for each in weeks)
    ]


def _slots(weeks: Sequence[Answer], what: str) -> list[tuple[date, int | None]]:
    """One place for each of the last weeks, empty where nothing was said."""
    newest = weeks[-1].day
    days = [newest - timedelta(days=7 * back) for back in range(SLOTS - 1, -1, -1)]
    return [
        (
            day,
            next(
                (getattr(each, what) for each in reversed(weeks) if timedelta() <= day - each.day < timedelta(7)), None
            ),
        )
        for day in days
    ]


def _sentence(title: str, weeks: Sequence[Answer], what: str, scale: charts.Scale) -> str:
    labels = dict(scale.labels)
    said = [
        f"{date_format(each.day, 'j F')}: {str(labels[getattr(each, what)]).lower()}"
        for each in weeks[-SLOTS:]
        if getattr(each, what) is not None
    ]
    return f"{title}. {', '.join(said)}."


@dataclass(frozen=True, slots=True)
class WeekInWords:
    answer: Answer
    strength: str
    sleep: str
    worry: str


def week(answer: Answer) -> WeekInWords:
    return WeekInWords(
        answer,
        str(Strength(answer.strength).label),
        str(Sleep(answer.sleep).label) if answer.sleep else "",
        str(Worry(answer.worry).label) if answer.worry else "",
    )


# --- who carries how much ---------------------------------------------------------------------------------------------


def carries(one: Carries, first: int) -> str:
    """What one member carries, in a line or two. Facts, and no mark."""
    said = []
    if one.rests:
        said.append(_("Rests right now."))
    elif one.gets_calls:
        said.append(_("Is asked first when you call.") if one.rung == first else _("Is asked later when you call."))
    else:
        said.append(_("Gets no calls from you."))
    if one.asked:
        asked = ngettext("Was asked once,", "Was asked %(n)s times,", one.asked) % {"n": one.asked}
        yes = ngettext("said yes once.", "said yes %(n)s times.", one.yes) % {"n": one.yes}
        said.append(f"{asked} {yes}" if one.yes else _("%(asked)s could not then.") % {"asked": asked})
    if one.leaned_on_often:
        said.append(_("You lean on each other often."))
    return " ".join(said)


def reason(found: Reason) -> Next:
    about = {"name": found.name, "yes": found.yes, "calls": found.calls}
    order, gaps, sharing = reverse("order"), reverse("gaps"), reverse("people")
    return {
        "nobody": lambda: Next(
            _("Nobody gets your call right now"),
            _("Tick “My call for help” for one person, or ask somebody new."),
            sharing,
            _("Choose somebody"),
        ),
        "alone": lambda: Next(
            _("Only %(name)s gets your calls right now") % about,
            _("If %(name)s sleeps or works, nobody comes. A second person makes both of you safer.") % about,
            gaps,
            _("Whom could you ask?"),
        ),
        "most": lambda: Next(
            _("%(name)s said yes to %(yes)s of your last %(calls)s calls") % about,
            _("That is good, and it is a lot. You could ask somebody else first for a while."),
            order,
            _("Change who is asked first"),
        ),
        "always_first": lambda: Next(
            _("%(name)s is always asked first") % about,
            _("Two can share the first place: give both the number 1. Whoever is free says yes."),
            order,
            _("Change who is asked first"),
        ),
        "not_asked": lambda: Next(
            _("%(name)s gets your calls and was not asked lately") % about,
            _("You could ask them first now and then. They can always say that they can’t."),
            order,
            _("Change who is asked first"),
        ),
        "leaned_on": lambda: Next(
            _("You lean on %(name)s most of the time") % about,
            _("You would miss %(name)s if they need a rest. Who could help with small things?") % about,
            gaps,
            _("Whom could you ask?"),
        ),
    }[found.kind]()  # fmt: skip
