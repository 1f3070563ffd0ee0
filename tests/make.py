"""Things to test with: `a_territory()`, `a_member()`, `a_practice(state="submitted")`…

Each makes what it needs; every default is plausible; keyword arguments say what the test is about.
"""

from datetime import timedelta
from itertools import count
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from federation.models import Actor, Peer
from federation.publication import Author
from forums import actions as forum_actions
from forums import neighbours as forum_neighbours
from forums.models import Forum, Post, Thread
from resources import actions as resource_actions
from resources.charters import actions as charter_actions
from resources.charters.models import Pledge
from resources.models import Resource
from resources.pooling import actions as pooling_actions
from resources.pooling.models import Participation
from rtes_hub.accounts.models import User
from rtes_hub.territories import actions as territory_actions
from rtes_hub.territories.models import Member, Role, Territory
from rtes_hub.territories.search import fold
from tests.sheets import SHEETS

_numbers = count(1)

# Territories and people ------------------------------------------------------------------------------------------

#: Rows of the official table as it is, for tests that speak of real places.
KNOWN_TERRITORIES = {
    "reg-27": {"subtype": "region", "siren": "200053726", "name": "Bourgogne-Franche-Comté", "population": 2802670},
    "dep-21": {"subtype": "departement", "siren": "222100018", "name": "Côte-d'Or", "region": "27"},
    "epci-242100410": {
        "subtype": "METRO",
        "siren": "242100410",
        "name": "Dijon Métropole",
        "region": "27",
        "department": "21",
        "population": 261178,
    },
    "com-21231": {
        "subtype": "commune",
        "siren": "212102313",
        "name": "Dijon",
        "region": "27",
        "department": "21",
        "epci": "242100410",
        "population": 161830,
        "postal_codes": "21000",
    },
}
_KINDS = {"reg": "region", "dep": "departement", "com": "commune", "om": "collectivite-om"}


def a_territory(id: str = "epci-242100410", **facts: Any) -> Territory:
    """The row of that id, made once; facts given replace what the row says."""
    prefix, _, code = id.partition("-")
    kind = _KINDS.get(prefix, prefix)
    row = {"kind": kind, "subtype": kind, "code": code, "name": f"Territoire {code}", "population": 12000}
    row |= KNOWN_TERRITORIES.get(id, {}) | facts
    return Territory.objects.update_or_create(pk=id, defaults=row | {"folded": fold(row["name"])})[0]


def a_member(territory: Territory | str = "epci-242100410", **facts: Any) -> Member:
    """A collectivité of this hub, with its actor. Twice the same territory: the same member."""
    if isinstance(territory, str):
        territory = Territory.objects.filter(pk=territory).first() or a_territory(territory)
    member = territory_actions.join(territory)
    for name, value in facts.items():
        setattr(member, name, value)
    if facts:
        member.save(update_fields=facts.keys())
    return member


def an_author(hub: str = "https://partner.example", **facts: Any) -> Author:
    """A collectivité as another hub describes it."""
    said: dict[str, Any] = {
        "uri": f"{hub}/ap/actors/{next(_numbers)}",
        "name": "Région Exemple",
        "handle": f"region-exemple@{hub.partition('://')[2]}",
        "url": f"{hub}/collectivites/region-exemple/",
        "hub": hub,
        "hub_name": "Réseau partenaire",
    }
    return Author(**said | facts)


def a_remote_member(**facts: Any) -> Member:
    """A collectivité that a partner hub speaks for. Facts: those of `an_author()`."""
    return territory_actions.remote_member(an_author(**facts))


def a_user(email: str = "", *, password: str | None = "mot-de-passe-des-tests", **fields: Any) -> User:
    """A person without any post."""
    return User.objects.create_user(email or f"personne{next(_numbers)}@example.org", password, **fields)


def _holder(role: Role, member: Member | None, post: dict[str, Any]) -> User:
    user = post.pop("user", None) or a_user(full_name=post.pop("full_name", "Camille Martin"))
    said = {"function": "Chargée de mission ESS"} | post
    territory_actions.appoint(user, member or a_member(), role=role, **said)
    return user


