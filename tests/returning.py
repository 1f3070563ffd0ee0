"""A browser in which somebody was signed in."""

from django.http import HttpResponse
from django.test import Client

from rtes_hub.accounts import stash


def session_ended(client: Client) -> None:
    """Whoever was signed in is so no longer; the browser has what it was given then."""
    client.logout()
    answer = HttpResponse()
    stash.mark(answer)
    client.cookies.update(answer.cookies)
