"""Fills a hub for measuring (`bench.hub` runs it there), and says where to look, as JSON.

Rows are written by the thousand, past the actions: what is measured is reading.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connection
from django.utils.text import slugify

from bench.corpus import PLACES, Corpus
from forums import actions as forum_actions
from forums.models import Forum, Post, Thread, Voice
from resources import actions as resource_actions
from resources.models import Resource, ThemeOf
from rtes_hub.accounts.actions import invite
from rtes_hub.demo.sheets import practice
from rtes_hub.demo.source import more, said
from rtes_hub.prepare import prepare
from rtes_hub.territories.actions import appoint, join
from rtes_hub.territories.models import Member, Role, Territory
from rtes_hub.territories.search import fold
from rtes_hub.text import clean, markdown
from rtes_hub.themes import THEMES

BATCH = 1_000
BEGIN = datetime(2020, 1, 6, 9, tzinfo=UTC)
VOICES = 120
TEXTS = 400  #: different bodies of messages and sheets: rendering thousands of them is not what is measured
_STATES = (Thread.State.TALK,) * 6 + (Thread.State.OPEN,) + (Thread.State.ANSWERED,) * 3


def members() -> list[Member]:
    for pk, kind, code, name, population in PLACES:
        row = {"kind": kind, "code": code, "name": name, "population": population, "folded": fold(name)}
        Territory.objects.get_or_create(pk=pk, defaults=row)
    return [join(territory) for territory in Territory.objects.order_by("pk")]


def voices(listed: list[Member]) -> list[Voice]:
    """People of this hub and of a partner, with what is shown of each."""
    rows = [
        Voice(
            actor_uri=f"https://voices.example/{i}",
            name=f"Personne {i}",
            detail="Chargée de mission économie sociale et solidaire",
            handle=f"personne.{i}",
            hub="" if i % 3 else "https://partner.example",
            hub_name="" if i % 3 else "Réseau partenaire",
            member=listed[i % len(listed)],
            consented_at=BEGIN,
        )
        for i in range(VOICES)
    ]
    return Voice.objects.bulk_create(rows)


class Texts:
    """Bodies of messages, rendered once."""

    def __init__(self, corpus: Corpus) -> None:
        sources = [corpus.text(i, words=corpus.length(i, median=70)) for i in range(TEXTS)]
        self.bodies = [(source, markdown.render(source)) for source in sources]

    def of(self, i: int) -> dict[str, Any]:
        source, html = self.bodies[i % TEXTS]
        return {"source": source, "html": html, "cleaned_by": clean.VERSION}


def many_threads(count: int, people: list[Voice], corpus: Corpus, texts: Texts) -> Forum:
    """A forum of so many discussions, each with its first message."""
    forum = forum_actions.open_forum(title="Achats publics", theme="commande-publique", by=None)
    rows = [_thread(i, forum, people[i % VOICES], corpus) for i in range(count)]
    made = Thread.objects.bulk_create(rows, batch_size=BATCH)
    Post.objects.bulk_create((_post(one, texts.of(i), is_first=True) for i, one in enumerate(made)), batch_size=BATCH)
    _stand_for_themselves()
    Forum.objects.filter(pk=forum.pk).update(thread_count=count, last_post_at=rows[-1].last_post_at)
    return forum


def _thread(i: int, forum: Forum, voice: Voice, corpus: Corpus) -> Thread:
    title, at = corpus.title(i), BEGIN + timedelta(hours=i)
    return Thread(
        uri=f"https://bench.example/ap/objects/thread-{i}",
        forum=forum,
        voice=voice,
        title=title,
        slug=slugify(title)[:80],
        state=_STATES[i % len(_STATES)],
        started_at=at,
        last_post_at=at,
        news_at=at,
        post_count=1,
    )


def _post(thread: Thread, text: dict[str, Any], **facts: Any) -> Post:
    said = {"uri": thread.uri, "voice_id": thread.voice_id, "written_at": thread.started_at} | facts
    said = {"branch_at": said["written_at"], "came_at": said["written_at"]} | said
    return Post(thread=thread, **text, **said)


def _stand_for_themselves() -> None:
    """Those that are under none stand at their own key, which is known once they are written."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE forums_post SET branch = id WHERE branch = 0")


