"""The only writer of members and of the posts people hold in them."""

import hashlib
from datetime import date
from functools import partial

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import linebreaks
from django.utils.text import slugify
from django.utils.translation import gettext as _

from federation import api as federation
from federation.errors import Refused
from federation.publication import Author
from rtes_hub.accounts.models import User
from rtes_hub.audit.actions import record
from rtes_hub.territories import letters, rules, search
from rtes_hub.territories.models import Mandate, Member, Role, StaffRole, Territory
from rtes_hub.text import clean

#: A slug's own share of its 80 characters; the rest tells namesakes apart.
SLUG_LENGTH = 60


@transaction.atomic
def join(territory: Territory, *, by: User | None = None, website: str = "", summary: str = "") -> Member:
    """The collectivité of that territory becomes a member, with an actor of its own. Again: it is simply found.

    One that had left comes back under the same address. Raises: PermissionDenied.
    """
    if by is not None and not rules.may_manage_members(by):
        raise PermissionDenied
    member = Member.objects.filter(territory=territory, local=True).first()
    if member and member.left_at is None:
        return member
    if member:
        member.left_at = None
        member.save(update_fields=["left_at"])
    else:
        slug = _free_slug(territory)
        uri = federation.open_actor(
            type="Organization",
            handle=slug,
            name=territory.name,
            summary=linebreaks(summary, autoescape=True),
            url=settings.RTES.base_url + reverse("member", args=[slug]),
            facts={"territory": territory.pk},
        )
        member = Member.objects.create(
            territory=territory, actor_uri=uri, name=territory.name, slug=slug, website=website, summary=summary
        )
    record("territories.join", member.actor_uri, by=by, territory=territory.pk)
    return member


def _free_slug(territory: Territory) -> str:
    """ "saint-denis", "saint-denis-93" for its first namesake, then its INSEE code or SIREN."""
    base = slugify(territory.name)[:SLUG_LENGTH].strip("-") or territory.pk
    choices = [base, f"{base}-{territory.department or territory.kind}".lower(), f"{base}-{territory.code}".lower()]
    taken = set(Member.objects.filter(slug__in=choices).values_list("slug", flat=True))
    return next((slug for slug in choices if slug not in taken), territory.pk.lower())


@transaction.atomic
def describe(member: Member, *, by: User, summary: str, website: str) -> Member:
    """Raises: PermissionDenied."""
    if not rules.may_act_for(by, member, Role.EDITOR):
        raise PermissionDenied
    member.summary, member.website = summary, website
    member.save(update_fields=["summary", "website"])
    federation.change_actor(member.actor_uri, summary=linebreaks(summary, autoescape=True))
    record("territories.describe", member.actor_uri, by=by)
    return member


@transaction.atomic
def leave(member: Member, *, by: User | None) -> None:
    """It publishes no more and nobody acts for it; what it published stays, under its name.

    Raises: PermissionDenied.
    """
    if not member.local or (by is not None and not rules.may_manage_members(by)):
        raise PermissionDenied
    now = timezone.now()
    member.left_at = now
    member.save(update_fields=["left_at"])
    Mandate.objects.filter(member=member, dismissed_at=None).update(dismissed_at=now)
    StaffRole.objects.filter(member=member, dismissed_at=None).update(dismissed_at=now)
    record("territories.leave", member.actor_uri, by=by)


@transaction.atomic
def appoint(
    user: User,
    member: Member,
    *,
    role: Role | str,
    function: str,
    by: User | None = None,
    delegation: str = "",
    service: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
    elected: bool = False,
) -> Mandate | StaffRole:
    """That person acts for that collectivité from now on, or between the dates. The same post twice is one.

    A person appointed by another (`by`) is told by mail.
    Raises: PermissionDenied; ValidationError by field.
    """
    if by is not None and not rules.may_manage_members(by):
        raise PermissionDenied
    common = {"user": user, "member": member, "starts_on": starts_on, "ends_on": ends_on}
    said = {"role": role, "function": function.strip()}
    about = {"delegation": delegation} if elected else {"service": service}
    post = (Mandate if elected else StaffRole)(**common, **said, **about)
    _check(post)
    same = {name: getattr(post, name) for name in (*common, *said, *about)}
    if found := type(post).objects.filter(dismissed_at=None, **same).first():
        return found
    post.save()
    record("territories.appoint", member.actor_uri, by=by, post=post.label, user=user.pk, role=post.role)
    if by is not None and by != user:
        transaction.on_commit(partial(letters.appointed, post), robust=True)
    return post


