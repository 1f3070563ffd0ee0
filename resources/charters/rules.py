"""Who may do what with a charter. Questions only.

A pledge is its collectivité's alone: nobody else changes it, whoever hosts the charter.
"""

from django.contrib.auth.models import AnonymousUser

from resources.catalogue import TYPES
from resources.charters.text import KIND
from resources.models import Resource, State, Visibility
from rtes_hub.accounts.models import User
from rtes_hub.territories import rules as territory_rules
from rtes_hub.territories.models import Member, Role, Territory

#: act → state of the charter → the least role, in the collectivité that pledges, that may do it. An archived charter
#: takes no new pledge; those that stand are followed to their end. What is not written here may not be done.
ACTS: dict[str, dict[str, Role]] = {
    "pledge": {State.PUBLISHED: Role.EDITOR},
    "update": {State.PUBLISHED: Role.EDITOR, State.ARCHIVED: Role.EDITOR},
    "withdraw": {State.PUBLISHED: Role.EDITOR, State.ARCHIVED: Role.EDITOR},
}


def may(user: User | AnonymousUser | None, act: str, charter: Resource, member: Member) -> bool:
    """Whether this person may do it for that collectivité, in the state the charter is in. None is the operator."""
    least = ACTS[act].get(charter.state)
    return least is not None and _acts_for(user, charter, member, least)


def ever_may(user: User | AnonymousUser | None, act: str, charter: Resource, member: Member) -> bool:
    """Whether they might, were it in another state: "not now" is then a better answer than "not you"."""
    return any(_acts_for(user, charter, member, least) for least in ACTS[act].values())


def _acts_for(user: User | AnonymousUser | None, charter: Resource, member: Member, least: Role) -> bool:
    if charter.kind != KIND or not is_open_to(charter, member):
        return False
    return member.local if user is None else territory_rules.may_act_for(user, member, least)


def is_open_to(charter: Resource, member: Member) -> bool:
    """What a collectivité keeps for itself is nobody else's to sign."""
    return charter.member_id == member.pk or charter.visibility != Visibility.OWNER


def fits(charter: Resource, territory: Territory | None) -> bool:
    """Whether the charter is for that type of collectivité. Types that the official table does not tell are let in."""
    wanted, kind = charter.facts.get("org_types"), type_of(territory)
    return not wanted or not kind or kind in wanted


def type_of(territory: Territory | None) -> str:
    """A code of `lists.ORG_KINDS`; empty when the table does not say."""
    if territory is None:
        return ""
    return next(
        (
            code
            for code, (kind, subtypes) in TYPES.items()
            if territory.kind == kind and (not subtypes or territory.subtype in subtypes)
        ),
        "",
    )


def mine(user: User | AnonymousUser, charter: Resource, *, slug: str = "") -> list[Member]:
    """For whom this person may pledge, tell progress or withdraw; of that slug only, when it is given."""
    members = territory_rules.members_of(user, Role.EDITOR).select_related("territory")
    members = members.filter(slug=slug) if slug else members
    return [member for member in members if is_open_to(charter, member)]