def a_reader(member: Member | None = None, **post: Any) -> User:
    return _holder(Role.READER, member, post)


def a_contributor(member: Member | None = None, **post: Any) -> User:
    return _holder(Role.CONTRIBUTOR, member, post)


def an_editor(member: Member | None = None, **post: Any) -> User:
    """An agent, unless `elected=True`; `user=`, `function=`, `ends_on=`… say more of the post."""
    return _holder(Role.EDITOR, member, post)


def a_coordinator(**fields: Any) -> User:
    return a_user(hub_role=User.HubRole.COORDINATOR, **fields)


def an_administrator(**fields: Any) -> User:
    return a_user(hub_role=User.HubRole.ADMINISTRATOR, **fields)


def a_visitor() -> AnonymousUser:
    return AnonymousUser()


# Resources -------------------------------------------------------------------------------------------------------

#: What is done, by the operator, to bring a new sheet to each state.
_ACTS_TO = {
    "draft": (),
    "submitted": ("submit",),
    "published": ("publish",),
    "archived": ("publish", "archive"),
    "withdrawn": ("publish", "withdraw"),
}


def a_sheet(kind: str, state: str = "published", *, member: Member | None = None, **facts: Any) -> Resource:
    """A sheet that says all its kind can say (tests/sheets.py); facts given replace some, None leaves one out."""
    owner = member or a_member()
    said = SHEETS[kind] | {"territory": owner.territory_id} | facts
    data = {code: value for code, value in said.items() if value is not None}
    resource = resource_actions.start(kind, member=owner, by=None, data=data)
    for act in _ACTS_TO[state]:
        getattr(resource_actions, act)(resource, by=None)
    return resource


def a_practice(state: str = "published", **facts: Any) -> Resource:
    return a_sheet("good-practice", state, **facts)


def a_note(state: str = "published", **facts: Any) -> Resource:
    return a_sheet("policy-note", state, **facts)


# Pooled actions --------------------------------------------------------------------------------------------------

#: What brings an action, or a participant, to each state: acts and their data.
_STATUSES = ("call", "setting_up", "deliberating", "active", "paused")
_STEPS_TO: dict[str, tuple[tuple[str, dict[str, Any]], ...]] = {
    "interested": (),
    "planned": (("plan", {"on": "2099-01-31"}),),
    "deliberated": (("deliberate", {"on": "2026-01-31", "title": "2026-12"}),),
    "signed": (("deliberate", {"on": "2026-01-31", "title": "2026-12"}), ("sign", {"on": "2026-02-28"})),
    "left": (("leave", {}),),
    "refused": (("decline", {}),),
}


def a_pooled_action(
    status: str = "idea", *, instrument: str = "to_draft", member: Member | None = None, **facts: Any
) -> Resource:
    """A published action led from here, that far. `launched_on` launches its procurement."""
    launched_on = facts.pop("launched_on", None)
    action = a_sheet("pooled-action", member=member, **facts)
    way = {"finished": (*_STATUSES[:4], "finished"), "abandoned": ("abandoned",), "idea": ()}
    for step in way.get(status, _STATUSES[: _STATUSES.index(status) + 1] if status in _STATUSES else ()):
        pooling_actions.advance(action, step, by=None)
    shared = {"instrument_status": instrument, "launched_on": launched_on}
    if changed := {code: value for code, value in shared.items() if value not in (None, "to_draft")}:
        resource_actions.restate(action, changed)
    return action


