"""The shares of an action, kept exact: their sum is the shared part of the budget, or there are none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from resources.kinds.pooled_words import KeyPart
from resources.models import Resource
from resources.pooling import sharing, states
from resources.pooling.models import Participation, Share
from resources.pooling.sharing import Impossible, Key, Part
from resources.workflow import NotPossible

MIXED = "mixed"  #: needs are in several units, and not all have an amount


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """A share that was said by hand."""

    cents: int
    reason: str = ""


def total_cents(action: Resource) -> int:
    """What the key divides."""
    amounts = action.budget_lines.filter(apart=False).values_list("amount", flat=True)
    return int(sum(amounts, Decimal(0)) * 100)


def key_of(action: Resource) -> list[Key]:
    return [Key(by=row["by"], percent=Decimal(row["percent"])) for row in action.facts.get("sharing_key", [])]


def sharers(action: Resource) -> list[Participation]:
    """Who divides the cost: admitted, in, and a beneficiary."""
    return list(
        action.participations.filter(role__in=states.SHARING, state__in=states.IN, admitted=True)
        .select_related("member__territory", "share")
        .prefetch_related("needs")
    )


def compute(action: Resource, key: list[Key], *, agreed: Mapping[str, Agreed] | None = None) -> None:
    """Write the shares of this key; the `agreed` ones, by URI, stay as they are said. Raises: NotPossible."""
    made = simulate(action, key, agreed=agreed)
    Share.objects.filter(participation__action=action).delete()
    Share.objects.bulk_create(made)


def simulate(action: Resource, key: list[Key], *, agreed: Mapping[str, Agreed] | None = None) -> list[Share]:
    """What `compute` would write, not saved. Raises: NotPossible, in a sentence."""
    seats, kept = sharers(action), agreed or {}
    try:
        parts = parts_of(seats, key)
        total = total_cents(action)
        cents = sharing.shares(key, parts, total, agreed={uri: one.cents for uri, one in kept.items()})
        by_amount = bool(kept) and total > 0
        percents = sharing.percentages(parts, cents if by_amount else sharing.weights(key, parts).by_id)
    except Impossible as refusal:
        raise NotPossible(sentence(refusal)) from refusal
    return [
        Share(
            participation=seat,
            amount=Decimal(cents[seat.actor_uri]).scaleb(-2),
            percent=percents[seat.actor_uri],
            agreed=seat.actor_uri in kept,
            reason=kept[seat.actor_uri].reason if seat.actor_uri in kept else "",
        )
        for seat in seats
    ]


def keep_exact(action: Resource) -> None:
    """After a change of who shares, of needs or of the budget: computed anew, or taken away when that is impossible."""
    shares = Share.objects.filter(participation__action=action)
    if not shares.exists():
        return
    try:
        compute(action, key_of(action), agreed=agreed_of(action))
    except NotPossible:
        shares.delete()


def agreed_of(action: Resource) -> dict[str, Agreed]:
    """By URI, those whose amount was said by hand."""
    found = Share.objects.filter(participation__action=action, agreed=True)
    rows = found.values_list("participation__actor_uri", "amount", "reason")
    return {uri: Agreed(cents=int(amount * 100), reason=reason) for uri, amount, reason in rows}


def parts_of(seats: Iterable[Participation], key: Iterable[Key]) -> list[Part]:
    """What the keys ask of each. Raises: Impossible."""
    listed = list(seats)
    needs = _needs(listed) if any(one.by == KeyPart.NEED for one in key) else {}
    return [_part(seat, needs.get(seat.actor_uri)) for seat in listed]


def _part(seat: Participation, need: Decimal | None) -> Part:
    territory = seat.member.territory if seat.member else None
    return Part(
        id=seat.actor_uri,
        siren=territory.siren if territory else "",
        name=seat.name,
        population=territory.population if territory else None,
        need=need,
        percent=seat.agreed_percent,
    )


def _needs(seats: list[Participation]) -> dict[str, Decimal | None]:
    """The weight that was agreed, else the sum of what was declared: in one unit, or else in euros."""
    declared = {seat.actor_uri: list(seat.needs.all()) for seat in seats if seat.weight is None}
    rows = [need for needs in declared.values() for need in needs]
    if len({need.unit.strip().casefold() for need in rows}) <= 1:
        measure = "quantity"
    elif len(declared) == len(seats) and all(need.amount_max is not None for need in rows):
        measure = "amount_max"
    else:
        raise Impossible(MIXED)
    sums = {
        uri: sum((getattr(need, measure) for need in needs), Decimal(0)) if needs else None
        for uri, needs in declared.items()
    }
    return {seat.actor_uri: sums[seat.actor_uri] if seat.weight is None else seat.weight for seat in seats}


def sentence(refusal: Impossible) -> str:
    """Why a key divides nothing, and what would help."""
    found = number_format(refusal.found, use_l10n=True) if refusal.found is not None else ""
    sentences = {
        sharing.NOBODY: _("There is no participant to divide the cost between."),
        sharing.NEGATIVE: _("What is to be divided is below zero: look at the budget."),
        sharing.KEY_TOTAL: _("The parts of the key must make 100 %% together; they make %s %%.") % found,
        sharing.UNKNOWN: _("It is not known what these count for in the key: %s.") % ", ".join(refusal.names),
        sharing.ALL_ZERO: _("What the cost is divided by is zero for every participant."),
        sharing.PERCENT_TOTAL: _("The agreed percentages must make 100 %% together; they make %s %%.") % found,
        sharing.AGREED: _("The agreed amounts do not leave to the others what is to be paid."),
        MIXED: _("The needs are in several units: give an amount for each, or set the real need of each participant."),
    }
    return sentences[refusal.why]
