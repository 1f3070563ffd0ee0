"""Whom we tell of what becomes of a sheet, and who may see it."""

from collections.abc import Collection, Iterable
from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from resources.kinds import THEMES
from resources.models import Resource, Visibility
from rtes_hub.accounts.models import User
from rtes_hub.notices import actions as notices
from rtes_hub.notices.models import Topic
from rtes_hub.notices.registry import may_see, may_see_among
from rtes_hub.territories.models import Mandate, Role, StaffRole, Territory

#: What was first published longer ago is no news: a whole catalogue comes in on the day a hub becomes a partner.
NEWS = timedelta(days=14)

REVIEW = _("Sheets to review")


# Who may see ------------------------------------------------------------------------------------------------------


@may_see_among("resource")
def _readable(user: User, uris: Collection[str]) -> Iterable[str]:
    return Resource.objects.visible_to(user).filter(uri__in=uris).values_list("uri", flat=True)


@may_see("theme")
def _theme(_user: User, slug: str) -> bool:
    return slug in THEMES


# Whom we tell -----------------------------------------------------------------------------------------------------


def moved(resource: Resource, move: str, *, by: User | None, comment: str = "") -> None:
    """Between author and editors: whoever has to do something now."""
    _settled(resource)
    if move == "submit":
        _submitted(resource, by=by, comment=comment)
    elif move == "send_back":
        answered(resource, authors(resource), by=by, comment=comment)


def authors(resource: Resource) -> list[User]:
    """Who began it, and who last wrote in it."""
    return [one for one in (resource.created_by, resource.draft_saved_by) if one is not None]


def _submitted(resource: Resource, *, by: User | None, comment: str) -> None:
    """The editors of its collectivité; the coordinators where there is no other."""
    held = {"member": resource.member, "role": Role.EDITOR}
    mandates = Mandate.objects.current().filter(**held).values("user")
    staff = StaffRole.objects.current().filter(**held).values("user")
    editors = User.objects.filter(Q(pk__in=mandates) | Q(pk__in=staff))
    others = [editor for editor in editors if editor != by]
    notices.tell_all(
        others or User.objects.filter(is_active=True, hub_role=User.HubRole.COORDINATOR),
        Topic.REVIEW,
        key=_key("submitted", resource),
        about=_about(resource),
        group=REVIEW,
        title=format_lazy(_("To review: {title}"), title=resource.title),
        text=comment or resource.member.name,
        path=reverse("resource-review", args=[resource.pk]),
        by=by,
    )


def answered(resource: Resource, people: Iterable[User], *, by: User | None, comment: str = "") -> None:
    """Whoever wrote it: it is published, or sent back with a comment. Nobody needs to review it any more."""
    _settled(resource)
    if not comment:
        title, path = _("Published: {title}"), resource.get_absolute_url()
    else:
        title, path = _("Sent back to you: {title}"), reverse("resource-write", args=[resource.pk])
    notices.tell_all(
        people,
        Topic.REVIEW,
        key=_key("answered", resource),
        about=_about(resource),
        group=_("My sheets"),
        title=format_lazy(title, title=resource.title),
        text=comment,
        path=path,
        by=by,
    )


def _settled(resource: Resource) -> None:
    notices.settle(Topic.REVIEW, _about(resource))


def published(resource: Resource, *, is_new: bool, by: User | None = None, note: str = "") -> None:
    """Whoever follows what it is about, where, or who says it: once, however many ways lead to them.

    Of a new version of what was there, only those who follow the sheet itself.
    """
    at = resource.published_at if is_new else resource.updated_at
    if at is None or at < timezone.now() - NEWS:
        return
    watched = _followed(resource) if is_new else [_about(resource)]
    first, newer = f"published:{resource.uri}", format_lazy(_("New version: {title}"), title=resource.title)
    title = resource.title if is_new else newer
    if not is_new:  # no letter quotes what was taken out
        said = {"text": resource.summary}
        notices.restate(first, Topic.FOLLOWED, title=resource.title, **said)
        notices.restate_later(_about(resource), Topic.FOLLOWED, first=first, title=newer, **said)
    notices.tell_all(
        _readers(resource, notices.watchers(*watched)),
        Topic.FOLLOWED,
        key=first if is_new else f"published:{resource.version}:{resource.uri}",
        about=_about(resource),
        group=resource.member.name,
        title=title,
        text=note or resource.summary,
        path=resource.get_absolute_url(),
        by=by,
        watched=watched,
    )


def _readers(resource: Resource, people: Iterable[User]) -> Iterable[User]:
    if resource.visibility == Visibility.PUBLIC:
        return people
    return [one for one in people if Resource.objects.visible_to(one).filter(pk=resource.pk).exists()]


def moderated(resource: Resource, people: Iterable[User], *, reason: str, by: User | None) -> None:
    """Whoever wrote it: the coordinators removed it, and why (DSA art. 17)."""
    notices.tell_all(
        people,
        Topic.REVIEW,
        key=_key("moderated", resource),
        about=f"member:{resource.member.actor_uri}",
        group=_("My sheets"),
        title=format_lazy(_("Removed by the coordinators: {title}"), title=resource.title),
        text=reason,
        path=reverse("workspace"),
        by=by,
    )


def gone(resource: Resource) -> None:
    notices.forget(_about(resource))


def _followed(resource: Resource) -> list[str]:
    """Its themes, its collectivité, and its place with those around it: who follows a region follows what is in it."""
    places = {"territory:" + pk for place in (resource.territory, resource.member.territory) for pk in _around(place)}
    return [*(f"theme:{slug}" for slug in resource.themes), f"member:{resource.member.actor_uri}", *sorted(places)]


def _around(place: Territory | None) -> list[str]:
    if place is None:
        return []
    around = {"epci": place.epci, "dep": place.department, "reg": place.region}
    return [place.pk, *(f"{kind}-{code}" for kind, code in around.items() if code)]


def _about(resource: Resource) -> str:
    return f"resource:{resource.uri}"


def _key(act: str, resource: Resource) -> str:
    """Each time is another: a sheet may be submitted, sent back and submitted again."""
    return f"{act}:{resource.pk}:{timezone.now().isoformat()}"