def a_participation(
    action: Resource | None = None,
    state: str = "interested",
    *,
    member: Member | None = None,
    role: str = "member",
    admitted: bool = True,
    **columns: Any,
) -> Participation:
    """A local authority in an action, that far; admitted by the lead unless said. Columns given replace what is said.

    Without `member`, a new commune of 12,000 inhabitants.
    """
    action = action or a_pooled_action()
    member = member or a_member(f"com-{90000 + next(_numbers)}")
    pooling_actions.join(action, member=member, by=None, role=role)
    if admitted:
        pooling_actions.admit(action, member=member, by=None)
    if state == "signed" and action.facts.get("instrument_status") not in ("signing", "in_force"):
        resource_actions.restate(action, {"instrument_status": "signing"})
    for act, data in _STEPS_TO[state]:
        pooling_actions.perform(act, action, member=member, by=None, data=data)
    seat = action.participations.get(actor_uri=member.actor_uri)
    for name, value in columns.items():
        setattr(seat, name, value)
    if columns:
        seat.save(update_fields=columns.keys())
    return seat


# Charters --------------------------------------------------------------------------------------------------------


def a_charter(state: str = "published", **facts: Any) -> Resource:
    """Eight measures in three themes, within 24 months, for communes and metropolises."""
    return a_sheet("charter", state, **facts)


def a_pledge(
    charter: Resource | None = None,
    *,
    member: Member | None = None,
    progress: dict[str, Any] | None = None,
    **said: Any,
) -> Pledge:
    """A local authority takes measures A1, A2 and B1; a new commune without `member`. Words given replace some.

    `progress` by measure: a per cent, under way, or all that an update says.
    """
    charter, today = charter or a_charter(), timezone.localdate()
    member = member or a_member(f"com-{90000 + next(_numbers)}")
    words = {"signatory": "La maire", "signed_on": today, "mandate_starts_on": today - timedelta(days=30)}
    charter_actions.pledge(charter, member=member, by=None, **words | {"measures": ["A1", "A2", "B1"]} | said)
    due = {"next_update_due": today + timedelta(days=180)}
    changes = {
        measure: due | (told if isinstance(told, dict) else {"status": "running", "progress": told})
        for measure, told in (progress or {}).items()
    }
    if changes:
        charter_actions.update(charter, changes, member=member, by=None)
    return charter.pledges.get(actor_uri=member.actor_uri)


# Forums ----------------------------------------------------------------------------------------------------------


def a_forum(title: str = "", **facts: Any) -> Forum:
    """An open one, opened by the operator; `access="closed"` for members only."""
    said = {"title": title or f"Achats responsables {next(_numbers)}", "theme": "commande-publique"} | facts
    return forum_actions.open_forum(by=None, **said)


def a_remote_forum(hub: str = "https://partner.example", **facts: Any) -> Forum:
    """A forum of another hub, as its actor tells of it. Facts: those of `an_author()`."""
    said = {"type": "Group", "name": "Alimentation durable", "facts": {"theme": "alimentation"}} | facts
    place = an_author(hub, **said)
    peer = Peer.objects.get_or_create(origin=hub, defaults={"level": Peer.Level.PARTNER})[0]
    boxes = {"inbox": f"{place.uri}/inbox", "followers": f"{place.uri}/followers"}
    Actor.objects.create(uri=place.uri, peer=peer, type="Group", handle=place.handle, name=place.name, **boxes)
    forum = forum_neighbours.place_found(place)
    assert forum is not None
    return forum


def a_speaker(member: Member | None = None, **post: Any) -> User:
    """A member of the hub who agreed to be shown in open forums."""
    user = a_reader(member, **post)
    forum_actions.consent(user)
    return user


def a_thread(forum: Forum | None = None, *, by: User | None = None, **said: Any) -> Thread:
    words = {"title": "Quelle clause pour un marché de restauration ?", "source": "Nous préparons un marché."}
    return forum_actions.start_thread(forum or a_forum(), by=by or a_speaker(), **(words | said))


def a_question(forum: Forum | None = None, *, by: User | None = None, **said: Any) -> Thread:
    return a_thread(forum, by=by, is_question=True, **said)


def a_post(thread: Thread | None = None, *, by: User | None = None, **said: Any) -> Post:
    """An answer in a thread."""
    words = {"source": "Chez nous, le lot 2 est réservé."} | said
    return forum_actions.reply(thread or a_thread(), by=by or a_speaker(), **words)
