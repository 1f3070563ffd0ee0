"""What charters add to the page of a resource, to its card in lists, and to "my workspace"."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Min
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import ngettext

from resources import rooms
from resources.charters.board import Board, Mine
from resources.charters.board import mine as mine_of
from resources.charters.models import Pledge
from resources.charters.text import KIND
from resources.models import Resource
from resources.visibility import OUT
from rtes_hub.accounts.models import User
from rtes_hub.territories import rules as territory_rules
from rtes_hub.territories.models import Member, Role

MAX_LINES = 50  #: of the list in "my workspace"


@dataclass(frozen=True, kw_only=True)
class View:
    """The sheet of one charter, for one reader."""

    board: Board
    mine: list[Mine]
    may_pledge: list[Member]
    is_out: bool


def page(request: HttpRequest, charter: Resource) -> View:
    mine, may_pledge = mine_of(request.user, charter)
    return View(board=Board(charter), mine=mine, may_pledge=may_pledge, is_out=charter.is_out)


def badges(charters: list[Resource]) -> Mapping[int, rooms.Badge]:
    standing = Pledge.objects.filter(charter__in=charters, withdrawn_on=None)
    counts = standing.order_by().values_list("charter").annotate(Count("pk"))
    return {
        pk: rooms.Badge(text=ngettext("%(n)d pledge", "%(n)d pledges", count) % {"n": count}) for pk, count in counts
    }


@dataclass(frozen=True, kw_only=True)
class Line:
    """A pledge of one of the reader's own."""

    pledge: Pledge
    due: date | None  #: of the next update

    @property
    def is_due(self) -> bool:
        return self.due is not None and self.due <= timezone.localdate()


def workspace(user: User) -> list[Line]:
    """Pledges of those that this person acts for: what is due first."""
    pledges = Pledge.objects.filter(
        member__in=territory_rules.members_of(user, Role.EDITOR),
        withdrawn_on=None,
        charter__in=Resource.objects.visible_to(user, only=OUT),
    )
    found = pledges.select_related("charter", "member").annotate(due=Min("commitments__next_update_due"))
    soonest = found.order_by(F("due").asc(nulls_last=True), "name", "pk")
    return [Line(pledge=pledge, due=pledge.due) for pledge in soonest[:MAX_LINES]]


rooms.register(
    rooms.Room(
        kind=KIND,
        page=page,
        head="charters/_way_in.html",
        body="charters/_board.html",
        badges=badges,
        workspace=workspace,
        desk="charters/_desk.html",
    )
)
