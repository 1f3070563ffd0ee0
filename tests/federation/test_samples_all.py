"""Every document that other software sends, through the real door: taken as it should be, or ignored politely.

What each becomes in detail is told in test_samples.py; nothing here is a fault of ours, and nothing waits for ever.
"""

from urllib.parse import urlsplit

import pytest

from federation import processing
from federation.models import Incoming
from federation.wire.names import ACTOR_TYPES
from tests.federation.knocking import Speaker, knock, state
from tests.federation.talking import SAMPLES, sample
from tests.federation.test_samples import Sent

pytestmark = pytest.mark.django_db

#: What is shown, removed or reported here of each; of others nothing, and they are ignored.
EFFECTS = {
    "discourse-note-without-to": "received",
    "gotosocial-note-single-tag": "received",
    "lemmy-comment": "received",
    "lemmy-flag": "reported",
    "lemmy-page": "received",
    "lotide-page": "received",
    "mastodon-create-note-to-forum": "received",
    "mastodon-flag": "reported",
    "mastodon-quote-note": "received",
    "mbin-flag": "reported",
    "mitra-create-with-proof": "received",
    "nodebb-article": "received",
    "pleroma-note": "received",
    "smithereen-note": "received",
    "wordpress-article": "received",
}
#: Asks for a document of a server that does not exist in these tests: it waits for it.
WAITS = ("mastodon-move",)
#: Told to everybody when an actor goes, also to those who never knew it: answered 202 and forgotten.
NO_NEWS = ("mastodon-delete-actor",)


def _host(document):
    speaker = document.get("actor") or document.get("attributedTo") or document["id"]
    while isinstance(speaker, list | dict):
        speaker = speaker[0] if isinstance(speaker, list) else speaker["id"]
    return speaker


NAMES = [
    path.stem
    for path in sorted((SAMPLES / "inbound").glob("*.json"))
    if sample(path.stem).get("type") not in ACTOR_TYPES
]


@pytest.mark.parametrize("name", NAMES)
def test_what_other_software_sends(client, hub, server, talk, name):
    speaker = urlsplit(_host(sample(name)))
    document = Sent(server, speaker.netloc)(name)
    who = Speaker(server, speaker.path or "/", type="Group" if document["type"] == "Announce" else "Person").show()
    if speaker.query:
        who = Speaker(server, f"{speaker.path}?{speaker.query}", type=who.type).show()
    if "actor" not in document or "object" not in document:
        document = who.says("Create", document)
    talk.told.clear()
    before = state()
    assert knock(client, who, document).status_code == 202
    if name in NO_NEWS:
        assert state() == before
        return
    processing.turn_inbox()
    row = Incoming.objects.get(uri=document["id"])
    assert row.state in (("waiting",) if name in WAITS else ("done", "ignored")), row.error
    assert [what[0] for what in talk.told] == ([EFFECTS[name]] if name in EFFECTS else [])
    assert (row.state == "done") or row.error
