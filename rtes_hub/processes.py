"""The three processes of a hub: the web, the worker, the scheduler."""

import http.client
import sys
from collections.abc import Mapping
from urllib.parse import urlsplit

from rtes_hub.env import ROOT
from rtes_hub.supervisor import Process

#: How often the worker of the embedded engine looks for work, in seconds.
INTERVAL = "0.2"


def of_a_hub(
    environ: Mapping[str, str], *, bind: str, workers: int, access_log: bool = False, prefix: str = ""
) -> list[Process]:
    """`environ` is the whole environment of the three; `prefix` opens their names."""
    env = {**environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "DJANGO_SETTINGS_MODULE": "rtes_hub.settings"}
    manage = [sys.executable, str(ROOT / "manage.py")]
    web = [sys.executable, "-m", "gunicorn", "--config", "python:rtes_hub.web"]
    web += ["--bind", bind, "--workers", str(workers)]
    if access_log:
        web += ["--access-logfile", "-", "--access-logformat", "%(m)s %(U)s -> %(s)s"]
    if environ.get("RTES_TASKS") == "celery":
        worker = [sys.executable, "-m", "celery", "--quiet", "-A", "django_tasks_fennel.app", "worker"]
        worker += ["--pool", "prefork", "--concurrency", "2", "--loglevel", "WARNING", "--without-gossip"]
        worker += ["--without-mingle", "--hostname", f"hub-{bind.rpartition(':')[2]}@%h"]
    else:
        worker = [*manage, "db_worker", "--interval", INTERVAL, "--no-startup-delay", "--no-reload", "-v", "0"]
    argvs = {"web": web, "worker": worker, "tick": [*manage, "tick"]}
    return [Process(name=f"{prefix}{name}", argv=argv, env=env) for name, argv in argvs.items()]


def answers(base_url: str, *, at: str) -> bool:
    """Whether the hub of that address says it is ready, asked directly at `host:port`."""
    host, _, port = at.rpartition(":")
    connection = http.client.HTTPConnection(host.strip("[]"), int(port), timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": urlsplit(base_url).netloc})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
