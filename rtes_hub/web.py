"""Gunicorn's settings. What depends on the operator (address, number of workers) comes on its command line."""

import gc

import gunicorn.http.wsgi

wsgi_app = "rtes_hub.wsgi:application"
worker_class = "gthread"
threads = 4
preload_app = True  # imported once, shared by the workers
timeout = 60  # seconds without a sign of life
graceful_timeout = 6  # seconds for what is being answered; below the supervisor's patience
keepalive = 5  # seconds; a partner's next delivery finds the connection open
limit_request_line = 8190  # bytes
# Proxies believed about https and addresses: this machine, or FORWARDED_ALLOW_IPS (docs/operating.md).
control_socket_disable = True  # it would listen in the home folder
errorlog = "-"
loglevel = "warning"

#: Who serves is nobody's business.
gunicorn.http.wsgi.SERVER = "rtes-hub"


def when_ready(_server: object) -> None:
    """What was imported stays: the workers neither look through it for garbage nor copy it by doing so."""
    gc.collect()
    gc.freeze()
