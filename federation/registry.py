"""Which app speaks for which kind. `federated.py` is to federation what `admin.py` is to the Django admin."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.module_loading import autodiscover_modules

from federation.errors import Refused
from federation.publication import Author, Gesture, Publication

#: What `Federated.receive` gives for what waits until what it answers comes. Nothing lives at that address.
WAITS = "urn:rtes:waits"


class Federated:
    """What an app says of its things that travel. Subclass it in `federated.py` and register with `@federated`.

    Every method is called in the transaction of the effect. Those after `author_changed` are for kinds that are said in
    places (forums) or that others join; by default they do nothing.
    """

    kinds: tuple[str, ...] = ()
    terms: Mapping[str, Promise | str] = {}  #: what the facts of its kinds mean, by code; shown at /ns

    def receive(self, publication: Publication, author: Author) -> str | None:
        """Store what its author sends: insert or update by URI. Called once per version, newest wins.

        Gives the place of ours in which the app put what names none, such as an answer to a sheet, if it did: the place
        then announces it. Gives WAITS when it is kept until what it answers comes: `federation.api.adopted` or
        `turned_down` then says what became of it.

        The caller has checked origin and ownership. Raises: `Refused` when a must is missing, or when its place is one
        of ours and takes it not (locked, barred, closed): the author is then told the reason.
        """
        raise NotImplementedError

    def remove(self, uri: str) -> None:
        """Its author withdrew it: show it no more, keep no text."""
        raise NotImplementedError

    def forget(self, uri: str) -> None:
        """Its server is blocked here: as `remove`, but it is received again when its server is believed again."""
        self.remove(uri)

    def author_changed(self, author: Author) -> None:
        """A remote author has another name or page. An "Application" is the one that stands for its hub, no other."""

    def shown(self, uri: str) -> None:
        """The place elsewhere shows what we said in it. May be told twice."""

    def refused(self, uri: str, reason: str) -> None:
        """The place elsewhere does not take what we said in it; `reason` is plain text."""

    def place_found(self, place: Author) -> None:
        """A partner has this place, a group actor with `facts` {"theme": slug}. Told again when it has changed."""

    def place_gone(self, uri: str) -> None:
        """A place of a partner is there no more, or its hub is our partner no more: nothing can be said in it."""

    def locked(self, uri: str, locked: bool) -> None:
        """The place elsewhere takes no more answers to this, or takes them again."""

    def featured(self, uri: str, pinned: bool) -> None:
        """The place elsewhere shows this first, or no longer."""

    def removed_by_moderator(self, uri: str, reason: str) -> None:
        """The place elsewhere removed it: show it no more. What comes back is received again, or `shown` when ours."""

    def gesture(self, gesture: Gesture, author: Author) -> Mapping[str, Any]:
        """Somebody elsewhere asks something of a thing of ours. Called once a gesture; gives the facts of the yes.

        Raises: `Refused`: a no, with its reason; `TryLater`: asked again, with patience.
        """
        raise Refused(f"{gesture.target} takes no “{gesture.verb}”, of {author.name} or anybody")

    def gesture_refused(self, gesture: Gesture, author: Author, reason: str) -> None:
        """No was answered to it, and nothing that `gesture` wrote stands: for what must be remembered of a no."""

    def answered(self, gesture: Gesture, accepted: bool, reason: str, facts: Mapping[str, Any]) -> None:
        """The hub of the thing answered our gesture. Called once a gesture; `reason` is plain text."""

    def invited(self, uri: str, guest: str, text: str) -> None:
        """The author of a thing elsewhere would like one of ours, an actor's URI, to join it. May be told twice."""

    def given_up(self, gesture: Gesture, contact: str) -> None:
        """For a fortnight nobody answered our gesture: it is said no more. `answered` may still come.

        `contact` is whom to write to at the hub of the thing, as that hub says; empty when it never said.
        """

    def reported(self, uri: str, *, flag: str, reason: str, by: Author) -> None:
        """Somebody of another server says that a thing of ours, or said in a place of ours, should not stand.

        `flag` is the id of what they said, which is answered with the decision (`federation.api.answer_report`).
        """

    def report_answered(self, flag: str, *, upheld: bool, reason: str) -> None:
        """The server of a thing that we reported decided."""


_BY_KIND: dict[str, Federated] = {}


def federated(cls: type[Federated]) -> type[Federated]:
    speaker = cls()
    for kind in cls.kinds:
        if kind in _BY_KIND and type(_BY_KIND[kind]) is not cls:
            raise ValueError(f"{kind} is spoken for twice")
        _BY_KIND[kind] = speaker
    return cls


def for_kind(kind: str) -> Federated | None:
    return _BY_KIND.get(kind)


def everyone() -> Iterable[Federated]:
    return set(_BY_KIND.values())


def autodiscover() -> None:
    autodiscover_modules("federated")
