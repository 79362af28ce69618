"""Kinds of written consent, what one can cover, and what for, in the person's words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from handrail.consents.rules import COPIES, NOTES, OPENS, PURPOSES, Kind, Purpose, Status
from handrail.gate import Category
from handrail.gate.categories import Purpose as SharedFor

KINDS: dict[str, str | Promise] = {
    Kind.SHARE: _("They look at it here, in Handrail"),
    Kind.TREATMENT: _("For my treatment, for paying for it, and for running the place that treats me"),
    Kind.NAMED: _("A copy for a person or a place"),
    Kind.COUNSELLING: _("A copy of my own notes"),
    Kind.PROCEEDINGS: _("A copy for a court or an office"),
    Kind.RESEARCH: _("A copy for research"),
}
PURPOSE_WORDS: dict[str, str | Promise] = {
    Purpose.TREATMENT: _("My treatment"),
    Purpose.SUPPORT: _("To stand by me"),
    Purpose.BENEFITS: _("Work, housing or money that I applied for"),
    Purpose.OWN_WISH: _("Because I want it"),
    Purpose.LEGAL: _("A court or an office"),
    Purpose.RESEARCH: _("Research"),
}
#: The same to whoever sees it: "For my treatment" is "For their treatment" to them.
SEEN_FOR: dict[str, str | Promise] = {
    SharedFor.TREATMENT: _("For their treatment"),
    SharedFor.SUPPORT: _("To stand by them"),
    SharedFor.EMERGENCY: _("Only for when it is hard"),
}
STATUS_WORDS: dict[str, str | Promise] = {
    Status.DRAFT: _("Not signed"),
    Status.ACTIVE: _("In force"),
    Status.EXPIRED: _("Over: its time has run out"),
    Status.REVOKED: _("Over: you took it back"),
    Status.SUPERSEDED: _("Over: a newer one took its place"),
    Status.ERROR: _("Over: signed by mistake"),
}

TICKS: list[tuple[str, str | Promise]] = [(category.value, category.label) for category in Category]
LABELS: dict[str, str | Promise] = {**dict(TICKS), NOTES: _("My own notes")}
#: What each of them is, so that whoever signs knows what leaves.
MEANS: dict[str, str | Promise] = {
    Category.FEELING: _("my answers about mood and sleep, day by day"),
    Category.CRAVINGS: _("my answers about cravings, day by day"),
    Category.USE: _("the days on which I used or came close, where I wrote that down"),
    Category.DAYS: _("how many days I count, and since when"),
    Category.PLAN: _("my plan for hard moments, as it stands"),
    Category.HELP: _("when I called for help, and my words"),
    Category.PLACE: _("the place that I gave with a call for help"),
    Category.MEDICINE: _("names of my medicine, the days on which I took it, and my visits"),
    NOTES: _("what I wrote for myself beside check-ins and visits"),
}
KIND_CHOICES = {
    "opens": [(kind.value, KINDS[kind]) for kind in Kind if kind in OPENS],
    "copies": [(kind.value, KINDS[kind]) for kind in COPIES],
}
ANY_PURPOSE = [(purpose.value, PURPOSE_WORDS[purpose]) for purpose in PURPOSES[Kind.NAMED]]
