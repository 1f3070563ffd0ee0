"""Letters: owed as rows in the transaction of what they tell, written and sent by the worker.

The knock at the mail server holds no transaction. A letter is claimed before it is sent, so that of two workers one
sends it. A worker that is killed between the server's yes and our writing it down sends it again, with the same
Message-ID: mail servers and mailboxes show it once.
"""

import logging
from collections.abc import Collection, Iterable
from datetime import timedelta
from email.utils import format_datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from rtes_hub.accounts.models import identity
from rtes_hub.notices import registry, stopping
from rtes_hub.notices.models import Frequency, Letter, Notice
from rtes_hub.text import clean

#: Wait after the first failure, the second…; after the last the letter is given up (three days in all).
PATIENCE = [timedelta(minutes=m) for m in (1, 5, 30, 120, 360, 720, 1440, 1440)]
LEASE = timedelta(minutes=5)  #: a claimed letter is nobody else's for so long; settings.EMAIL_TIMEOUT is far below
GIVE_WAY = 3  #: failures in a row that end a turn: the mail server is down, and the others wait for the next sweep
IN_A_LETTER = 50  #: notices; the others are on the site
SUBJECT = 150  #: characters
ERROR = 500

logger = logging.getLogger(__name__)


def owe(user_pk: int, rhythm: str, notices: QuerySet[Notice]) -> bool:
    """Owe this person one letter with those of the notices that stand in none. In the transaction of the caller.

    Whoever comes second finds none left, and owes nothing.
    """
    letter = Letter.objects.create(user_id=user_pk, rhythm=rhythm)
    free = list(notices.filter(user=user_pk, mailed_at=None).values_list("pk", flat=True))
    # The condition is said again, on the rows themselves: another transaction may have taken them meanwhile.
    taken = Notice.objects.filter(pk__in=free, mailed_at=None).update(letter=letter, mailed_at=timezone.now())
    if not taken:
        letter.delete()
    return bool(taken)


def owe_each(user_pks: Collection[int], key: str) -> bool:
    """Owe each of these a letter of its own with the notice of that key, just written by the caller's transaction."""
    notices = list(Notice.objects.filter(key=key, user__in=user_pks, mailed_at=None, letter=None))
    made = Letter.objects.bulk_create(Letter(user_id=one.user_id, rhythm=Frequency.NOW) for one in notices)
    for notice, letter in zip(notices, made, strict=True):
        notice.letter, notice.mailed_at = letter, timezone.now()
    Notice.objects.bulk_update(notices, ["letter", "mailed_at"])
    return bool(notices)


def due() -> QuerySet[Letter]:
    return Letter.objects.filter(next_try__lte=timezone.now())


def turn() -> int:
    """Send what is due, the longest owed first; how many were sent. Safe to run twice, at once or never."""
    connection: BaseEmailBackend = mail.get_connection()
    sent = failed = 0
    try:
        while failed < GIVE_WAY and (letter := _claim()) is not None:
            message = write(letter)
            if message is None:
                letter.delete()
            elif _send(letter, message, connection):
                sent, failed = sent + 1, 0
            else:
                failed += 1
    finally:
        connection.close()
    return sent


def _claim() -> Letter | None:
    """One letter, ours until its lease ends: the moment of its next attempt is also whose it is."""
    for letter in due().select_related("user").order_by("next_try")[:20]:
        until = timezone.now() + LEASE
        mine = Letter.objects.filter(pk=letter.pk, next_try=letter.next_try, sent_at=None)
        if mine.update(next_try=until, tries=F("tries") + 1):
            letter.next_try, letter.tries = until, letter.tries + 1
            return letter
    return None


