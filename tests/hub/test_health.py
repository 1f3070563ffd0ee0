"""What machines are told: alive, ready, and why not."""

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from rtes_hub import health


def test_alive_says_so_without_touching_the_database(client):
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


@pytest.mark.django_db
def test_ready_when_every_check_passes(client):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["checks"] == {"database": "ok", "migrations": "ok", "cache": "ok", "tasks": "ok"}
    assert "no-store" in response["Cache-Control"]


def broken(*_args, **_kwargs):
    raise OSError("a secret detail")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("owner", "attribute", "failing"),
    [
        (lambda: connection, "cursor", "database"),
        (lambda: caches["default"], "get", "cache"),
        (lambda: caches["federation"], "get", "cache"),
    ],
)
def test_not_ready_names_what_fails_and_nothing_more(client, monkeypatch, owner, attribute, failing):
    monkeypatch.setattr(owner(), attribute, broken)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"][failing] == "failing"
    assert "secret" not in response.text


@pytest.mark.django_db
def test_not_ready_while_a_migration_is_missing(client, monkeypatch):
    monkeypatch.setattr(health, "_migrations_seen", [])
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'audit'")
    assert client.get("/readyz").json()["checks"]["migrations"] == "failing"


@pytest.mark.django_db
def test_not_ready_when_nobody_takes_the_tasks(client):
    task = DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}}, task_path="x.y", run_after=timezone.now(), backend_name="default"
    )
    assert client.get("/readyz").status_code == 200
    DBTaskResult.objects.filter(pk=task.pk).update(enqueued_at=timezone.now() - timedelta(hours=1))
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["tasks"] == "failing"


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_nothing_can_be_posted(client, path):
    assert client.post(path).status_code == 405
