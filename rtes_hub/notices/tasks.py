"""The engine's side: one task, and the nudge that enqueues it. Rows hold what is owed; a lost nudge is made good by
the sweep (notices.recurring)."""

from django.db import transaction
from django_tasks import task

from rtes_hub.notices import letters


@task()
def send_letters() -> None:
    """Send what is due."""
    letters.turn()


def nudge() -> None:
    """After the commit. A broken engine is logged and harms nobody's act."""

    def enqueue() -> None:
        send_letters.enqueue()

    transaction.on_commit(enqueue, robust=True)
