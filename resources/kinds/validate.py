"""Is it well said? One answer for the form, the API and imports alike.

`validate` answers with what is right, and says of the rest, field by field, what is wrong and by how much.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from resources.kinds.checks import Wrong, check
from resources.kinds.facts import is_empty
from resources.kinds.lists import ADMINISTRATION_LICENCES
from resources.kinds.registry import KINDS
from rtes_hub.territories.models import Member
from rtes_hub.text import clean

Errors = dict[str, list[str]]


def validate(
    kind: str, data: Mapping[str, Any], *, complete: bool, member: Member | None = None
) -> tuple[dict[str, Any], Errors]:
    """`data` by code, envelope included → what is right in it, in its stored form; what is wrong, by code.

    Only the codes given are looked at; with `complete`, what is required must be there too. An emptied value comes back
    as an empty one ("" [] or None). `member` is the collectivité that speaks: its nature decides the licence
    (domain.md §4.7). A code that the kind does not know is an error.
    """
    by_code = KINDS[kind].by_code
    clean_data: dict[str, Any] = {}
    errors: Errors = {}
    for code, value in data.items():
        fact = by_code.get(code)
        if fact is None or fact.auto:
            errors[code] = [_("“%(code)s” is not known.") % {"code": clean.line(str(code), 60)}]
            continue
        try:
            clean_data[code] = check(fact, value)
        except Wrong as wrong:
            errors[code] = wrong.problems
    _check_between(kind, clean_data, errors)
    if member is not None:
        _check_licence(clean_data, errors, member)
    if complete:
        for fact in KINDS[kind].typed:
            if fact.required and fact.code not in errors and is_empty(clean_data.get(fact.code)):
                errors[fact.code] = [_("%(field)s: this is needed before publication.") % {"field": fact.label}]
    return clean_data, errors


def tolerate(kind: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What we understand of facts that came from elsewhere. Never fails: what is unknown or wrong is left out."""
    kept = {}
    for fact in KINDS[kind].facts:
        if fact.code in facts:
            try:
                value = check(fact, facts[fact.code])
            except Wrong:
                continue
            if not is_empty(value):
                kept[fact.code] = value
    return kept


def _check_between(kind: str, data: dict[str, Any], errors: Errors) -> None:
    for fact in KINDS[kind].typed:
        earlier, later = data.get(fact.not_before), data.get(fact.code)
        if fact.not_before and earlier and later and str(later) < str(earlier):
            first = KINDS[kind].fact(fact.not_before)
            message = _("%(field)s: it comes before “%(first)s”.") % {"field": fact.label, "first": first.label}
            errors.setdefault(fact.code, []).append(message)
            del data[fact.code]
    if between := KINDS[kind].between:
        for code, problems in between(data).items():
            errors.setdefault(code, []).extend(problems)
            data.pop(code, None)


def _check_licence(data: dict[str, Any], errors: Errors, member: Member) -> None:
    licence = data.get("licence")
    if licence and member.is_administration and licence not in ADMINISTRATION_LICENCES:
        message = _(
            "Licence: an administration may give its public information under the Licence Ouverte 2.0 or the ODbL only."
        )
        errors.setdefault("licence", []).append(message)
        del data["licence"]
