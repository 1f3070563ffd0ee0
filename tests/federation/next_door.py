"""A partner hub with forums, served for real."""

from federation.models import Follow
from federation.wire import canonical, write
from federation.wire.names import ACTIVITY_JSON
from tests.federation.knocking import Speaker, hear
from tests.federation.peers import a_peer
from tests.federation.talking import show

HUB = "/ap/actor"


class NextDoor:
    """A partner hub with a list of forums, served for real."""

    def __init__(self, server):
        self.server = server
        self.peer = a_peer(server.origin, actor_uri=f"{server.origin}{HUB}")
        self.hub = Speaker(server, HUB, type="Application")
        self.hub.show(**{"rtes:forums": f"{server.origin}/ap/forums"})
        self.lists()

    def lists(self, *forums):
        url = f"{self.server.origin}/ap/forums"
        show(self.server, write.collection(url, total=len(forums), items=[forum.uri for forum in forums]))

    def opens(self, path="/ap/groups/1"):
        forum = Speaker(self.server, path, type="Group").show(**{"rtes:theme": "https://w3id.org/rtes/theme/achats"})
        show(self.server, write.collection(f"{forum.uri}/moderators", total=1, items=[f"{self.server.origin}/mod"]))
        return forum

    def holds(self, forum, *pages):
        """Its outbox, in pages of Announces."""
        outbox = f"{forum.uri}/outbox"
        show(self.server, write.collection(outbox, total=0, first=f"{outbox}?page=1"))
        for number, items in enumerate(pages, 1):
            following = f"{outbox}?page={number + 1}" if number < len(pages) else ""
            page = write.page(f"{outbox}?page={number}", part_of=outbox, items=items, next=following)
            self.server.pages[f"{forum.path}/outbox?page={number}"] = (ACTIVITY_JSON, canonical.dumps(page))


def says_yes(client, forum):
    follow = Follow.objects.get(followed__uri=forum.uri)
    return hear(client, forum, forum.says("Accept", follow.uri))


def announces(forum, author, *things):
    return [forum.says("Announce", write.create(author.new_uri("activities"), thing)) for thing in things]
