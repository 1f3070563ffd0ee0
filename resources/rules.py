"""Who may do what with a resource. Questions only."""

from django.contrib.auth.models import AnonymousUser

from resources.models import Resource, ResourceQuerySet, State
from rtes_hub.accounts.models import User
from rtes_hub.territories import rules as territory_rules
from rtes_hub.territories.models import Member, Role

#: act → state → the least role, in the collectivité the resource belongs to, that may do it. Coordinators may do all
#: of it for every collectivité of this hub, and of what is out for one that left. What is not here may not be done.
ACTS: dict[str, dict[str, Role]] = {
    "edit": {State.DRAFT: Role.CONTRIBUTOR, State.SUBMITTED: Role.EDITOR, State.PUBLISHED: Role.CONTRIBUTOR},
    "submit": {State.DRAFT: Role.CONTRIBUTOR, State.PUBLISHED: Role.CONTRIBUTOR},
    "take_back": {State.SUBMITTED: Role.CONTRIBUTOR, State.PUBLISHED: Role.CONTRIBUTOR},
    "send_back": {State.SUBMITTED: Role.EDITOR, State.PUBLISHED: Role.EDITOR},
    "publish": {State.DRAFT: Role.EDITOR, State.SUBMITTED: Role.EDITOR, State.PUBLISHED: Role.EDITOR},
    "archive": {State.PUBLISHED: Role.EDITOR},
    "restore": {State.ARCHIVED: Role.EDITOR},
    "withdraw": {State.PUBLISHED: Role.EDITOR, State.ARCHIVED: Role.EDITOR},
    "discard": {State.DRAFT: Role.CONTRIBUTOR, State.PUBLISHED: Role.CONTRIBUTOR},
}


def visible_to(user: User | AnonymousUser) -> ResourceQuerySet:
    return Resource.objects.visible_to(user)


def may_create(user: User | AnonymousUser, member: Member) -> bool:
    return territory_rules.may_act_for(user, member, Role.CONTRIBUTOR)


def may(user: User | AnonymousUser, act: str, resource: Resource) -> bool:
    """Whether this person may do this act on this resource, in the state it is in."""
    least = ACTS[act].get(resource.state)
    return least is not None and _may_as(user, resource, least)


def ever_may(user: User | AnonymousUser, act: str, resource: Resource) -> bool:
    """Whether they might, were it in another state: "not now" is then a better answer than "not you"."""
    return any(_may_as(user, resource, least) for least in set(ACTS[act].values()))


def _may_as(user: User | AnonymousUser, resource: Resource, least: Role) -> bool:
    """What is out must be put right, or taken back, by somebody, be its collectivité here no longer."""
    ask = territory_rules.may_tend_for if resource.is_out else territory_rules.may_act_for
    return ask(user, resource.member, least)


def may_edit(user: User | AnonymousUser, resource: Resource) -> bool:
    return may(user, "edit", resource)


def may_submit(user: User | AnonymousUser, resource: Resource) -> bool:
    return may(user, "submit", resource)


def may_send_back(user: User | AnonymousUser, resource: Resource) -> bool:
    return may(user, "send_back", resource)


def may_publish(user: User | AnonymousUser, resource: Resource) -> bool:
    return may(user, "publish", resource)


def may_archive(user: User | AnonymousUser, resource: Resource) -> bool:
    return may(user, "archive", resource)


def may_withdraw(user: User | AnonymousUser, resource: Resource) -> bool:
    return may(user, "withdraw", resource)


def allowed(user: User | AnonymousUser, resource: Resource) -> frozenset[str]:
    """Every act this person may do now: what the page offers. One look at their posts for all of it."""
    held = {least: _may_as(user, resource, least) for least in (Role.CONTRIBUTOR, Role.EDITOR)}
    return frozenset(act for act, states in ACTS.items() if resource.state in states and held[states[resource.state]])
