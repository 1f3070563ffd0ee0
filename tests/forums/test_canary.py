"""What is for members, and what is not published yet, leaks nowhere: every address is asked, by everybody.

A word that stands in a closed forum, in drafts and in reports is looked for in all that the hub says to others. The
same crawl by those who may read it finds it, or it would prove nothing.
"""

from dataclasses import dataclass
from datetime import timedelta
from secrets import token_hex

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from federation.models import Activity, Actor, StoredObject
from federation.wire.names import ACTIVITY_JSON
from forums import actions
from forums.models import Forum, Post, Thread, Voice
from resources import actions as resource_actions
from resources.models import Resource
from rtes_hub.accounts.models import User
from rtes_hub.moderation import actions as moderation
from rtes_hub.moderation.models import Report
from rtes_hub.notices import actions as notices
from rtes_hub.notices import digests, letters
from rtes_hub.notices.models import Notice
from rtes_hub.rest import limits
from rtes_hub.search import index
from rtes_hub.territories import actions as territories
from rtes_hub.territories.models import Member, StaffRole
from tests.federation.peers import a_follower, a_peer
from tests.forums.crawling import Address, addresses, answers
from tests.make import a_coordinator, a_forum, a_member, a_post, a_practice, a_reader, a_thread, a_user, an_editor
from tests.resources.programs import API, signed

pytestmark = pytest.mark.django_db


@dataclass(frozen=True, kw_only=True)
class Hub:
    word: str  #: found only where nobody else may look
    member: User
    former: User  #: was a member when it was said, and is none now
    stranger: User  #: has an account and no post


@pytest.fixture
def secretive(hub):
    """A hub in whose closed forum, drafts, sheets for members and reports a word stands; with a follower elsewhere."""
    word = "zq" + token_hex(8)
    a_peer()
    a_follower(Actor.objects.get(type="Application", local=True))
    own, member = a_member(), a_reader()
    former = a_reader(a_member("com-21231"))
    public = a_practice(member=own, title="Publique")
    forum = a_forum("Entre nous", description=word, access="closed")
    for person in (former, member):
        notices.watch(person, f"forum:{forum.uri}", word)
    thread = a_thread(forum, by=former, title=word, source=word, is_question=True, about=public.uri)
    answer = a_post(thread, by=member, source=f"{word} @{former.voice.handle}")
    a_post(thread, by=former, source=word, parent=answer)
    actions.edit(answer, by=member, source=f"{word} {word}")
    moderation.report(f"post:{answer.uri}", track="charter", reason="Insulte.", by=former)
    editor = an_editor(own)
    a_practice("draft", member=own, title=word)
    a_practice(member=own, title=word, visibility="members")
    resource_actions.save_draft(public, {"title": word, "summary": word}, by=editor)
    territories.dismiss(StaffRole.objects.get(user=former), by=None)
    return Hub(word=word, member=member, former=former, stranger=a_user())


@pytest.fixture(autouse=True)
def _as_often_as_wished(monkeypatch):
    monkeypatch.setattr(limits, "REQUESTS", 10**6)


@pytest.fixture
def everywhere(secretive):
    """Every address, filled with all there is to find."""
    things = (Forum, Thread, Post, Resource, Report, Notice, Voice)
    uris = [uri for model in (Forum, Thread, Post, Resource) for uri in model.objects.values_list("uri", flat=True)]
    said = [*uris, *Activity.objects.values_list("uri", flat=True)]
    values = {
        "pk": sorted({pk for model in things for pk in model.objects.values_list("pk", flat=True)}),
        "slug": [*Forum.objects.values_list("slug", flat=True), *Member.objects.values_list("slug", flat=True)],
        "handle": list(Voice.objects.values_list("handle", flat=True)),
        "opaque": [uri.rsplit("/", 1)[1] for uri in said],
        "who": [uri.partition("/ap/")[2] for uri in Actor.objects.filter(local=True).values_list("uri", flat=True)],
        "name": ["context", "replies", "outbox", "followers", "featured", "moderators"],
    }
    asked = addresses(values)
    for uri in uris:
        asked += [
            Address(path=f"/{path}{uri}", name="about") for path in ("signaler/?sur=post:", "signaler/?sur=resource:")
        ]
        asked.append(Address(path=f"/discussions/a-propos/?uri={uri}", name="about"))
        asked.append(Address(path=f"{API}threads/?about={uri}", name="api"))
        asked += [
            Address(path=f"/ap/objects/{uri.rsplit('/', 1)[1]}/{what}", name="ap") for what in ("context", "replies")
        ]
    for thread in Thread.objects.all():
        asked.append(Address(path=f"{API}posts/?thread={thread.pk}", name="api"))
        asked.append(Address(path=f"{API}threads/?forum={thread.forum_id}", name="api"))
    for pk in Resource.objects.values_list("pk", flat=True):
        asked.append(Address(path=f"{API}resources/{pk}/", name="api"))
    asked += [Address(path=f"{API}resources/?state={state}", name="api") for state in ("draft", "submitted")]
    return [address for address in asked if secretive.word not in address.path]


