"""Finding whom to call by name, from the first letters."""

from django.db.models import Q
from django.utils.text import slugify

from forums import voices
from forums.models import Voice
from rtes_hub.territories.models import Member

LIMIT = 8  #: suggestions
LEAST = 2  #: letters, before anything is suggested


def suggested(query: str) -> list[dict[str, str]]:
    """[{"handle", "name", "detail"}], people first. `query` is a beginning of a name or of a handle."""
    asked = slugify(query.replace("@", "-"))
    if len(asked) < LEAST:
        return []
    handle = asked.replace("-", ".")
    people = Voice.objects.filter(Q(handle__startswith=handle) | Q(handle__contains=f".{handle}"))
    people = people.exclude(user__is_active=False).select_related("member").order_by("handle")[:LIMIT]
    bodies = Member.objects.current().filter(Q(slug__startswith=asked) | Q(slug__contains=f"-{asked}"))
    found = [{"handle": one.handle, "name": one.name, "detail": detail(one)} for one in people]
    found += _unheard(query)
    found += [
        {"handle": one.slug, "name": one.name, "detail": one.hub_name} for one in bodies.order_by("name", "pk")[:LIMIT]
    ]
    return found[:LIMIT]


def detail(voice: Voice) -> str:
    return ", ".join(filter(None, (voice.detail, voice.member.name if voice.member else "", voice.hub_name)))


def _unheard(query: str) -> list[dict[str, str]]:
    """Members who never spoke here have no handle yet: the one that they get when somebody calls them by it."""
    found = [(user, voices.presented(user)) for user in voices.unheard(query.split())[:LIMIT]]
    return [
        {
            "handle": voices.free_handle(user.full_name),
            "name": said["name"],
            "detail": ", ".join(filter(None, (said["detail"], said["member"].name if said["member"] else ""))),
        }
        for user, said in found
    ]
