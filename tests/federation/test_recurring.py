from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks import default_task_backend
from django_tasks_db.models import DBTaskResult

from federation import actors, outbox, recurring, tasks
from federation.models import Activity, Delivery, Incoming, Peer, StoredGesture
from tests.federation.peers import a_peer

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def nudged(django_capture_on_commit_callbacks):
    """Names of the tasks that a function enqueues."""

    def run(function):
        default_task_backend.clear()
        with django_capture_on_commit_callbacks(execute=True):
            function()
        return [(result.task.name, *result.args) for result in default_task_backend.results]

    return run


def a_delivery(type="Create", **facts):
    author = actors.instance()
    document = {"id": outbox.activity_uri(), "type": type, "actor": author.uri}
    outbox.send(author, document, to_inboxes=["https://partner.example/ap/inbox"])
    made = Delivery.objects.last()
    Delivery.objects.filter(pk=made.pk).update(**facts)
    return Delivery.objects.get(pk=made.pk)


def an_incoming(**facts):
    peer = a_peer()
    made = {
        "uri": f"{peer.origin}/a/{Incoming.objects.count()}",
        "actor_uri": peer.origin,
        "type": "Like",
        "body": b"{}",
    }
    return Incoming.objects.create(peer=peer, **made | facts)


def test_nothing_due_is_one_query_each_and_no_nudge(nudged, django_assert_num_queries):
    with django_assert_num_queries(3):
        recurring.sweep()
    assert nudged(recurring.sweep) == []


def test_what_is_due_is_nudged_along(nudged):
    a_delivery()
    an_incoming()
    Peer.objects.update(backfill="running", backfill_next_try=timezone.now(), level="partner")
    assert nudged(recurring.sweep) == [("deliver",), ("process_inbox",), ("backfill", Peer.objects.get().pk)]


def test_what_is_not_due_is_left(nudged):
    later = timezone.now() + DAY
    a_delivery(next_try=later)
    an_incoming(next_try=later)
    Peer.objects.update(backfill="running", backfill_next_try=later, level="partner")
    assert nudged(recurring.sweep) == []


def test_an_act_nudges_once_it_is_committed(nudged):
    a_peer()
    assert nudged(a_delivery) == [("deliver",)]


def test_a_hub_that_does_not_federate_is_never_nudged(nudged, settings):
    settings.RTES = replace(settings.RTES, federation="off")
    assert nudged(tasks.nudge_delivery) == []


def test_a_broken_engine_harms_no_act(monkeypatch, django_capture_on_commit_callbacks, caplog):
    def broken(*_):
        raise ConnectionError("the broker is down")

    monkeypatch.setattr(tasks, "_already_waits", broken)
    a_peer()
    with django_capture_on_commit_callbacks(execute=True):
        a_delivery()
    assert Delivery.objects.filter(state="waiting").exists()
    assert "the broker is down" in caplog.text


def a_task(status, **facts):
    made = {"args_kwargs": {"args": [], "kwargs": {}}, "backend_name": "default", "run_after": timezone.now()}
    made |= {"status": status, "task_path": tasks.deliver.module_path}
    return DBTaskResult.objects.create(**made | facts)


def test_a_nudge_that_waits_already_is_enough(nudged):
    a_task("READY")
    assert nudged(tasks.nudge_delivery) == []
    assert nudged(tasks.nudge_inbox) == [("process_inbox",)]


@pytest.fixture
def on_celery(settings):
    settings.RTES = replace(settings.RTES, tasks="celery")


def test_a_broker_without_worker_is_given_one_nudge_of_each_sort(nudged, on_celery):
    a_delivery()
    an_incoming()
    Peer.objects.update(backfill="running", backfill_next_try=timezone.now(), level="partner")
    swept = [name for _ in range(12) for name in nudged(recurring.sweep)]
    assert swept == [("deliver",), ("process_inbox",), ("backfill", Peer.objects.get().pk)]


def test_a_task_that_began_leaves_room_for_the_next_nudge(nudged, on_celery, monkeypatch):
    for name in ("deliver", "backfill"):
        monkeypatch.setitem(tasks._WORK, name, lambda *_: None)
    assert nudged(tasks.nudge_delivery) == [("deliver",)]
    assert nudged(tasks.nudge_delivery) == []
    tasks.deliver.call()
    assert nudged(tasks.nudge_delivery) == [("deliver",)]
    assert nudged(lambda: tasks.nudge_backfill(1)) == [("backfill", 1)]
    tasks.backfill.call(2)
    assert nudged(lambda: tasks.nudge_backfill(1)) == []


def test_a_nudge_that_the_broker_lost_is_given_again_after_a_minute(nudged, on_celery, monkeypatch):
    monkeypatch.setattr(tasks, "MARKED", 0)
    assert [nudged(tasks.nudge_delivery) for _ in range(2)] == [[("deliver",)]] * 2


def test_a_nudge_that_runs_already_is_not_enough(nudged):
    a_task("RUNNING", started_at=timezone.now())
    assert nudged(tasks.nudge_delivery) == [("deliver",)]


