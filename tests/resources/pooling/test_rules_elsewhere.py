"""The table of steps again, for those who are on another hub: a participant of an action of ours, and a lead."""

import pytest

from federation.errors import Refused
from federation.publication import Gesture
from resources.kinds.pooled_words import SeatState
from resources.models import Resource
from resources.pooling import arrivals, rules, states
from rtes_hub.audit.models import Line
from rtes_hub.territories.actions import remote_member
from tests.make import a_member, a_pooled_action, a_remote_member, an_author
from tests.resources.pooling.test_rules import AFTER, DATA, ROLES, TOWN, in_state, undone, world

pytestmark = pytest.mark.django_db

#: What a participant of another hub may ask, by gestures.
FROM_ELSEWHERE = {"join", "describe", "plan", "deliberate", "decline", "leave", "needs", "contribute", "sign"}
#: Who acts for the town here.
TOWN_ACTS = {"editor of the town", "coordinator", "administrator"}


@pytest.mark.parametrize("state", ["", *SeatState.values])
def test_the_same_table_for_a_participant_of_another_hub(state):
    """It asks by gestures, for itself: what is the lead's to do it cannot even say."""
    author = an_author(name="Nevers")
    action = in_state(state, remote_member(author))
    before = world()
    for act in states.ACTS:
        verb = act if act in ("join", "leave") else "offer"
        facts = {"act": act, "sequence": 1, "after": 0, **DATA.get(act, {})}
        said = Gesture(uri=f"{author.hub}/ap/{act}", verb=verb, author=author.uri, target=action.uri, facts=facts)
        if act in FROM_ELSEWHERE and state in AFTER[act]:
            with undone():
                assert arrivals.answer(said, author)["state"] == AFTER[act][state], act
                assert Line.objects.latest("pk").by_uri == author.uri, act
        else:
            with pytest.raises(Refused):
                arrivals.answer(said, author)
            assert world() == before, act


def test_a_lead_of_another_hub_alone_leads_its_action():
    """Whoever acts here: for a member it is asked of that lead; for the lead itself, nobody here may."""
    action, town = a_pooled_action("setting_up"), a_member(TOWN)
    Resource.objects.filter(pk=action.pk).update(local=False, member=a_remote_member())
    action = Resource.objects.select_related("member").get(pk=action.pk)
    for role, make in ROLES.items():
        user = make()
        for act in states.ACTS:
            may = act in FROM_ELSEWHERE and role in TOWN_ACTS
            assert rules.may(user, act, action, town if act in states.MOVES else None) is may, (role, act)
