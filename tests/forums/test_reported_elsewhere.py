"""Reports between two hubs: theirs of ours, in every dialect; ours of theirs; and what was decided."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from federation import actors, flags
from federation.models import Activity, Actor, Delivery, Peer, StoredObject
from forums.models import Post
from rtes_hub.moderation import actions
from rtes_hub.moderation.models import Report
from rtes_hub.notices.models import Notice
from tests.federation.knocking import a_speaker, hear, knock
from tests.federation.peers import a_peer, a_server
from tests.forums.wire import an_answer_by, says
from tests.make import a_coordinator, a_forum, a_reader, a_thread

pytestmark = pytest.mark.django_db

ORG = "http://127.0.0.1:8000/ap/orgs/terre-et-mer"


def owed(type_):
    return [json.loads(bytes(one.body)) for one in Activity.objects.filter(type=type_)]


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({"content": "Hors charte"}, id="as Mastodon"),
        pytest.param({"summary": "Hors charte"}, id="as Lemmy"),
        pytest.param({"summary": "Hors charte", "content": "Hors charte"}, id="as Mbin"),
    ],
)
def test_a_report_from_a_partner_waits_for_a_coordinator_and_is_answered(client, hub, jeanne, facts):
    coordinator, thread = a_coordinator(), a_thread()
    first = thread.posts.get()
    flag = jeanne.says("Flag", [ORG, first.uri], **facts)
    assert hear(client, jeanne, flag).state == "done"
    report = Report.objects.get()
    assert (report.about, report.reason, report.by, report.is_open) == (f"post:{first.uri}", "Hors charte", None, True)
    assert report.who
    assert Notice.objects.filter(user=coordinator, topic="moderation").count() == 1
    assert Post.objects.get(pk=first.pk).removed_at is None
    actions.decide(report, uphold=True, reason="Insulte.", by=coordinator)
    (said,) = owed("Accept")
    assert (said["object"], said["summary"], said["to"]) == (flag["id"], "Insulte.", [jeanne.uri])
    assert said["actor"] == actors.url(actors.MODERATION)
    assert coordinator.email not in json.dumps(said)
    assert Post.objects.get(pk=first.pk).removed_at is not None


def test_a_report_that_is_dismissed_is_answered_by_a_reject(client, hub, jeanne):
    thread = a_thread()
    flag = jeanne.says("Flag", thread.uri, content="Hors charte")
    hear(client, jeanne, flag)
    actions.decide(Report.objects.get(), uphold=False, reason="Dans la charte.", by=a_coordinator())
    (said,) = owed("Reject")
    assert (said["object"], said["summary"]) == (flag["id"], "Dans la charte.")
    assert owed("Accept") == []


def test_the_same_report_twice_is_one(client, hub, jeanne):
    flag = jeanne.says("Flag", a_thread().uri, content="Hors charte")
    hear(client, jeanne, flag)
    assert knock(client, jeanne, flag, now=timezone.now() + timedelta(seconds=1)).status_code == 202
    hear(client, jeanne, flag | {"id": flag["id"] + "x", "object": jeanne.uri})
    assert Report.objects.count() == 1


def test_a_report_of_nothing_here_or_of_a_closed_forum_leaves_nothing(client, hub, jeanne):

    closed = a_thread(a_forum(access="closed"))
    for uri in ("http://127.0.0.1:8000/ap/objects/none", closed.uri, jeanne.new_uri(), ORG):
        assert hear(client, jeanne, jeanne.says("Flag", uri, content="Hors charte")).state in ("ignored", "done")
    assert not Report.objects.exists()
    assert not Notice.objects.exists()


def test_a_stranger_reports_nothing(client, hub, jeanne):
    thread = a_thread()
    Peer.objects.update(level=Peer.Level.UNKNOWN)
    assert knock(client, jeanne, jeanne.says("Flag", thread.uri, content="Hors charte")).status_code == 403
    assert not Report.objects.exists()


def test_what_comes_from_a_partner_is_reported_to_it_without_a_name(client, hub, jeanne):
    reader, thread = a_reader(), a_thread()
    answer = an_answer_by(jeanne, thread.uri, thread.forum.uri)
    says(client, jeanne, answer)
    client.force_login(reader)
    about = f"post:{answer.uri}"
    assert "pass_on" in client.get("/signaler/", {"sur": about}).content.decode()
    body = {"about": about, "track": "charter", "reason": "Hors sujet.", "pass_on": "on"}
    assert client.post("/signaler/", body).status_code == 302
    (flag,) = owed("Flag")
    assert (flag["object"], flag["content"], flag["to"]) == ([jeanne.uri, answer.uri], "Hors sujet.", [jeanne.uri])
    assert (flag["actor"], Delivery.objects.filter(activity__type="Flag").count()) == (actors.url(actors.INSTANCE), 1)
    for secret in (reader.email, reader.full_name):
        assert secret not in json.dumps(flag)
    return_of = jeanne.says("Accept", flag["id"], to=[flag["actor"]], summary="Retiré : hors sujet.")
    assert hear(client, jeanne, return_of).state == "done"
    report = Report.objects.get()
    assert (report.state, report.answer, report.answer_reason) == ("open", "upheld", "Retiré : hors sujet.")
    notice = Notice.objects.get(user=reader, key=f"answered:{report.pk}")
    assert notice.text == "Retiré : hors sujet."


def test_what_is_not_passed_on_is_told_to_nobody_elsewhere(client, hub, jeanne):
    thread = a_thread()
    answer = an_answer_by(jeanne, thread.uri, thread.forum.uri)
    says(client, jeanne, answer)
    for about, pass_on in ((f"post:{answer.uri}", False), (f"post:{thread.uri}", True)):
        actions.report(about, track="charter", reason="Hors sujet.", by=a_reader(), pass_on=pass_on)
    assert owed("Flag") == []
    assert set(Report.objects.values_list("sent_as", flat=True)) == {""}


def test_nobody_but_its_server_answers_a_report(client, hub, jeanne, server, settings):
    thread = a_thread()
    answer = an_answer_by(jeanne, thread.uri, thread.forum.uri)
    says(client, jeanne, answer)
    actions.report(f"post:{answer.uri}", track="charter", reason="Hors sujet.", by=a_reader(), pass_on=True)
    (flag,) = owed("Flag")

    with a_server(settings) as other:
        a_peer(other.origin)
        stranger = a_speaker(other)
        assert hear(client, stranger, stranger.says("Accept", flag["id"], summary="Retiré")).state == "ignored"
    assert Report.objects.get().answer == ""


def test_a_thread_of_a_community_elsewhere_is_reported_as_lemmy_reads_it(client, hub, jeanne):
    """Said by the moderation, to the community, about one thing."""

    thread = a_thread()
    answer = an_answer_by(jeanne, thread.uri, thread.forum.uri)
    says(client, jeanne, answer)
    author = Actor.objects.get(uri=jeanne.uri)
    place = Actor.objects.create(
        uri=jeanne.uri + "/c", type="Group", handle="c", peer=author.peer, inbox=f"{jeanne.uri}/c/inbox", local=False
    )
    StoredObject.objects.filter(uri=answer.uri).update(place=place.uri)
    sent = flags.report(answer.uri, reason="Hors charte")
    (flag,) = owed("Flag")
    assert flag["id"] == sent
    assert (flag["object"], flag["to"], flag["audience"]) == (answer.uri, [place.uri], place.uri)
    assert (flag["actor"], flag["summary"]) == (actors.url(actors.MODERATION), "Hors charte")
