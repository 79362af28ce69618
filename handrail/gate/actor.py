"""Who is asking. Made once a request or a job, and handed to every action and query as its first argument."""

from dataclasses import dataclass, field

from handrail.gate.keyring import Keyring
from handrail.gate.rights import Right, circles_of, rights_of
from handrail.kernel.errors import SignInNeeded

PREVIEW = "preview"


@dataclass(eq=False, slots=True)
class Actor:
    """A person, or the system with a named reason, or nobody. `channel` says by which way they came."""

    person_id: str | None = None
    reason: str = ""
    channel: str = "page"
    keyring: Keyring = field(default_factory=Keyring)
    under: dict[str, str] = field(default_factory=dict)  # {owner: the written consent under which things were opened}
    _rights: dict[str, Right | None] = field(default_factory=dict)
    _circles: dict[str, Right] | None = None

    @classmethod
    def person(cls, person_id: str, *, channel: str = "page") -> "Actor":
        return cls(person_id=person_id, channel=channel)

    @classmethod
    def system(cls, reason: str) -> "Actor":
        if not reason:
            raise ValueError("a system actor says why it comes")
        return cls(reason=reason, channel="system")

    @classmethod
    def nobody(cls) -> "Actor":
        return cls()

    @classmethod
    def previewing(cls, member_id: str, rights: dict[str, Right]) -> "Actor":
        """For `gate.circle.preview` alone: a member's eyes, lent to the owner."""
        actor = cls(person_id=member_id, channel=PREVIEW)
        actor._rights, actor._circles = dict(rights), rights
        return actor

    @property
    def me(self) -> str:
        """Their own id, where only somebody who is signed in can be."""
        if self.person_id is None:
            raise SignInNeeded
        return self.person_id

    @property
    def own_id(self) -> str | None:
        """Whose owner this actor is: their own, but in a preview nobody's. The eyes are lent, not what they own."""
        return None if self.is_preview else self.person_id

    @property
    def is_preview(self) -> bool:
        return self.channel == PREVIEW

    @property
    def is_system(self) -> bool:
        return bool(self.reason)

    @property
    def name_in_log(self) -> str:
        return f"person:{self.person_id}" if self.person_id else f"system:{self.reason}"

    def right_to(self, owner_id: str, *, fresh: bool = False) -> Right | None:
        """What this actor may see of one owner as a member or staff; None when they do not stand in that circle."""
        if self.person_id is None:
            return None
        if not self.is_preview and (fresh or owner_id not in self._rights):
            self._rights[owner_id] = self._with_keys(rights_of(self.person_id, [owner_id])).get(owner_id)
        return self._rights.get(owner_id)

    def learn_rights(self, owner_ids: list[str]) -> None:
        """Read the rights to many owners in one query."""
        missing = [owner for owner in owner_ids if owner not in self._rights]
        if self.person_id and missing and not self.is_preview:
            found = self._with_keys(rights_of(self.person_id, missing))
            self._rights.update({owner: found.get(owner) for owner in missing})

    def all_rights(self) -> dict[str, Right]:
        """Every circle this person stands in themselves, in one query, kept for the rest of the request."""
        if self.person_id is None:
            return {}
        if self._circles is None:
            self._circles = self._with_keys(circles_of(self.person_id))
            self._rights.update(self._circles)
        return self._circles

    def _with_keys(self, found: dict[str, Right]) -> dict[str, Right]:
        """Keep the data keys that came along with the rights; of an owner who was erased, none came."""
        for owner, right in found.items():
            if (key := right.wrapped_key) is not None:
                self.keyring.hold_wrapped(owner, *key)
        return found
