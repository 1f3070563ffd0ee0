"""Pooled actions of the demonstration: what their lead sets up at once, and what is done by both hubs once they are
partners, by the gestures that people make. Each step is done once, however often it is asked for."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.utils import timezone

from resources import actions as resource_actions
from resources.kinds.pooled_words import InstrumentStatus, SeatState, Status
from resources.models import Resource
from resources.pooling import actions, states
from resources.pooling.models import Participation, Step
from resources.pooling.rows import KIND
from resources.workflow import NotPossible
from rtes_hub.demo.source import Item, common, key_of, more, noon, said, territory_id
from rtes_hub.territories.models import Member

Members = dict[str, Member]  #: those of this hub, by territory id


def load(members: Members) -> int:
    """Those led by these collectivités that are not there yet; how many."""
    return sum(_open(item, lead, members) for item, lead in _led(members))


def _items() -> list[Item]:
    return [*said()["pooled_actions"], *more()["more_actions"]]


def _plan(item: Item) -> Item:
    return more()["pooled_actions"][item["id"]]


def _led(members: Members) -> Iterator[tuple[Item, Member]]:
    for item in _items():
        (lead,) = (place for place in item["members"] if place["siren"] == item["lead"]["siren"])
        if member := members.get(territory_id(lead)):
            yield item, member


def _participants(item: Item) -> list[str]:
    return [territory_id(place) for place in item["members"]]


# What the lead sets up --------------------------------------------------------------------------------------------


def _open(item: Item, lead: Member, members: Members) -> bool:
    if Resource.objects.filter(imported_from=key_of(item)).exists():
        return False
    plan = _plan(item)
    action = resource_actions.bring_in(
        KIND,
        member=lead,
        by=None,
        data=facts(item, plan),
        published_at=noon(item["published"]),
        imported_from=key_of(item),
    )
    actions.advance(action, Status.SETTING_UP, by=None)
    actions.set_budget(action, _budget(item, plan), by=None)
    actions.set_milestones(action, _milestones(item, plan), by=None)
    for decision in plan.get("decisions", ()):
        actions.decide(action, by=None, **decision)
    here = [members[pk] for pk in _participants(item) if pk in members]
    for member in here:
        if member != lead:
            actions.join(action, member=member, by=None)
            actions.admit(action, member=member, by=None)
        _commit(action, member, plan)
    if signed := plan.get("signed_on"):
        _sign(action, here, signed, plan["status"])
    _share(action, plan)
    return True


def _commit(action: Resource, member: Member, plan: Item) -> None:
    """What it needs, and what its council said."""
    if needs := plan.get("needs", {}).get(member.territory_id):
        actions.declare_needs(action, needs, member=member, by=None)
    if on := plan.get("deliberated_on"):
        actions.deliberated(action, member=member, by=None, on=on, title=f"Délibération du {_french(on)}")


def _french(day: str) -> str:
    return "/".join(reversed(day.split("-")))


def _sign(action: Resource, here: list[Member], on: str, status: str) -> None:
    actions.set_instrument(action, InstrumentStatus.SIGNING, by=None)
    for member in here:
        actions.sign(action, member=member, by=None, on=on)
    actions.set_instrument(action, InstrumentStatus.IN_FORCE, by=None)
    actions.advance(action, status, by=None)


def _share(action: Resource, plan: Item) -> None:
    """As soon as everybody whom the key counts is in. Who comes later is then reckoned with by the action itself."""
    seats = _seats(action)
    for pk, percent in plan.get("percents", {}).items():
        seat, member = seats.get(pk, (None, None))
        if seat and member and seat.admitted and seat.agreed_percent is None:
            actions.weigh(action, member=member, by=None, agreed_percent=percent)
    try:
        actions.compute_shares(action, plan["key"], by=None)
    except NotPossible:
        return
    for pk, (amount, reason) in plan.get("agreed", {}).items():
        actions.set_share(action, amount, member=seats[pk][1], by=None, reason=reason)


def _seats(action: Resource) -> dict[str, tuple[Participation, Member]]:
    """By territory id."""
    found = action.participations.select_related("member")
    return {seat.member.territory_id or "": (seat, seat.member) for seat in found if seat.member}


def _budget(item: Item, plan: Item) -> list[Item]:
    lines = [{"label": line["label"], "amount": str(line["amount_eur"])} for line in item["budget"]["detail"]]
    return [*lines, *plan.get("apart", ())]


def _milestones(item: Item, plan: Item) -> list[Item]:
    today = timezone.localdate()
    told = [(f"{row['date']}-01", row["label"]) for row in item["milestones"]]
    told += [(_in_days(days), label) for days, label in plan.get("milestones_in_days", ())]
    return [{"on": on, "label": label, "done": on <= today.isoformat()} for on, label in told]


def _in_days(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def facts(item: Item, plan: Item) -> dict[str, Any]:
    """What the action says, by code."""
    join_by = {"join_by": _in_days(plan["join_in_days"])} if "join_in_days" in plan else {}
    return common(item) | {"description": item["body"]} | plan["facts"] | join_by


# What both hubs do, once they are partners ------------------------------------------------------------------------


def lead_on(members: Members) -> Iterator[str]:
    """The lead admits those of the other hub that were announced. What is still awaited of them."""
    for item, _lead in _led(members):
        action = Resource.objects.get(imported_from=key_of(item))
        awaited = [pk for pk in _participants(item) if pk not in members]
        seats = _seats(action)
        for pk in awaited:
            seat, member = seats.get(pk, (None, None))
            if seat and member and seat.state in states.IN and not seat.admitted:
                actions.admit(action, member=member, by=None)
            if seat is None or seat.state != SeatState.SIGNED:
                yield f"{item['id']}: {pk} to sign"
        if awaited and not action.facts.get("shares"):
            _share(action, _plan(item))


def take_part(members: Members) -> Iterator[str]:
    """Collectivités of this hub join what the other leads. What is still awaited of it."""
    led_here = {item["id"] for item, _lead in _led(members)}
    for item in _items():
        guests = _plan(item).get("asked_by", [])
        mine = [pk for pk in (*_participants(item), *guests) if pk in members]
        if item["id"] in led_here or not mine:
            continue
        action = Resource.objects.filter(kind=KIND, local=False, title=item["title"]).first()
        if action is None:
            yield f"{item['id']} to arrive"
            continue
        for pk in mine:
            if not _take_part(action, members[pk], _plan(item), only_asks=pk in guests):
                yield f"{item['id']}: an answer to {pk}"


def _take_part(action: Resource, member: Member, plan: Item, *, only_asks: bool) -> bool:
    """The next step of this one; whether there is none left."""
    sent = dict(Step.objects.filter(action=action, member=member).values_list("act", "state"))
    if not sent:
        actions.join(action, member=member, by=None)
        if not only_asks:
            _commit(action, member, plan)
        return False
    if Step.State.PENDING in sent.values():
        return False
    if only_asks or Step.State.REFUSED in sent.values():
        return True
    seat = action.participations.filter(actor_uri=member.actor_uri).first()
    if seat and seat.state == SeatState.DELIBERATED and seat.admitted and "sign" not in sent:
        actions.sign(action, member=member, by=None, on=plan["signed_on"])
        return False
    return bool(seat and seat.state == SeatState.SIGNED)
