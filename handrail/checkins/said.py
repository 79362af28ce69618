"""What the numbers of a check-in say in words: headlines, sentences for pictures, and who sees what."""

from collections.abc import Iterable, Sequence

from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from handrail.checkins.answers import Craving, Mood, Sleep
from handrail.checkins.queries import CheckedIn
from handrail.checkins.rules import DayFigures, Finding, Greeting, Mark
from handrail.circle.queries import Member
from handrail.gate import Category

GREETINGS = {
    Greeting.MORNING: gettext_lazy("Good morning, %(name)s"),
    Greeting.AFTERNOON: gettext_lazy("Good afternoon, %(name)s"),
    Greeting.EVENING: gettext_lazy("Good evening, %(name)s"),
    Greeting.NIGHT: gettext_lazy("Hello, %(name)s"),
}
OF_THE_WEEK = {
    Finding.NOTHING_YET: gettext_lazy("Your week will show here"),
    Finding.FEW: gettext_lazy("Your week so far"),
    Finding.NONE: gettext_lazy("No cravings this week"),
    Finding.EASING: gettext_lazy("Cravings are easing this week"),
    Finding.RISING: gettext_lazy("Cravings got stronger this week"),
    Finding.STEADY: gettext_lazy("Cravings are about the same this week"),
}
OF_A_TIME = {
    Finding.NOTHING_YET: gettext_lazy("No cravings written down in this time"),
    Finding.FEW: gettext_lazy("A few days so far"),
    Finding.NONE: gettext_lazy("No cravings in this time"),
    Finding.EASING: gettext_lazy("Cravings have eased in this time"),
    Finding.RISING: gettext_lazy("Cravings got stronger in this time"),
    Finding.STEADY: gettext_lazy("Cravings stayed about the same"),
}


def in_words(choices: type[Mood] | type[Craving] | type[Sleep], value: int | None) -> str:
    """The label of an answer; "not said" where there is none."""
    return _("not said") if value is None else str(choices(value).label)


def mark(found: Mark) -> str:
    """ "150-day mark", "2-year mark"."""
    if found.years:
        return ngettext("%(n)d-year mark", "%(n)d-year mark", found.years) % {"n": found.years}
    return ngettext("%(n)d-day mark", "%(n)d-day mark", found.days) % {"n": found.days}


def mood_headline(days: Sequence[DayFigures]) -> str:
    said = [day.mood for day in days if day.mood is not None]
    fine = sum(1 for mood in said if mood >= Mood.OKAY)
    if not said:
        return _("No moods written down in this time")
    text = ngettext("Okay or better on %(fine)d of %(n)d day", "Okay or better on %(fine)d of %(n)d days", len(said))
    return text % {"fine": fine, "n": len(said)}


def sleep_headline(days: Sequence[DayFigures]) -> str:
    said = [day.sleep for day in days if day.sleep is not None]
    well = sum(1 for sleep in said if sleep == Sleep.WELL)
    if not said:
        return _("No sleep written down in this time")
    text = ngettext("Slept well on %(well)d of %(n)d night", "Slept well on %(well)d of %(n)d nights", len(said))
    return text % {"well": well, "n": len(said)}


def day_by_day(what: str, days: Sequence[tuple[DayFigures, str]]) -> str:
    """A sentence for a picture of few days: "Cravings each day. Friday strong, Saturday not said, today none." """
    parts = [f"{_weekday(day, last=i == len(days) - 1)} {label.lower()}" for i, (day, label) in enumerate(days)]
    return f"{what}. {', '.join(parts)}."


def counted(what: str, labels: Iterable[str]) -> str:
    """A sentence for a picture of many days: "Cravings. None: 12 days. Strong: 2 days. not said: 8 days." """
    tally: dict[str, int] = {}
    for label in labels:
        tally[label] = tally.get(label, 0) + 1
    parts = [
        ngettext("%(label)s: %(n)d day", "%(label)s: %(n)d days", n) % {"label": label, "n": n}
        for label, n in tally.items()
    ]
    return f"{what}. {'. '.join(parts)}."


