"""What the operator says in the environment: everything wrong is said at once, before anything starts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rtes_hub import env

ROOT = Path(__file__).resolve().parents[2]

PRODUCTION = {
    "RTES_ENV": "production",
    "RTES_BASE_URL": "https://hub.example",
    "RTES_DATA_DIR": "/srv/hub",
    "DATABASE_URL": "postgres://hub@db.example/hub",
    "EMAIL_URL": "smtp://mail.example",
    "RTES_SECRET_KEY": "k" * 50,
}


def problems(**environ: str) -> list[str]:
    with pytest.raises(env.BadEnvironment) as stopped:
        env.read(environ)
    return stopped.value.problems


def test_nothing_said_is_a_development_hub_on_this_machine(tmp_path):
    hub = env.read({"RTES_DATA_DIR": str(tmp_path)})
    assert (hub.name, hub.base_url, hub.federation, hub.tasks) == (
        "development",
        "http://127.0.0.1:8000",
        "allowlist",
        "database",
    )
    assert hub.database_url == f"sqlite:///{tmp_path}/hub.sqlite3"


def test_production_well_said_starts():
    assert env.read(PRODUCTION).is_production


def test_production_names_every_missing_variable_at_once():
    told = problems(RTES_ENV="production")
    for name in ("RTES_BASE_URL", "RTES_DATA_DIR", "DATABASE_URL", "EMAIL_URL"):
        assert f"{name} is missing." in told


def test_what_was_not_said_is_missing_and_nothing_else():
    assert [p for p in problems(RTES_ENV="production") if "RTES_BASE_URL" in p] == ["RTES_BASE_URL is missing."]


def test_production_with_missing_variables_prints_them_all_and_stops():
    """Through a real command, as an operator meets it."""
    clean = {k: v for k, v in os.environ.items() if k not in (*PRODUCTION, "RTES_TEST_PEERS")}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={**clean, "RTES_ENV": "production", "DJANGO_SETTINGS_MODULE": "rtes_hub.settings"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    for name in ("RTES_BASE_URL", "RTES_DATA_DIR", "DATABASE_URL", "EMAIL_URL"):
        assert f"{name} is missing." in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RTES_ENV", "prod"),
        ("RTES_FEDERATION", "yes"),
        ("RTES_TASKS", "threads"),
        ("RTES_BASE_URL", "hub.example"),
        ("RTES_BASE_URL", "https://hub.example/path"),
        ("RTES_BASE_URL", "https://user@hub.example"),
        ("RTES_BASE_URL", "http://hub.example:port"),
    ],
)
def test_a_wrong_value_is_named_with_what_it_may_be(name, value):
    told = problems(**{name: value})
    assert any(name in problem and value in problem for problem in told)


@pytest.mark.parametrize("url", ["http://hub.example", "https://hub.example:8443"])
def test_production_is_served_over_https_without_a_port(url):
    assert any("RTES_BASE_URL" in p for p in problems(**{**PRODUCTION, "RTES_BASE_URL": url}))


def test_celery_asks_for_its_broker():
    assert problems(RTES_TASKS="celery") == ["BROKER_URL is missing: RTES_TASKS=celery needs it."]


def test_peers_of_tests_are_refused_in_production():
    told = problems(**PRODUCTION, RTES_TEST_PEERS="127.0.0.1:8001")
    assert told == ["RTES_TEST_PEERS is set: it is refused when RTES_ENV=production."]


@pytest.mark.parametrize(
    "peer",
    ["10.0.0.1:80", "hub.example:80", "169.254.169.254:80", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:x", "localhost:0"],
)
def test_peers_of_tests_are_exact_places_on_loopback(peer, tmp_path):
    assert any(peer in p for p in problems(RTES_TEST_PEERS=f"127.0.0.1:8001,{peer}", RTES_DATA_DIR=str(tmp_path)))


def test_peers_of_tests_may_be_several(tmp_path):
    hub = env.read({"RTES_TEST_PEERS": "127.0.0.1:8001, [::1]:8002", "RTES_DATA_DIR": str(tmp_path)})
    assert hub.test_peers == {"127.0.0.1:8001", "[::1]:8002"}


def test_the_secret_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    first = env.read({"RTES_DATA_DIR": str(tmp_path)}).secret_key
    assert env.read({"RTES_DATA_DIR": str(tmp_path)}).secret_key == first
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600
    assert len(first) >= 50


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    (told,) = problems(RTES_DATA_DIR=str(tmp_path / "file" / "below"))
    assert told.startswith("RTES_DATA_DIR: cannot write in ")


def names_of_cookies(**environ: str) -> list[str]:
    program = (
        "from rtes_hub import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.LANGUAGE_COOKIE_NAME)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_two_hubs_on_one_machine_do_not_share_cookies():
    one = names_of_cookies(RTES_BASE_URL="http://127.0.0.1:8001")
    other = names_of_cookies(RTES_BASE_URL="http://127.0.0.1:8002")
    assert len({*one, *other}) == 6


def test_over_https_cookies_are_bound_to_the_host():
    assert all(name.startswith("__Host-") for name in names_of_cookies(RTES_BASE_URL="https://hub.example"))
