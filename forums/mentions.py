"""Who is called by name in a text: @camille.martin, @dijon-metropole, @jeanne@partner.example."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings

from forums import voices
from forums.models import Forum, Voice
from rtes_hub.accounts.models import User
from rtes_hub.territories.models import Member
from rtes_hub.text import markdown

MAX_MENTIONS = 20  #: of one post that are looked at


@dataclass(frozen=True, kw_only=True)
class Called:
    """What one name in a text stands for."""

    name: str  #: as it is shown
    url: str  #: absolute; empty when nobody outside may be led there
    actor_uri: str  #: empty for a person who did not agree to be known elsewhere
    voice: Voice | None = None
    member: Member | None = None


def called(source: str, *, make: bool = True) -> dict[str, Called]:
    """By handle as it was typed, in small letters. Names that nobody has are left out.

    `make`: people of this hub who never spoke here get the name by which they are called.
    """
    handles = list(dict.fromkeys(handle.lower() for handle in markdown.MENTION.findall(source)))[:MAX_MENTIONS]
    if not handles:
        return {}
    if make:
        _make(handles)
    found = Voice.objects.filter(handle__in=handles).select_related("user")
    people = {voice.handle.lower(): _person(voice) for voice in found}
    bodies = {body.slug: _body(body) for body in Member.objects.current().filter(slug__in=handles)}
    return bodies | people


def _make(handles: list[str]) -> None:
    known = set(Voice.objects.filter(handle__in=handles).values_list("handle", flat=True))
    for handle in handles:
        if handle not in known and "." in handle and "@" not in handle:
            for user in voices.unheard(handle.split(".")):
                if voices.free_handle(user.full_name) == handle:
                    voices.of(user)
                    break


def _person(voice: Voice) -> Called:
    page = settings.RTES.base_url + voice.get_absolute_url()
    return Called(
        name=voice.name,
        url=voice.page_url or page,
        actor_uri=(voice.actor_uri or "") if voice.is_shown else "",
        voice=voice,
    )


def _body(member: Member) -> Called:
    page = settings.RTES.base_url + member.get_absolute_url()
    return Called(name=member.name, url=member.page_url or page, actor_uri=member.actor_uri, member=member)


def render(source: str, found: dict[str, Called], forum: Forum) -> str:
    """Safe HTML in which the names lead to whom they name. Those who are not known outside stay a plain word there."""
    names = _shown(found) if forum.travels else {handle: (one.name, one.url) for handle, one in found.items()}
    return markdown.render(source, names=names)


def _shown(found: dict[str, Called]) -> dict[str, tuple[str, str]]:
    return {handle: (one.name, one.url) for handle, one in found.items() if one.voice is None or one.voice.is_shown}


def preview(source: str) -> str:
    """As `render` in an open forum, of names that are in use already: nothing is written."""
    return markdown.render(source, names=_shown(called(source, make=False)))


def uris(found: Iterable[Called]) -> list[str]:
    return list(dict.fromkeys(one.actor_uri for one in found if one.actor_uri))


def of_ours(found: Iterable[Called]) -> list[User]:
    """The people of this hub who are called, themselves or through the collectivité they act for."""
    listed = list(found)
    people = [one.voice.user for one in listed if one.voice is not None and one.voice.user is not None]
    return people + voices.acting_for(one.member for one in listed if one.member is not None)


def by_uri(actor_uris: Iterable[str]) -> list[Called]:
    """Whom a text from elsewhere calls, among those we know."""
    wanted = list(actor_uris)[:MAX_MENTIONS]
    people = [_person(voice) for voice in Voice.objects.filter(actor_uri__in=wanted).select_related("user")]
    return people + [_body(member) for member in Member.objects.filter(actor_uri__in=wanted)]