def _weekday(day: DayFigures, *, last: bool) -> str:
    return _("today") if last else date_format(day.day, "l")


def who_sees(members: Sequence[Member]) -> str:
    """The line under the form: who will see what is about to be saved."""
    feeling, cravings = _names(members, Category.FEELING), _names(members, Category.CRAVINGS)
    if not feeling and not cravings:
        return _("Only you see this.")
    if feeling == cravings:
        text = ngettext(
            "%(who)s sees how you feel and your cravings.", "%(who)s see how you feel and your cravings.", len(feeling)
        )
        return text % {"who": _and(feeling)}
    return f"{_who_feeling(feeling)} {_who_cravings(feeling, cravings)}"


def _who_feeling(names: Sequence[str]) -> str:
    if not names:
        return _("Only you see how you feel.")
    return ngettext("%(who)s sees how you feel.", "%(who)s see how you feel.", len(names)) % {"who": _and(names)}


def _who_cravings(feeling: Sequence[str], names: Sequence[str]) -> str:
    if not names:
        return _("Only you see cravings.")
    if set(names) < set(feeling):
        text = ngettext("Only %(who)s sees cravings.", "Only %(who)s see cravings.", len(names))
    else:
        text = ngettext("%(who)s sees cravings.", "%(who)s see cravings.", len(names))
    return text % {"who": _and(names)}


def who_sees_saved(members: Sequence[Member], checkin: CheckedIn) -> str:
    """ "Mum and Sam see your mood. Sam sees your cravings." For what was really answered."""
    sentences = []
    feeling, cravings = _names(members, Category.FEELING), _names(members, Category.CRAVINGS)
    medicine = _names(members, Category.MEDICINE)
    if feeling and checkin.mood is not None:
        text = ngettext("%(who)s sees your mood.", "%(who)s see your mood.", len(feeling))
        sentences.append(text % {"who": _and(feeling)})
    if cravings and checkin.craving is not None:
        text = ngettext("%(who)s sees your cravings.", "%(who)s see your cravings.", len(cravings))
        sentences.append(text % {"who": _and(cravings)})
    if medicine and checkin.medicine is not None:
        text = ngettext("%(who)s sees your medicine.", "%(who)s see your medicine.", len(medicine))
        sentences.append(text % {"who": _and(medicine)})
    return " ".join(sentences) or _("Only you see it.")


def who_is_told(members: Sequence[Member], told: Sequence[str]) -> str:
    """After a hard day: who can see the day of use. `told`: ids of memberships; only live shares count."""
    names = [member.name for member in members if member.membership_id in told and Category.USE in member.sees]
    if not names:
        return _("Nobody has been told.")
    text = ngettext(
        "%(who)s can see that you used. Nobody else has been told.",
        "%(who)s can see that you used. Nobody else has been told.",
        len(names),
    )
    return text % {"who": _and(names)}


def who_sees_days_since_use(members: Sequence[Member], told: Sequence[str]) -> str:
    """ "Sam sees this too.", or nothing when nobody does."""
    names = [member.name for member in members if member.membership_id in told and Category.USE in member.sees]
    if not names:
        return ""
    return ngettext("%(who)s sees this too.", "%(who)s see this too.", len(names)) % {"who": _and(names)}


def who_reads(names: Sequence[str], *, hidden: bool = False) -> str:
    """Of one note: "Mum can read it." Nothing where nobody can. `hidden`: nobody can while its day is."""
    if not names:
        return ""
    text = _("While the day is hidden, %(who)s cannot read it.") if hidden else _("%(who)s can read it.")
    return text % {"who": _and(names)}


def _names(members: Sequence[Member], category: Category) -> list[str]:
    return [member.name for member in members if category in member.sees]


def _and(names: Sequence[str]) -> str:
    return str(get_text_list(list(names), _("and")))
