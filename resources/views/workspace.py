"""What waits for me: what I am writing, what came back, what I should read, what to look at again."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from resources.models import Attachment, Comment, Resource, Standing, State
from resources.rooms import desks
from rtes_hub.accounts.models import User
from rtes_hub.territories import rules as territory_rules
from rtes_hub.territories.models import Role

MAX_LINES = 50  #: of each list
SOON = timedelta(days=30)  #: before the date at which a sheet should be looked at again


@never_cache
@login_required
@require_safe
def workspace(request: HttpRequest) -> HttpResponse:
    writing_for = list(territory_rules.members_of(request.user, Role.CONTRIBUTOR).values_list("pk", flat=True))
    editing_for = list(territory_rules.members_of(request.user, Role.EDITOR).values_list("pk", flat=True))
    ours = Resource.objects.visible_to(request.user).filter(local=True, member__in=writing_for).select_related("member")
    changed = Q(draft__isnull=False) | Exists(
        Attachment.objects.filter(resource=OuterRef("pk")).exclude(standing=Standing.CURRENT)
    )
    last = Comment.objects.filter(resource=OuterRef("pk")).order_by("-at", "-pk")
    in_hand = (
        ours.filter(Q(state=State.DRAFT) | Q(changed, state=State.PUBLISHED, proposed_at=None))
        .annotate(
            last_move=Coalesce(Subquery(last.values("move")[:1]), Value("")),
            last_comment=Subquery(last.values("text")[:1]),
        )
        .order_by("-draft_saved_at", "-pk")
    )
    mine = Q(created_by=request.user) | Q(draft_saved_by=request.user)
    waiting = Q(state=State.SUBMITTED) | Q(state=State.PUBLISHED, proposed_at__isnull=False)
    today = timezone.localdate()
    context: dict[str, Any] = {
        "sent_back": _some(in_hand.filter(last_move="send_back")),
        "mine": _some(in_hand.filter(mine).exclude(last_move="send_back")),
        "others": _some(in_hand.exclude(mine).exclude(last_move="send_back")),
        "to_review": _some(ours.filter(waiting, member__in=editing_for).order_by("draft_saved_at", "pk")),
        "submitted": _some(ours.filter(waiting).exclude(member__in=editing_for).order_by("-draft_saved_at", "-pk")),
        "published": _some(ours.filter(state=State.PUBLISHED).order_by("review_due_on", "-published_at", "-pk")),
        "withdrawn": _some(_withdrawn(editing_for)),
        "desks": desks(request.user) if isinstance(request.user, User) else [],
        "may_write": bool(writing_for),
        "may_review": bool(editing_for),
        "today": today,
        "soon": today + SOON,
    }
    return render(request, "resources/workspace.html", context)


def _some(found: Any) -> list[Resource]:
    """Lists need none of the long columns."""
    return list(found.defer("facts", "body_html", "draft", "brief")[:MAX_LINES])


def _withdrawn(editing_for: list[int]) -> Any:
    """A line each, for those who answer for them: nothing in it leads to the text."""
    gone = Resource.objects.filter(local=True, state=State.WITHDRAWN, member__in=editing_for)
    return gone.select_related("member").order_by("-withdrawn_at")