def _check(post: Mandate | StaffRole) -> None:
    errors: dict[str, str] = {}
    if post.role not in Role.values:
        errors["role"] = _("The role may be: %(list)s.") % {"list": ", ".join(Role.values)}
    if not post.function:
        errors["function"] = _("Say in which function this person acts.")
    if post.starts_on and post.ends_on and post.ends_on < post.starts_on:
        errors["ends_on"] = _("The last day comes before the first.")
    if not post.member.local or post.member.left_at:
        errors["member"] = _("This collectivité is not a member of this hub.")
    if not post.user.is_active:
        errors["email"] = _("This account is deactivated.")
    if errors:
        raise ValidationError(errors)


@transaction.atomic
def dismiss(post: Mandate | StaffRole, *, by: User | None) -> None:
    """That post gives nothing from this moment. Raises: PermissionDenied."""
    if by is not None and not rules.may_manage_members(by):
        raise PermissionDenied
    if post.dismissed_at is not None:
        return
    post.dismissed_at = timezone.now()
    post.save(update_fields=["dismissed_at"])
    record("territories.dismiss", post.member.actor_uri, by=by, post=post.label, user=post.user_id)


def holder(territory: Territory | None, *, hub: str, before: Member | None = None) -> Member | None:
    """Who else is this territory's collectivité, for this hub: one of ours, or one of another partner than `hub`.

    `before`: only those known before that one. Why, and who is believed: docs/decisions/0013-who-holds-a-territory.md.
    """
    if territory is None:
        return None
    partners = {partner.hub for partner in federation.partners()} - {hub}
    held = Member.objects.current().filter(Q(local=True) | Q(hub__in=partners), territory=territory)
    if before is not None:
        held = held.exclude(pk=before.pk).filter(Q(local=True) | Q(pk__lt=before.pk))
    return held.order_by("-local", "pk").first()


def check_holds(member: Member) -> None:
    """Before one of another hub commits its territory to anything led here. Raises: Refused, a reason for people."""
    other = None if member.local else holder(member.territory, hub=member.hub, before=member)
    if other is None:
        return
    said = {"name": other.name, "hub": other.hub_name or other.hub}
    if other.local:
        raise Refused(
            _("This territory is already that of %(name)s, a member of this hub: write to its coordinators.") % said
        )
    raise Refused(_("This territory is already that of %(name)s, on %(hub)s: write to our coordinators.") % said)


@transaction.atomic(savepoint=False)
def remote_member(author: Author) -> Member:
    """The member that another hub speaks for, as that hub now describes it. Writes only what changed.

    It does not move to a territory that another holds already.
    """
    territory = search.by_id(author.facts.get("territory"))
    said = {
        "territory": territory,
        "hub": author.hub,
        "hub_name": clean.line(author.hub_name, 200),
        "name": clean.line(author.name, 200) or author.uri[:200],
        "summary": clean.plain(author.summary, 2000),
        "page_url": author.url if author.url.startswith(("https://", "http://")) else "",
    }
    member = Member.objects.filter(actor_uri=author.uri).first()
    if member is None:
        return Member.objects.create(actor_uri=author.uri, local=False, slug=_remote_slug(author), **said)
    if member.local:
        return member
    if territory != member.territory and holder(territory, hub=author.hub):
        said["territory"] = member.territory
    changed = [name for name, value in said.items() if getattr(member, name) != value]
    for name in changed:
        setattr(member, name, said[name])
    if changed:
        member.save(update_fields=changed)
    return member


def hub_renamed(hub: str, name: str) -> None:
    """Every member that this hub speaks for is shown under its new name."""
    Member.objects.filter(local=False, hub=hub).update(hub_name=clean.line(name, 200))


def _remote_slug(author: Author) -> str:
    """Never one that a local namesake could want."""
    mark = hashlib.sha256(author.uri.encode()).hexdigest()[:8]
    return f"{slugify(author.name)[:SLUG_LENGTH]}-{mark}".lstrip("-")
