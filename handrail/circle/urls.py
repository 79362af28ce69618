from django.urls import path, register_converter

from handrail.circle import pages, pausing
from handrail.kernel.ids import LENGTH, IdConverter


class CodeConverter(IdConverter):
    """The end of an invitation link: the invitation's id and its secret, 22 characters each."""

    regex = f"[A-Za-z0-9]{{{2 * LENGTH}}}"


register_converter(CodeConverter, "code")

urlpatterns = [
    path("people", pages.people, name="people"),
    path("people/sharing", pages.sharing, name="sharing"),
    path("people/order", pages.order, name="order"),
    path("people/pause", pausing.pause, name="pause"),
    path("people/gaps", pages.gaps, name="gaps"),
    path("people/history", pages.history, name="history"),
    path("people/others/add", pages.other, name="other-add"),
    path("people/others/<id:outsider>", pages.other, name="other"),
    path("people/<id:membership>", pages.member, name="member"),
    path("people/<id:membership>/ends", pages.ends, name="member-ends"),
    path("people/<id:membership>/stop", pages.stop, name="member-stop"),
    path("people/<id:membership>/pause", pausing.pause_member, name="member-pause"),
    path("people/<id:membership>/place", pages.place, name="member-place"),
    path("people/<id:membership>/end", pages.end, name="member-end"),
    path("people/<id:membership>/door", pages.door, name="door"),
    path("invite", pages.invite, name="invite"),
    path("invite/<id:invitation>", pages.invitation, name="invitation"),
    path("invite/<id:invitation>/compare", pages.compare, name="compare"),
    path("j/<code:code>", pages.join, name="join"),
    path("j/<code:code>/accept", pages.accept, name="accept"),
    path("j/<code:code>/wait", pages.wait, name="join-wait"),
    path("me/seen", pages.seen, name="seen"),
]
