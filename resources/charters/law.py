"""What a pledge must be, whoever says it: asked on its own hub before it is sent, and on the charter's when it arrives.

Pure: no table, no clock. Sentences are for the person who typed, by code; of a measure, "A1.comment".
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from django.utils.translation import gettext as _

from resources.charters.progress import CLOSED
from resources.charters.states import Row, State, measures_of, stands
from resources.charters.text import Text
from resources.kinds.charter_shared import MAX_PROOFS
from resources.kinds.charter_words import Status

#: A mandate is of six years, eight with what delays an election; one signs a year before it begins, at most.
OLDEST_MANDATE, EARLIEST_PLEDGE = timedelta(days=8 * 366), timedelta(days=366)

Problem = tuple[str, str]


def broken(after: State, before: State | None, text: Text, *, today: date) -> dict[str, list[str]]:
    """What is wrong with what would follow, by code; nothing when it may stand."""
    errors: dict[str, list[str]] = {}
    for code, sentence in (*_signature(after, before, today), *_choice(after, before, text), *_progress(after)):
        errors.setdefault(code, []).append(sentence)
    return errors


def _signature(after: State, before: State | None, today: date) -> Iterator[Problem]:
    pledge = after["pledge"]
    signed, start = (date.fromisoformat(pledge[code]) for code in ("signed_on", "mandate_starts_on"))
    if signed > today:
        yield "signed_on", _("Signed on: this day is to come. Pledge once it is signed.")
    if not signed - OLDEST_MANDATE <= start <= signed + EARLIEST_PLEDGE:
        yield "mandate_starts_on", _("Start of the mandate: it is too far from the day of the signature.")
    if before is None or not stands(before) or not any("updated_on" in row for row in before["commitments"]):
        return
    if pledge["mandate_starts_on"] != before["pledge"]["mandate_starts_on"]:
        yield "mandate_starts_on", _("Start of the mandate: progress was told already, so deadlines stay as they are.")


def _choice(after: State, before: State | None, text: Text) -> Iterator[Problem]:
    """Which measures: all that were promised and told of stay."""
    chosen, had = measures_of(after), measures_of(before)
    twice = len(chosen) < len(after["commitments"])
    if not stands(after):
        if "reason" not in after["pledge"]:
            yield "reason", _("Reason: say why, in a sentence. It is public, as the pledge was.")
        return
    if not chosen or twice or any(code not in text.by_code and code not in had for code in chosen):
        yield "measures", _("Measures: choose them among those of the charter.")
    elif len(chosen) < min(text.least, len(text.measures)):
        yield "measures", _("Measures: choose at least %d of them.") % text.least
    left = [code for code, row in had.items() if code not in chosen and "updated_on" in row]
    if stands(before) and left:
        sentence = _("Measures: progress was told of %(list)s. Tell that it is dropped, and why, instead.")
        yield "measures", sentence % {"list": ", ".join(sorted(left))}


def _progress(after: State) -> Iterator[Problem]:
    proofs = Counter(row["measure"] for row in after["evidence"])
    if proofs.keys() - measures_of(after).keys():
        yield "evidence", _("Evidence: it goes with a measure that was chosen.")
    for row in after["commitments"]:
        code = row["measure"]
        if row["status"] == Status.DROPPED and not row.get("comment"):
            yield f"{code}.comment", _("%(code)s, in a few words: say why it is dropped.") % {"code": code}
        if proofs[code] > MAX_PROOFS:
            said = {"code": code, "limit": MAX_PROOFS}
            yield f"{code}.evidence", _("%(code)s, evidence: at most %(limit)d. Take one out first.") % said
        if stands(after) and _awaits_nothing(row):
            yield f"{code}.next_update_due", _("%(code)s, next update: say when.") % {"code": code}


def _awaits_nothing(row: Row) -> bool:
    return Status(row["status"]) not in CLOSED and "next_update_due" not in row
