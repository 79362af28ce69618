"""What an API token can be made for, in the person's words."""

from django.utils.translation import gettext_lazy as _

SCOPES = {
    "read": _("Read what you can see"),
    "checkins": _("Save check-ins"),
    "calls": _("Call for help, and answer calls"),
    "circle": _("Change your circle and what you share"),
}