def told(client, word, asked, **extra):
    """Names of the patterns where the word is read."""
    return {address.name for address, said in answers(client, asked, **extra) if word.encode() in said}


# Whoever reads it finds it: the crawl is worth something -----------------------------------------------------------


def test_the_crawl_reaches_what_members_and_coordinators_read(client, secretive, everywhere):
    client.force_login(secretive.member)
    assert {"forum", "forums", "thread", "post-history", "voice", "notices", "resource"} <= told(
        client, secretive.word, everywhere
    )
    token = signed(secretive.member)
    assert {"api", "api-forum-list", "api-thread-list", "api-post-detail"} <= told(
        client, secretive.word, [one for one in everywhere if one.path.startswith(API)], **token
    )
    client.force_login(a_coordinator())
    assert {"moderation", "moderation-report"} <= told(client, secretive.word, everywhere)


# Nobody else does ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["a passer-by", "stranger", "former"])
def test_no_page_tells(client, secretive, everywhere, who):
    if who != "a passer-by":
        client.force_login(getattr(secretive, who))
    assert told(client, secretive.word, everywhere) == set()


@pytest.mark.parametrize("who", ["a passer-by", "stranger", "former"])
def test_no_answer_of_the_api_tells(client, secretive, everywhere, who):
    extra = {} if who == "a passer-by" else signed(getattr(secretive, who))
    asked = [address for address in everywhere if address.path.startswith(API)]
    assert told(client, secretive.word, asked, **extra) == set()


def test_nothing_that_other_hubs_may_ask_for_tells(client, secretive, everywhere):
    headers = {"Accept": ACTIVITY_JSON, "Host": "127.0.0.1:8000"}
    assert told(client, secretive.word, everywhere, headers=headers) == set()


def test_no_search_tells_by_what_it_finds(client, secretive):
    assert index.find(secretive.word) == []
    for person in (None, secretive.stranger, secretive.former):
        client.logout()
        if person:
            client.force_login(person)
        assert not client.get("/discussions/", {"q": secretive.word}).context["threads"]
        assert not client.get("/ressources/", {"q": secretive.word}).context["resources"]
        extra = signed(person) if person else {}
        for path in ("threads", "resources"):
            assert client.get(f"{API}{path}/?q={secretive.word}", **extra).json()["results"] == []


def test_nothing_was_said_to_partners(secretive):
    assert Activity.objects.exists(), "the public sheet travels, and shows that something does"
    for model, column in ((Activity, "body"), (StoredObject, "document"), (Actor, "name"), (Actor, "summary")):
        for said in model.objects.values_list(column, flat=True):
            assert secretive.word not in (said if isinstance(said, str) else bytes(said).decode())


def test_no_letter_tells_whoever_is_a_member_no_more(secretive):
    with time_machine.travel(timezone.now() + timedelta(days=8), tick=False):
        digests.leave()
        letters.turn()
    by_address = {address: letter for letter in mail.outbox for address in letter.to}
    assert secretive.word in str(by_address[secretive.member.email].message())
    assert not any(
        secretive.word in str(letter.message()) for letter in mail.outbox if secretive.former.email in letter.to
    )


@pytest.mark.parametrize("who", ["a passer-by", "stranger", "former"])
def test_no_refusal_tells_what_it_refuses(client, secretive, everywhere, who):
    """Answering, deleting, reporting… what one may not read."""
    if who != "a passer-by":
        client.force_login(getattr(secretive, who))
    posts, threads = Post.objects.count(), Thread.objects.count()
    acts = (
        "repondre",
        "modifier",
        "supprimer",
        "valider",
        "nouveau",
        "signaler",
        "verrouiller",
        "fermer",
        "moderation",
    )
    for address in everywhere:
        if any(act in address.path for act in acts):
            answer = client.post(
                address.path, {"source": "x", "title": "x", "reason": "x", "track": "illegal", "act": "x"}
            )
            assert secretive.word.encode() not in answer.content
    assert (Post.objects.count(), Thread.objects.count()) == (posts, threads)
    assert not Post.objects.exclude(removed_at=None).exists()
