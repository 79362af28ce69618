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


def shared(categories: Collection[str]) -> list[str]:
    return [str(words) for category, words in TO_STAFF.items() if category in categories]
