"""Taking somebody's place on a trial install."""

from allauth.account.adapter import get_adapter
from django.contrib.auth import logout

from handrail.gate import Request
from handrail.people.models import Person


def become(request: Request, *, person_id: str) -> None:
    """End whatever session there is and begin one as this invented person, with no passphrase asked."""
    logout(request)
    get_adapter(request).login(request, Person.objects.get(pk=person_id))
