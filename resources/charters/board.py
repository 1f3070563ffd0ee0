"""What pages, CSV and API show of a charter: who pledged what, how far each has come. A fixed number of queries."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from resources.charters import progress, rules
from resources.charters.models import Commitment, Pledge, Step
from resources.charters.states import stands
from resources.charters.text import Measure, Text, Theme, read
from resources.models import Resource
from rtes_hub.accounts.models import User
from rtes_hub.territories.models import Member


@dataclass(frozen=True, kw_only=True)
class Line:
    """One measure of one pledge."""

    commitment: Commitment
    measure: Measure | None  #: None when the charter has it no longer
    deadline: date

    @property
    def counted(self) -> int | None:
        return progress.counted(self.commitment.status, self.commitment.progress)

    @property
    def statement(self) -> str:
        """As it was when it was promised."""
        return self.commitment.statement or (self.measure.statement if self.measure else "")

    @property
    def has_changed(self) -> bool:
        """The charter says it otherwise today."""
        return self.measure is not None and self.measure.statement != self.statement

    @property
    def is_late(self) -> bool:
        return progress.is_late(self.commitment.status, self.deadline, timezone.localdate())


@dataclass(frozen=True, kw_only=True)
class Group:
    theme: Theme | None  #: None for measures that the charter has no longer
    lines: list[Line]
    progress: int | None


class Followed:
    """One pledge and all that follows from it. `pledge.commitments` should be prefetched."""

    def __init__(self, pledge: Pledge, text: Text) -> None:
        self.pledge = pledge
        self.text = text

    @cached_property
    def lines(self) -> list[Line]:
        """In the order of the charter."""
        places, last = self.text.places, len(self.text.places)
        rows = sorted(self.pledge.commitments.all(), key=lambda row: (places.get(row.measure, last), row.measure))
        start = self.pledge.mandate_starts_on
        return [
            Line(
                commitment=row,
                measure=self.text.by_code.get(row.measure),
                deadline=self.text.deadline(row.measure, start),
            )
            for row in rows
        ]

    @cached_property
    def _rolled(self) -> progress.Rolled:
        counted = [(self.text.theme_of(line.commitment.measure), line.counted) for line in self.lines]
        return progress.roll_up(counted, [theme.code for theme in self.text.themes])

    @property
    def whole(self) -> int | None:
        return self._rolled.whole

    @property
    def by_theme(self) -> list[int | None]:
        """In the order of the charter."""
        return list(self._rolled.themes.values())

    @property
    def groups(self) -> list[Group]:
        by_theme = defaultdict(list)
        for line in self.lines:
            by_theme[self.text.theme_of(line.commitment.measure)].append(line)
        themes: list[Theme | None] = [*self.text.themes, None]
        return [
            Group(theme=theme, lines=lines, progress=progress.mean(line.counted for line in lines))
            for theme in themes
            if (lines := by_theme[theme.code if theme else ""])
        ]

    @property
    def done(self) -> int:
        return sum(line.counted == 100 for line in self.lines)

    @property
    def end(self) -> date:
        return self.text.end(self.pledge.mandate_starts_on)

    @property
    def elapsed(self) -> int:
        """Of the window, in per cent."""
        return progress.elapsed(self.pledge.mandate_starts_on, self.end, timezone.localdate())

    @property
    def updated_on(self) -> date | None:
        return max((line.commitment.updated_on for line in self.lines if line.commitment.updated_on), default=None)

    @property
    def next_due(self) -> date | None:
        due = (line.commitment.next_update_due for line in self.lines)
        return min((day for day in due if day), default=None)


@dataclass(frozen=True, kw_only=True)
class Tally:
    """One measure, all pledges that stand together."""

    measure: Measure
    pledges: int
    done: int
    progress: int | None


class Board:
    """The scoreboard of one charter: pledges in alphabetical order, those withdrawn last. It ranks nobody."""

    def __init__(self, charter: Resource, pledges: Iterable[Pledge] | None = None) -> None:
        self.charter = charter
        self.text = read(charter.facts)
        self._pledges = pledges

    @cached_property
    def rows(self) -> list[Followed]:
        pledges = self._pledges
        if pledges is None:
            pledges = self.charter.pledges.select_related("member__territory").prefetch_related("commitments")
        found = [Followed(pledge, self.text) for pledge in pledges]
        return sorted(found, key=lambda row: row.pledge.withdrawn_on is not None)

    @property
    def standing(self) -> list[Followed]:
        return [row for row in self.rows if row.pledge.withdrawn_on is None]

    @cached_property
    def tallies(self) -> dict[str, Tally]:
        """By code of the measure."""
        counted: dict[str, list[int | None]] = defaultdict(list)
        for row in self.standing:
            for line in row.lines:
                counted[line.commitment.measure].append(line.counted)
        return {
            measure.code: Tally(
                measure=measure,
                pledges=len(counted[measure.code]),
                done=counted[measure.code].count(100),
                progress=progress.mean(counted[measure.code]),
            )
            for measure in self.text.measures
        }

    @property
    def by_theme(self) -> list[tuple[Theme, list[Tally], int | None]]:
        """Each theme with its measures, and how far it has come on the average of all that was promised in it."""
        counted = defaultdict(list)
        for row in self.standing:
            for line in row.lines:
                counted[self.text.theme_of(line.commitment.measure)].append(line.counted)
        return [
            (theme, [self.tallies[one.code] for one in self.text.of(theme.code)], progress.mean(counted[theme.code]))
            for theme in self.text.themes
        ]

    @property
    def whole(self) -> int | None:
        return progress.mean(line.counted for row in self.standing for line in row.lines)

    def narrowed(self, *, name: str = "", measure: str = "", status: str = "") -> list[Followed]:
        """Those whose name holds these words and that took this measure, or one at least that is at this status."""
        return [row for row in self.rows if _is_wanted(row, name.casefold().split(), measure, status)]


def _is_wanted(row: Followed, words: Sequence[str], measure: str, status: str) -> bool:
    if not all(word in row.pledge.name.casefold() for word in words):
        return False
    lines = [line.commitment for line in row.lines if not measure or line.commitment.measure == measure]
    return any(not status or one.status == status for one in lines)


@dataclass(frozen=True, kw_only=True)
class Mine:
    """Where a collectivité that somebody acts for stands with a charter."""

    member: Member
    pledge: Pledge | None  #: as its readers see it
    stands: bool  #: by its own last word, answered or not
    pending: Step | None  #: what the charter's hub has not answered yet
    refused: Step | None  #: what it refused last, when nothing was said since
    unanswered: Step | None  #: what it never answered, when nothing was said since


def mine(user: User | AnonymousUser, charter: Resource) -> tuple[list[Mine], list[Member]]:
    """Where each of those this person acts for stands, when it has said anything; and those that may pledge yet."""
    members = rules.mine(user, charter)
    steps: dict[int, list[Step]] = defaultdict(list)
    for step in Step.objects.filter(charter=charter, member__in=members).order_by("sequence") if members else ():
        steps[step.member_id].append(step)
    pledges = {one.actor_uri: one for one in charter.pledges.all()} if members else {}
    found = [
        _mine(member, pledges.get(member.actor_uri), steps[member.pk])
        for member in members
        if member.actor_uri in pledges or steps[member.pk]
    ]
    taken = {one.member.pk for one in found if one.stands}
    may = [one for one in members if one.pk not in taken and rules.fits(charter, one.territory)]
    return found, may if charter.state in rules.ACTS["pledge"] else []


def _mine(member: Member, pledge: Pledge | None, steps: list[Step]) -> Mine:
    last = steps[-1] if steps else None
    said = next((step for step in reversed(steps) if step.state != Step.State.REFUSED), None)
    if said and said.sequence >= (pledge.sequence if pledge else 0):
        standing = stands(said.data)
    else:
        standing = pledge is not None and pledge.withdrawn_on is None
    return Mine(
        member=member,
        pledge=pledge,
        stands=standing,
        pending=last if last and last.state == Step.State.PENDING else None,
        refused=last if last and last.state == Step.State.REFUSED else None,
        unanswered=last if last and last.state == Step.State.GIVEN_UP else None,
    )


def statuses(lines: Iterable[Line]) -> list[tuple[Any, int]]:
    """How many measures are at each status, in the order of the statuses."""
    counts = Counter(line.commitment.status for line in lines)
    return [(label, counts[code]) for code, label in Commitment._meta.get_field("status").flatchoices if counts[code]]
