"""Finding whom to call by name, from the first letters."""

from django.db.models import Q
from django.utils.text import slugify

from forums import voices
from forums.models import Voice
from rtes_hub.accounts.models import User
from rtes_hub.territories.models import Mandate, Member, StaffRole

LIMIT = 8  #: suggestions
LEAST = 2  #: letters, before anything is suggested


def suggested(query: str) -> list[dict[str, str]]:
    """[{"handle", "name", "detail"}], people first. `query` is a beginning of a name or of a handle."""
    asked = slugify(query.replace("@", "-"))
    if len(asked) < LEAST:
        return []
    _give_handles(query)
    handle = asked.replace("-", ".")
    people = Voice.objects.filter(Q(handle__startswith=handle) | Q(handle__contains=f".{handle}"))
    people = people.exclude(user__is_active=False).select_related("member").order_by("handle")[:LIMIT]
    bodies = Member.objects.current().filter(Q(slug__startswith=asked) | Q(slug__contains=f"-{asked}"))
    found = [{"handle": one.handle, "name": one.name, "detail": detail(one)} for one in people]
    found += [
        {"handle": one.slug, "name": one.name, "detail": one.hub_name} for one in bodies.order_by("name", "pk")[:LIMIT]
    ]
    return found[:LIMIT]


def detail(voice: Voice) -> str:
    return ", ".join(filter(None, (voice.detail, voice.member.name if voice.member else "", voice.hub_name)))


def _give_handles(query: str) -> None:
    """People of this hub who never spoke here have no handle yet: they get theirs when somebody looks for them."""
    posts = Mandate.objects.current().values("user"), StaffRole.objects.current().values("user")
    is_member = Q(pk__in=posts[0]) | Q(pk__in=posts[1]) | ~Q(hub_role="")
    words = query.split()
    unknown = User.objects.filter(is_member, is_active=True, voice=None).exclude(full_name="")
    for word in words:
        unknown = unknown.filter(full_name__icontains=word)
    for user in unknown.order_by("full_name", "pk")[:LIMIT]:
        voices.of(user)
