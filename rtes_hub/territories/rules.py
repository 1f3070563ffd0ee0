"""Who may act for which collectivité. Questions only: nothing is written here."""

from collections.abc import Collection

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from rtes_hub.accounts.models import User
from rtes_hub.territories.models import Mandate, Member, Role, StaffRole

#: From least to most: each role includes those before it.
LADDER = (Role.READER, Role.CONTRIBUTOR, Role.EDITOR)


def roles_from(least: Role) -> tuple[Role, ...]:
    return LADDER[LADDER.index(least) :]


def role(user: User | AnonymousUser, member: Member) -> Role | None:
    """The highest that their current posts give. None for a passer-by, and once every post has ended."""
    if not isinstance(user, User) or not user.is_active:
        return None
    mandates = Mandate.objects.current().filter(user=user, member=member).values_list("role", flat=True)
    staff = StaffRole.objects.current().filter(user=user, member=member).values_list("role", flat=True)
    held = [Role(value) for value in mandates.union(staff)]
    return max(held, key=LADDER.index, default=None)


def may_act_for(user: User | AnonymousUser, member: Member, at_least: Role) -> bool:
    """Coordinators may act for every collectivité of this hub; nobody acts for another hub's."""
    if not isinstance(user, User) or not member.local or member.left_at:
        return False
    if user.is_coordinator:
        return True
    held = role(user, member)
    return held is not None and held in roles_from(at_least)


def may_tend_for(user: User | AnonymousUser, member: Member, at_least: Role) -> bool:
    """`may_act_for`, of what it published already: when it left, that is in the care of the coordinators."""
    if member.local and member.left_at:
        return isinstance(user, User) and user.is_coordinator
    return may_act_for(user, member, at_least)


def members_of(user: User | AnonymousUser, at_least: Role = Role.READER) -> QuerySet[Member]:
    """The collectivités of this hub for which `may_act_for(user, member, at_least)`, in one query."""
    if not isinstance(user, User) or not user.is_active:
        return Member.objects.none()
    here = Member.objects.local().current()
    if user.is_coordinator:
        return here
    ladder = roles_from(at_least)
    mandates = Mandate.objects.current().filter(user=user, role__in=ladder).values("member")
    staff = StaffRole.objects.current().filter(user=user, role__in=ladder).values("member")
    return here.filter(Q(pk__in=mandates) | Q(pk__in=staff))


def editors_of(member: Member) -> QuerySet[User]:
    """Who acts for it today, and is told what is asked of it."""
    posts = {"member": member, "role": Role.EDITOR}
    held = Q(pk__in=Mandate.objects.current().filter(**posts).values("user"))
    return User.objects.filter(held | Q(pk__in=StaffRole.objects.current().filter(**posts).values("user")))


def is_member(user: User | AnonymousUser) -> bool:
    """May read what is kept for members: holds a post today, or a role in the whole hub."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return user.is_coordinator or members_of(user).exists()


def members_among(users: Collection[User]) -> set[int]:
    """Keys of those of whom `is_member` is true, in two queries."""
    here = {"user__in": users, "member__local": True}
    held = {
        pk
        for posts in (Mandate, StaffRole)
        for pk in posts.objects.current().filter(**here).values_list("user", flat=True)
    }
    return held | {user.pk for user in users if user.is_active and user.is_coordinator}


def may_manage_members(user: User | AnonymousUser) -> bool:
    """May let collectivités in and out, and appoint who acts for them."""
    return isinstance(user, User) and user.is_coordinator