def _send(letter: Letter, message: mail.EmailMessage, connection: BaseEmailBackend) -> bool:
    message.connection = connection
    try:
        connection.open()  # kept from one letter to the next
        message.send()
    except Exception as error:
        logger.exception("Letter %s could not be sent", letter.pk)
        connection.close()
        pause = PATIENCE[letter.tries - 1] if letter.tries <= len(PATIENCE) else None
        next_try = timezone.now() + pause if pause else None
        Letter.objects.filter(pk=letter.pk).update(next_try=next_try, error=clean.line(repr(error), ERROR))
        return False
    Letter.objects.filter(pk=letter.pk).update(next_try=None, sent_at=timezone.now(), error="")
    return True


def write(letter: Letter) -> mail.EmailMultiAlternatives | None:
    """The letter as it may be read now. None when nothing is left to say, or nobody to say it to."""
    person = letter.user
    notices = list(letter.notices.order_by("-at", "-pk"))
    seen = registry.visible(person, {notice.about for notice in notices})
    notices = [notice for notice in notices if notice.about in seen]
    if not notices:
        return None
    with translation.override(person.language):
        subject = _subject(letter, notices)
        stop = stopping.url(person, stopping.what(letter.rhythm, {notice.topic for notice in notices}))
        context = _context(letter, notices) | {"subject": subject, "stop_url": stop}
        message = mail.EmailMultiAlternatives(
            subject=subject,
            body=render_to_string("notices/mail/letter.txt", context),
            to=[person.email],
            headers=_headers(letter, stop),
        )
        message.attach_alternative(render_to_string("notices/mail/letter.html", context), "text/html")
    return message


def _headers(letter: Letter, stop: str) -> dict[str, str]:
    host = urlsplit(settings.RTES.base_url).hostname
    return {
        "Message-ID": f"<letter-{letter.pk}-{letter.created_at:%Y%m%d%H%M%S%f}@{host}>",
        "Date": format_datetime(timezone.now()),
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",  # RFC 8058
        "Auto-Submitted": "auto-generated",  # RFC 3834: an absent person's mailbox does not answer
    }


def _subject(letter: Letter, notices: list[Notice]) -> str:
    hub, count = clean.line(identity().name, 80), len(notices)
    if letter.rhythm == Frequency.NOW:
        if count == 1:
            return clean.line(notices[0].title, SUBJECT)
        said = ngettext("%(hub)s: %(count)d notice", "%(hub)s: %(count)d notices", count)
    elif letter.rhythm == Frequency.DAILY:
        said = ngettext("%(hub)s: %(count)d notice today", "%(hub)s: %(count)d notices today", count)
    else:
        said = ngettext("%(hub)s: %(count)d notice this week", "%(hub)s: %(count)d notices this week", count)
    return said % {"hub": hub, "count": count}


def _context(letter: Letter, notices: list[Notice]) -> dict[str, object]:
    here = settings.RTES.base_url
    return {
        "groups": grouped(notices[:IN_A_LETTER]),
        "left_over": len(notices[IN_A_LETTER:]),
        "why": _why(letter, notices),
        "here": here,
        "hub_name": identity().name,
        "language": letter.user.language,
        "notices_url": here + reverse("notices"),
        "settings_url": here + reverse("notice-settings"),
    }


def _why(letter: Letter, notices: list[Notice]) -> str:
    """Why this person receives it: the rhythm that they chose, or that everyone has at first."""
    if letter.rhythm == Frequency.DAILY:
        return _("You receive this letter at most once a day, when there is news.")
    if letter.rhythm == Frequency.WEEKLY:
        return _("You receive this letter at most once a week, when there is news.")
    topics = dict.fromkeys(str(notice.get_topic_display()) for notice in notices)
    return _("You asked to be told at once of this: %(topics)s.") % {"topics": ", ".join(topics)}


def grouped(notices: Iterable[Notice]) -> list[tuple[str, list[Notice]]]:
    """Under their headings, the newest first: both the headings and what stands under each."""
    groups: dict[str, list[Notice]] = {}
    for notice in notices:
        groups.setdefault(notice.group, []).append(notice)
    return list(groups.items())
