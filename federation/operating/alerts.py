"""Those who run the hub are told of a partner that takes nothing, after 1 h, 24 h and 7 d, and when it is back.

Once each, by a notice and a letter at once, whatever rhythm they chose for other letters: somebody has to act.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from federation.models import Delivery, Peer, Watched
from federation.operating import actions
from federation.partners import words
from rtes_hub.accounts.models import User
from rtes_hub.notices import actions as notices
from rtes_hub.notices.models import Topic
from rtes_hub.notices.registry import may_see

#: Hours of failure, what is said then, and what to do.
LEVELS = [
    (
        1,
        _("{hub} takes nothing for an hour"),
        _("There is nothing to do yet: we try again by ourselves, and nothing is lost for fourteen days."),
    ),
    (
        24,
        _("{hub} takes nothing for a day"),
        _("Write to their administrator: their hub may be down without anybody knowing."),
    ),
    (
        168,
        _("{hub} takes nothing for a week"),
        _("In a week more, what waits is given up. Telephone them, or pause the exchange while they repair it."),
    ),
]

logger = logging.getLogger(__name__)


@may_see("exchange")
def _operates(user: User, _origin: str) -> bool:
    return actions.may_see(user)


def look(now: datetime | None = None) -> None:
    """Note who began to fail, tell what is due, and who is back."""
    now = now or timezone.now()
    for peer in _failing().filter(watched=None) | _failing().filter(watched__failing_since=None):
        Watched.objects.update_or_create(peer=peer, defaults={"failing_since": now, "alerted": 0})
    for watched in Watched.objects.exclude(failing_since=None).select_related("peer"):
        if _is_left_alone(watched):
            Watched.objects.filter(pk=watched.pk).update(failing_since=None, alerted=0)
        elif _is_back(watched):
            _end(watched)
        else:
            _tell_what_is_due(watched, now)


def _failing() -> QuerySet[Peer]:
    """Those we still owe something that they did not take."""
    tried = Delivery.objects.filter(peer=OuterRef("pk"), state=Delivery.State.WAITING, tries__gt=0)
    return Peer.objects.filter(Exists(tried), failures__gt=0, watched__paused_at=None).exclude(level=Peer.Level.BLOCKED)


def _is_left_alone(watched: Watched) -> bool:
    return watched.paused_at is not None or watched.peer.level == Peer.Level.BLOCKED


def _is_back(watched: Watched) -> bool:
    """A word from it is not enough: it must take what we send."""
    peer, since = watched.peer, watched.failing_since
    took = peer.last_out_at is not None and since is not None and peer.last_out_at > since
    return not peer.failures and (took or not Delivery.objects.filter(peer=peer, state="waiting").exists())


def _tell_what_is_due(watched: Watched, now: datetime) -> None:
    """The gravest of what was not told: after a long stop of ours, one alert, not three."""
    since = watched.failing_since or now
    due = [level for level in LEVELS if watched.alerted < level[0] and now - since >= timedelta(hours=level[0])]
    if not due:
        return
    hours, title, what = due[-1]
    with transaction.atomic():
        if not Watched.objects.filter(pk=watched.pk, alerted=watched.alerted).update(alerted=hours):
            return
        peer = watched.peer
        text = format_lazy(
            "{what}\n{advice}\n{error}", what=what, advice=words.advice_about(peer.last_error), error=peer.last_error
        )
        _tell(peer, f"{hours}:{since.isoformat()}", format_lazy(title, hub=str(peer)), text)


def _end(watched: Watched) -> None:
    """Said to those who were told that it failed; a short failure was told to nobody."""
    peer = watched.peer
    with transaction.atomic():
        ended = Watched.objects.filter(pk=watched.pk, failing_since=watched.failing_since)
        if not ended.update(failing_since=None, alerted=0) or not watched.alerted:
            return
        notices.settle(Topic.MODERATION, _about(peer))
        since = watched.failing_since.isoformat() if watched.failing_since else ""
        _tell(
            peer,
            f"back:{since}",
            format_lazy(_("{hub} takes what we send again"), hub=str(peer)),
            _("What waited for them leaves by itself. You have nothing to do."),
        )


def _about(peer: Peer) -> str:
    return f"exchange:{peer.origin}"


def _tell(peer: Peer, key: str, title: Promise | str, text: Promise | str) -> None:
    people = list(
        User.objects.filter(is_active=True, hub_role__in=(User.HubRole.COORDINATOR, User.HubRole.ADMINISTRATOR))
    )
    path = reverse("exchange")
    notices.tell_all(
        people,
        Topic.MODERATION,
        key=f"exchange:{peer.pk}:{key}",
        about=_about(peer),
        group=_("Partner territories"),
        title=title,
        text=text,
        path=path,
    )
    transaction.on_commit(lambda: _write(people, title, text, settings.RTES.base_url + path))


def _write(people: list[User], title: Promise | str, text: Promise | str, url: str) -> None:
    """A mail server that is down must not undo the notice."""
    for person in people:
        with translation.override(person.language):
            subject, body = " ".join(str(title).split()), f"{text}\n\n{url}\n"
        try:
            send_mail(subject, body, None, [person.email])
        except OSError:
            logger.exception("An alert could not be mailed")
