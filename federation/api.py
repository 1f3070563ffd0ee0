"""The one door. Other apps see federation only as this module, and only from their `actions.py` and `federated.py`.

Every function that speaks to the network only writes rows, in the caller's transaction.
"""

from federation.adopting import adopted, turned_down
from federation.flags import answer as answer_report
from federation.flags import report
from federation.gestures import ask_again, gesture, new_gesture_uri
from federation.groups import feature, lock
from federation.identity import author, change_actor, close_actor, hub_author, new_uri, open_actor
from federation.invitations import invite
from federation.ledger import fate, partners, reach, reached, withdrawal
from federation.places import place_closed, place_open
from federation.publishing import publish, withdraw

__all__ = [
    "adopted",
    "answer_report",
    "ask_again",
    "author",
    "change_actor",
    "close_actor",
    "fate",
    "feature",
    "gesture",
    "hub_author",
    "invite",
    "lock",
    "new_gesture_uri",
    "new_uri",
    "open_actor",
    "partners",
    "place_closed",
    "place_open",
    "publish",
    "reach",
    "reached",
    "report",
    "turned_down",
    "withdraw",
    "withdrawal",
]
