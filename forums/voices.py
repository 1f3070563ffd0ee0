"""Who speaks: our people as they are presented to others, and those of other hubs."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.text import slugify
from django.utils.translation import gettext as _

from federation.publication import Author
from forums.models import Voice
from rtes_hub.accounts.models import User
from rtes_hub.territories.models import Mandate, Member, StaffRole
from rtes_hub.text import clean

MAX_HANDLE = 60  #: characters of a name in a handle of ours


def post_of(user: User) -> Mandate | StaffRole | None:
    """In which capacity they speak: their first mandate that runs, else their first post."""
    for held in (Mandate, StaffRole):
        if found := held.objects.current().filter(user=user).select_related("member__territory").order_by("pk").first():
            return found
    return None


def of(user: User) -> Voice:
    """Their voice, with name, function and collectivité as they are today. Made the first time."""
    said = presented(user)
    voice, is_new = Voice.objects.get_or_create(user=user, defaults=said | {"handle": free_handle(said["name"])})
    changed = [field for field, value in said.items() if getattr(voice, field) != value]
    if changed and not is_new:
        for field in changed:
            setattr(voice, field, said[field])
        voice.save(update_fields=changed)
    return voice


def unheard(words: Iterable[str]) -> QuerySet[User]:
    """Members of this hub who never spoke here, whose name holds these words."""
    posts = Mandate.objects.current().values("user"), StaffRole.objects.current().values("user")
    is_member = Q(pk__in=posts[0]) | Q(pk__in=posts[1]) | ~Q(hub_role="")
    found = User.objects.filter(is_member, is_active=True, voice=None).exclude(full_name="")
    for word in words:
        found = found.filter(full_name__icontains=word)
    return found.order_by("full_name", "pk")


def presented(user: User) -> dict[str, Any]:
    """name, detail and member: what others are shown of them. Never their address."""
    post = post_of(user)
    detail = clean.line(post.label, 300) if post else ""
    if not detail and user.is_coordinator:
        detail = _("coordination of the hub")
    name = clean.line(user.full_name, 200) or detail or _("A member of this hub")
    return {"name": name, "detail": detail, "member": post.member if post else None}


def free_handle(name: str) -> str:
    """ "camille.martin", "camille.martin.2" for her namesake. Always with a dot, which no collectivité's has."""
    base = slugify(name).replace("-", ".")[:MAX_HANDLE].strip(".") or "membre"
    base = base if "." in base else f"{base}.1"
    taken = set(Voice.objects.filter(handle__startswith=base).values_list("handle", flat=True))
    if base not in taken:
        return base
    return next(handle for n in range(2, len(taken) + 3) if (handle := f"{base}.{n}") not in taken)


def of_author(author: Author) -> Voice:
    """The person of another hub, as that hub now describes them. Writes only what changed."""
    voice = Voice.objects.filter(actor_uri=author.uri).first()
    if voice is not None and voice.local:
        return voice
    said = {
        "name": clean.line(author.name, 200) or author.uri[:200],
        "detail": clean.plain(author.summary, 300),
        "hub": author.hub,
        "hub_name": clean.line(author.hub_name, 200),
        "page_url": author.url if author.url.startswith(("https://", "http://")) else "",
        "member": Member.objects.filter(actor_uri=author.uri).first(),
    }
    if voice is None:
        return Voice.objects.create(actor_uri=author.uri, handle=_foreign_handle(author), **said)
    changed = [field for field, value in said.items() if getattr(voice, field) != value]
    for field in changed:
        setattr(voice, field, said[field])
    if changed:
        voice.save(update_fields=changed)
    return voice


def _foreign_handle(author: Author) -> str:
    """As its hub says it; told apart when somebody else already goes by it."""
    handle = clean.line(author.handle, 150)
    if "@" in handle and not Voice.objects.filter(handle=handle).exists():
        return handle
    mark = hashlib.sha256(author.uri.encode()).hexdigest()[:8]
    name, _at, host = (handle or slugify(author.name) or "membre").partition("@")
    return f"{name}-{mark}@{host or author.hub.partition('://')[2]}"[:200]


def acting_for(members: Iterable[Member]) -> list[User]:
    """Everybody who acts today for one of these collectivités of this hub."""
    of_ours = [member.pk for member in members if member.local]
    if not of_ours:
        return []
    posts = [*Mandate.objects.current().filter(member__in=of_ours).values_list("user", flat=True)]
    posts += StaffRole.objects.current().filter(member__in=of_ours).values_list("user", flat=True)
    return list(User.objects.filter(pk__in=posts, is_active=True))