def test_a_back_fill_is_nudged_for_each_partner(nudged):
    a_task("READY", task_path=tasks.backfill.module_path, args_kwargs={"args": [1], "kwargs": {}})
    assert nudged(lambda: tasks.nudge_backfill(1)) == []
    assert nudged(lambda: tasks.nudge_backfill(2)) == [("backfill", 2)]


def test_after_fourteen_days_a_delivery_is_given_up_but_a_withdrawal_never_is():
    old = timezone.now() - timedelta(days=14, minutes=1)
    create, delete = a_delivery("Create", created_at=old), a_delivery("Delete", created_at=old)
    young = a_delivery("Create", created_at=timezone.now() - timedelta(days=13))
    recurring.prune()
    states = dict(Delivery.objects.values_list("pk", "state"))
    assert states == {create.pk: "expired", delete.pk: "waiting", young.pk: "waiting"}


def test_what_was_received_is_forgotten_by_and_by():
    now = timezone.now()
    for days in (29, 31, 91):
        an_incoming(state="done", done_at=now - days * DAY)
    an_incoming(state="waiting", received_at=now - 91 * DAY)
    recurring.prune()
    assert [bytes(one.body) for one in Incoming.objects.order_by("pk")] == [b"{}", b"", b"{}"]


def test_who_received_what_is_kept_while_the_thing_stands():
    old = timezone.now() - 91 * DAY
    standing = a_delivery("Create", state="sent", done_at=old)
    withdrawn = a_delivery("Create", state="sent", done_at=old)
    Activity.objects.filter(pk=withdrawn.activity_id).update(body=b"")
    a_delivery("Delete", state="sent", done_at=old)
    recent = a_delivery("Accept", state="sent", done_at=timezone.now())
    recurring.prune()
    assert set(Delivery.objects.values_list("pk", flat=True)) == {standing.pk, recent.pk}


@pytest.mark.parametrize("state", ["sent", "parked", "expired"])
@pytest.mark.parametrize(
    "type", ["Create", "Update", "Announce", "Delete", "Follow", "Accept", "Undo", "Announce Delete"]
)
def test_what_is_over_and_done_with_is_forgotten_whatever_came_of_it(state, type):
    old = timezone.now() - 91 * DAY
    over = a_delivery(type, state=state, done_at=old)
    Activity.objects.filter(pk=over.activity_id).update(created_at=old, body=b"")
    young = a_delivery(type, state=state, done_at=timezone.now() - 89 * DAY)
    Activity.objects.filter(pk=young.activity_id).update(created_at=old, body=b"")
    waiting = a_delivery("Delete", created_at=old)
    Activity.objects.filter(pk=waiting.activity_id).update(created_at=old)
    recurring.prune()
    assert set(Delivery.objects.values_list("pk", flat=True)) == {young.pk, waiting.pk}
    assert set(Activity.objects.values_list("pk", flat=True)) == {young.activity_id, waiting.activity_id}


@pytest.mark.parametrize("state", ["sent", "parked", "expired"])
@pytest.mark.parametrize("type", outbox.STATEMENTS)
def test_what_a_standing_thing_needs_is_kept(state, type):
    old = timezone.now() - 91 * DAY
    kept = a_delivery(type, state=state, done_at=old)
    Activity.objects.filter(pk=kept.activity_id).update(created_at=old, type=type)
    recurring.prune()
    assert Delivery.objects.filter(pk=kept.pk).exists()
    assert Activity.objects.filter(pk=kept.activity_id).exists()


def test_the_words_of_a_gesture_and_of_its_answer_are_kept():
    author = actors.instance()
    uris = [actors.url("/ap/activities/gesture-1"), actors.url("/ap/activities/answer-1")]
    for uri in uris:
        outbox.send(author, {"id": uri, "type": "Accept", "actor": author.uri}, to_inboxes=[])
    StoredGesture.objects.create(uri=uris[0], ours=True, verb="join", author=author, target="x", to="y")
    Activity.objects.update(created_at=timezone.now() - 91 * DAY)
    recurring.prune()
    assert set(Activity.objects.values_list("uri", flat=True)) == set(uris)


def test_rows_of_the_engine_are_pruned():
    now = timezone.now()
    a_task("SUCCESSFUL", finished_at=now - timedelta(hours=25))
    a_task("RUNNING", started_at=now - timedelta(minutes=11))
    kept = {a_task("SUCCESSFUL", finished_at=now).pk, a_task("RUNNING", started_at=now).pk, a_task("READY").pk}
    recurring.prune()
    assert set(DBTaskResult.objects.values_list("pk", flat=True)) == kept


def test_the_tasks_do_their_work(monkeypatch):
    called = []
    for name in ("deliver", "process_inbox", "backfill"):
        monkeypatch.setitem(tasks._WORK, name, lambda *args, name=name: called.append((name, *args)))
    tasks.deliver.call()
    tasks.process_inbox.call()
    tasks.backfill.call(7)
    assert called == [("deliver",), ("process_inbox",), ("backfill", 7)]
