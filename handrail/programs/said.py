"""What is shared, in the words of those who see it: "How I feel" is "how they feel" to them."""

from collections.abc import Collection

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from handrail.gate import Category

TO_STAFF: dict[Category, str | Promise] = {
    Category.FEELING: _("How they feel"),
    Category.CRAVINGS: _("Cravings"),
    Category.USE: _("If they use"),
    Category.PLAN: _("Their plan"),
    Category.MEDICINE: _("Medicine and visits"),
    Category.DAYS: _("Days in recovery"),
}
#: The same and what only people get, for a doctor or counsellor with a place of their own.
SEEN_AS: dict[Category, str | Promise] = TO_STAFF | {
    Category.HELP: _("Their call for help"),
    Category.PLACE: _("Their place, if they ask for help"),
}


def shared(categories: Collection[str]) -> list[str]:
    return [str(words) for category, words in SEEN_AS.items() if category in categories]
