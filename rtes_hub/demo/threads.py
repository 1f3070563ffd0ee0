"""Discussions of the demonstration, in the forums of the hub of whoever asks. Personas of the other hub answer from
their own hub, once the two are partners; each message keeps its date."""

from collections.abc import Iterator

from forums import actions
from forums.models import Forum, Post, Thread
from rtes_hub.accounts.models import User
from rtes_hub.demo.source import Item, moment, more, said

Voices = dict[str, User]  #: who speaks here, by the id of their persona


def load(slug: str, voices: Voices) -> int:
    """The forums of this hub, and the discussions of its people that are not there yet; how many."""
    for user in voices.values():
        actions.consent(user)
    items = {item["id"]: item for item in said()["threads"]}
    begun = 0
    for words in more()["forums"][slug]:
        forum = Forum.objects.filter(local=True, title=words["title"]).first() or actions.open_forum(
            title=words["title"], description=words["description"], theme=words["theme"], by=None
        )
        begun += sum(_begin(forum, items[id], voices) for id in words["threads"])
    return begun


def _begin(forum: Forum, item: Item, voices: Voices) -> bool:
    if Thread.objects.filter(forum=forum, title=item["title"]).exists():
        return False
    first = item["posts"][0]
    thread = actions.start_thread(
        forum,
        by=voices[first["persona"]],
        title=item["title"],
        source=first["body"],
        is_question="?" in item["title"] + first["body"],
        at=moment(first["created"]),
    )
    _speak(thread, item, voices)
    _settle(thread, item, voices)
    return True


def _speak(thread: Thread, item: Item, voices: Voices) -> None:
    """What our people have to say in it and have not said."""
    for post in item["posts"][1:]:
        user = voices.get(post["persona"])
        if user and not thread.posts.filter(voice__user=user, source=post["body"]).exists():
            actions.reply(thread, by=user, source=post["body"], at=moment(post["created"]))


def _settle(thread: Thread, item: Item, voices: Voices) -> bool:
    """Whoever asked takes the answer, once it is there; whether nothing is left to take."""
    if item["accepted_post"] is None or thread.answer_uri:
        return True
    answer = thread.posts.filter(written_at=moment(item["posts"][item["accepted_post"]]["created"])).first()
    if answer is None:
        return False
    actions.validate(thread, answer, by=voices[item["posts"][0]["persona"]])
    return True


def go_on(slug: str, voices: Voices) -> Iterator[str]:
    """Our people answer in the other hub's forums, and take its people's answers. What is still awaited."""
    here = {id for words in more()["forums"][slug] for id in words["threads"]}
    for item in said()["threads"]:
        thread = Thread.objects.filter(title=item["title"], local=item["id"] in here).first()
        if thread is None:
            yield f"{item['id']} to arrive"
            continue
        _speak(thread, item, voices)
        if thread.posts.filter(voice__user__isnull=False, passage=Post.Passage.PENDING).exists():
            yield f"{item['id']}: our answer to be shown"
        if thread.posts.count() < len(item["posts"]):
            yield f"{item['id']}: an answer to arrive"
        if thread.local and not _settle(thread, item, voices):
            yield f"{item['id']}: the answer to be taken"
