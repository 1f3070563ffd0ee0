"""What notices do by themselves, again and again."""

from datetime import timedelta

from django.utils import timezone

from rtes_hub.notices import digests, letters, tasks
from rtes_hub.notices.models import Letter, Notice
from rtes_hub.periodic import every

NOTICE_KEPT = timedelta(days=365)  #: unread or not
LETTER_KEPT = timedelta(days=90)  #: the row that says it left, or could not


@every(60, "notices.digests")
def leave() -> None:
    digests.leave()


@every(30, "notices.sweep")
def sweep() -> None:
    """Letters whose nudge was lost, whose first attempts failed, or whose worker was killed."""
    if letters.due().exists():
        tasks.nudge()


@every(24 * 3600, "notices.prune")
def prune() -> None:
    now = timezone.now()
    Letter.objects.filter(next_try=None, created_at__lt=now - LETTER_KEPT).delete()
    Notice.objects.filter(at__lt=now - NOTICE_KEPT).delete()
