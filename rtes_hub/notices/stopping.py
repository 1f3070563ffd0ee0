"""The link at the foot of a letter that stops such letters: signed, so that it needs no session (RFC 8058)."""

from collections.abc import Collection
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from rtes_hub.accounts.models import User
from rtes_hub.notices.models import Frequency, Topic

SALT = "rtes_hub.notices.stopping"
LIFE = timedelta(days=365)  #: of a link, from the writing of its letter

#: What a link may stop: all letters of a rhythm, or those about one topic.
STOPPABLE = {
    *(f"rhythm:{rhythm}" for rhythm in Frequency if rhythm != Frequency.NEVER),
    *(f"topic:{topic}" for topic in Topic),
}


class Stale(Exception):
    """The link was good once."""


class Unknown(Exception):
    """It never was, or nobody is left whom it could speak for."""


def what(rhythm: str, topics: Collection[str]) -> str:
    """What the letter in hand is one of: those that come each day or each week, or at once about its one topic."""
    if rhythm == Frequency.NOW and len(topics) == 1:
        (topic,) = topics
        return f"topic:{topic}"
    return f"rhythm:{rhythm}"


def url(user: User, stops: str) -> str:
    token = signing.dumps([user.pk, stops], salt=SALT)
    return settings.RTES.base_url + reverse("notices-stop", args=[token])


def read(token: str) -> tuple[User, str]:
    """For whom, and what to stop. Raises: Stale, Unknown."""
    try:
        pk, stops = signing.loads(token, salt=SALT, max_age=LIFE)
    except signing.SignatureExpired as error:
        raise Stale from error
    except signing.BadSignature as error:
        raise Unknown from error
    user = User.objects.filter(pk=pk, is_active=True).first()
    if user is None or stops not in STOPPABLE:
        raise Unknown
    return user, stops
