"""What a hub needs before its first page: tables, the official territories, files for the browser. Safe to repeat."""

import os
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from rtes_hub.territories.models import Territory

Say = Callable[[str], None]


def folder_problem(folder: Path) -> str:
    """One sentence when nothing can be written there, else nothing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return ""
    except OSError as error:
        return f"Cannot write in {folder}: {os.strerror(error.errno or 0)}."


def port_problem(host: str, port: int) -> str:
    """One sentence when somebody else listens there, else nothing."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return f"Cannot listen on {host}:{port}: {os.strerror(error.errno or 0)}. Another program may hold it."
    return ""


def prepare(say: Say) -> None:
    say(f"Tables: {connection.vendor} …")
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("identity", verbosity=0)
    call_command("partner", "recheck", verbosity=0)
    if not Territory.objects.exists():
        say("Territories: the official table …")
        call_command("load_territories", verbosity=0)
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    if settings.RTES.is_production:
        say("Files for the browser …")
        call_command("collectstatic", interactive=False, verbosity=0)