def long_thread(count: int, people: list[Voice], corpus: Corpus, texts: Texts) -> Thread:
    """A discussion of so many messages, two in five of them under another."""
    forum = forum_actions.open_forum(title="Une longue discussion", theme="innovation-sociale", by=None)
    thread = _thread(1_000_000, forum, people[0], corpus)
    thread.post_count = count
    thread.save()
    _post(thread, texts.of(0), is_first=True).save()
    _stand_for_themselves()
    first = thread.posts.get()
    top = [i for i in range(1, count) if i % 5 < 3]
    Post.objects.bulk_create(_answer(thread, i, first, people, texts) for i in top)
    _stand_for_themselves()
    stood = {int(post.uri.rpartition("-")[2]): post for post in thread.posts.exclude(pk=first.pk)}
    under = (_answer(thread, i, stood[i - i % 5 + 1], people, texts) for i in range(1, count) if i % 5 >= 3)
    Post.objects.bulk_create(under)
    return thread


def _answer(thread: Thread, i: int, parent: Post, people: list[Voice], texts: Texts) -> Post:
    facts: dict[str, Any] = {"uri": f"{thread.uri}-{i}", "voice_id": people[i % VOICES].pk, "parent": parent}
    facts["written_at"] = thread.started_at + timedelta(minutes=i)
    if not parent.is_first:
        facts |= {"branch": parent.branch, "branch_at": parent.branch_at}
    return _post(thread, texts.of(i), **facts)


def catalogue(count: int, listed: list[Member], corpus: Corpus) -> Resource:
    """A catalogue: each practice of the demonstration published by the action, then copied under other words."""
    models = list(_published(listed))
    rows = [_copy(i, models[i % len(models)], listed[i % len(listed)], corpus) for i in range(count)]
    made = Resource.objects.bulk_create(rows, batch_size=BATCH)
    themes = list(THEMES)
    marks = [ThemeOf(resource=one, theme=themes[(i * k) % len(themes)]) for i, one in enumerate(made) for k in (3, 7)]
    ThemeOf.objects.bulk_create(marks, batch_size=BATCH, ignore_conflicts=True)
    return models[0]


def _published(listed: list[Member]) -> Iterator[Resource]:
    extra = more()["facts"]
    for item in said()["good_practices"]:
        data = practice(item, extra[item["id"]]) | {"territory": listed[0].territory_id}
        yield resource_actions.bring_in("good-practice", member=listed[0], by=None, data=data)


def _copy(i: int, model: Resource, member: Member, corpus: Corpus) -> Resource:
    columns = {
        field.attname: getattr(model, field.attname)
        for field in Resource._meta.concrete_fields
        if not field.primary_key
    }
    title, at = corpus.title(i), BEGIN + timedelta(hours=i)
    columns |= {"uri": f"https://bench.example/ap/objects/sheet-{i}", "title": title, "slug": slugify(title)[:80]}
    columns |= {"member_id": member.pk, "territory_id": member.territory_id, "published_at": at, "updated_at": at}
    columns |= {"facts": model.facts | {"context": corpus.text(i % TEXTS, words=80)}}
    return Resource(**columns)


def cookie_of_a_member(member: Member) -> str:
    """As the browser of somebody who is signed in would send it."""
    user = invite("membre@bench.example", full_name="Camille Martin")
    appoint(user, member, role=Role.EDITOR, function="Chargée de mission ESS")
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def fill(*, threads: int, posts: int, sheets: int) -> None:
    call_command("migrate", interactive=False, verbosity=0)
    listed, corpus = members(), Corpus()
    prepare(lambda _line: None)  # its table of territories is not empty any more: the official one is left out
    people, texts = voices(listed), Texts(corpus)
    forum, thread = many_threads(threads, people, corpus, texts), long_thread(posts, people, corpus, texts)
    sheet = catalogue(sheets, listed, corpus)
    cookie = cookie_of_a_member(listed[0])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    paths = {"forum": forum.get_absolute_url(), "thread": thread.get_absolute_url(), "sheet": sheet.get_absolute_url()}
    print(json.dumps(paths | {"cookie": cookie}))
