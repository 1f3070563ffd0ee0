"""The scheduler process: runs what recurs, until told to stop."""

import logging
import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections

from rtes_hub.periodic import tick

#: Between two looks at what is due, in seconds.
PAUSE = 1.0

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Runs the work that recurs, until it is told to stop (SIGTERM, Ctrl-C)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="Run what is due now, print its names, and stop.")

    def handle(self, *_: Any, **options: Any) -> None:
        if options["once"]:
            for name in tick():
                self.stdout.write(name)
            return
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        while not stop.is_set():
            close_old_connections()
            try:
                tick()
            except DatabaseError:
                # The database may be restarting: the scheduler outlives it.
                logger.exception("The database does not answer; trying again.")
            stop.wait(PAUSE)
