"""The mail box of a development hub, whose mail goes to a folder: every letter of this hub, whoever it is for.

It shows sign-in codes: where the environment is not development, it does not exist.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from functools import wraps
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

FILES = 500  #: the newest that are looked into
PAGE = 25  #: letters
RULE = b"\n" + b"-" * 79 + b"\n"  #: what Django's file backend writes after each


@dataclass(frozen=True, kw_only=True)
class Mail:
    key: str  #: its place in the folder
    at: datetime
    to: str
    subject: str
    text: str
    html: str
    headers: list[tuple[str, str]]


class View(Protocol):
    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse: ...


def _in_development(view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if settings.RTES.name != "development":
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@never_cache
@require_safe
@_in_development
def mailbox(request: HttpRequest) -> HttpResponse:
    """The newest first; `?to=` narrows to one address."""
    to = request.GET.get("to", "").strip()
    mails = [mail for mail in _mails() if to.casefold() in mail.to.casefold()]
    page = Paginator(mails, PAGE).get_page(request.GET.get("page"))
    return render(request, "notices/mailbox.html", {"page_obj": page, "to": to, "folder": bool(_folder())})


@never_cache
@require_safe
@_in_development
def letter(request: HttpRequest, key: str) -> HttpResponse:
    return render(request, "notices/mailbox_letter.html", {"mail": _find(key)})


@never_cache
@require_safe
@_in_development
def letter_html(request: HttpRequest, key: str) -> HttpResponse:
    """As a mail program shows it, which runs nothing: the content policy sees to it."""
    return HttpResponse(_find(key).html)


def _find(key: str) -> Mail:
    found = next((mail for mail in _mails() if mail.key == key), None)
    if found is None:
        raise Http404
    return found


def _folder() -> str:
    return getattr(settings, "EMAIL_FILE_PATH", "") or ""


def _mails() -> list[Mail]:
    if not _folder() or not Path(_folder()).is_dir():
        return []
    files = sorted(Path(_folder()).glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True)[:FILES]
    found = [mail for path in files for mail in _read(path)]
    return sorted(found, key=lambda mail: mail.at, reverse=True)


def _read(path: Path) -> Iterator[Mail]:
    for number, raw in enumerate(path.read_bytes().split(RULE)):
        if raw.strip():
            yield _parse(f"{path.stem}-{number}", raw)


def _parse(key: str, raw: bytes) -> Mail:
    message: EmailMessage = message_from_bytes(raw, policy=policy.default)  # type: ignore[assignment]
    parts = {kind: message.get_body((kind,)) for kind in ("plain", "html")}
    text, html = (str(part.get_content()) if part is not None else "" for part in parts.values())
    return Mail(
        key=key,
        at=_at(message),
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        text=text,
        html=html,
        headers=[(name, str(value)) for name, value in message.items()],
    )


def _at(message: EmailMessage) -> datetime:
    """Django writes "-0000", which Python reads as a moment without zone: it is UTC (RFC 5322 §3.3)."""
    date = parsedate_to_datetime(str(message["Date"]))
    return date if date.tzinfo else date.replace(tzinfo=UTC)
