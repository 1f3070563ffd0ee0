"""The language of the pages: kept in a cookie, taken from the person when they sign in."""

from django.conf import settings
from django.http import HttpResponseBase

#: How long a browser remembers the language, in seconds.
COOKIE_AGE = 365 * 24 * 3600


def remember(response: HttpResponseBase, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite="Lax",
    )
