from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """Somebody or something that stands around the person without being in Handrail."""

    FAMILY = "family", _("Family")
    FRIEND = "friend", _("Friend")
    SPONSOR = "sponsor", _("Sponsor")
    PEER = "peer", _("Peer")
    COUNSELLOR = "counsellor", _("Counsellor")
    PHYSICIAN = "physician", _("Doctor or clinic")
    CASE_WORKER = "case_worker", _("Case worker")
    GROUP = "group", _("Group or meeting")
    ONLINE = "online", _("Online community")
    OTHER = "other", _("Somebody else")
