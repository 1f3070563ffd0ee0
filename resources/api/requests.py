"""What a request says, read: by code, in its stored form, or refused field by field."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import ValidationError

from resources import workflow
from resources.acts import Invalid
from resources.api.represent import ENVELOPE
from resources.kinds import KINDS, validate
from rtes_hub.rest.problems import Conflict
from rtes_hub.rest.strict import refuse_unknown
from rtes_hub.territories.models import Member

#: Fields of the moves and of the documents: an act may find fault with them too.
OF_MOVES = ("comment", "note", "reason", "file", "title", "nature", "is_model", "accessible_alternative", "licence")
UNKNOWN = gettext_lazy("This field is not known here. Known fields: {known}.")


def attempt(act: Callable[..., Any], *args: Any, **said: Any) -> Any:
    """Do it, with its refusals as problems."""
    try:
        return act(*args, **said)
    except workflow.NotPossible as refusal:
        raise Conflict(str(refusal)) from refusal
    except Invalid as refusal:
        raise ValidationError(_by_field(refusal.errors)) from refusal


def object_of(sent: Any) -> dict[str, Any]:
    if not isinstance(sent, Mapping):
        raise ValidationError({"": [_("Send a JSON object.")]})
    return dict(sent)


def kind_of(given: Any) -> str:
    if not isinstance(given, str) or given not in KINDS:
        raise ValidationError({"kind": [_("Known kinds: %(list)s.") % {"list": ", ".join(KINDS)}]})
    return given


def member_of(given: Any) -> Member:
    """Whom it is written for: public knowledge, so an unknown name is told as such."""
    found = None
    if isinstance(given, str) and len(given) <= 2048 and "\0" not in given:
        found = Member.objects.local().current().filter(Q(slug=given) | Q(actor_uri=given)).first()
    if found is None:
        raise ValidationError({"member": [_("Give the slug or the URI of a collectivité of this hub.")]})
    return found


def written(
    kind: str,
    given: dict[str, Any],
    member: Member,
    *,
    also: Iterable[str] = (),
    stored: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """What is right in a request of that kind, envelope and facts together. `also`: other fields known there.

    `stored`: the facts as they are. What the hub writes itself may come back as it was read, and is left as it is.

    Raises: ValidationError by field.
    """
    refuse_unknown(given, ("facts", *ENVELOPE, *also), str(UNKNOWN))
    facts = given.pop("facts", {})
    if not isinstance(facts, Mapping):
        raise ValidationError({"facts": [_("Send a JSON object.")]})
    kept = stored or {}
    own = {fact.code for fact in KINDS[kind].auto}
    facts = {code: value for code, value in facts.items() if code not in own or value != kept.get(code)}
    if changed := sorted(own & set(facts)):
        raise ValidationError(
            {"facts": {code: [_("The hub writes this itself: it cannot be changed.")] for code in changed}}
        )
    try:
        refuse_unknown(facts, {fact.code for fact in KINDS[kind].typed} - set(ENVELOPE), str(UNKNOWN))
    except ValidationError as refusal:
        raise ValidationError({"facts": refusal.detail}) from refusal
    clean, errors = validate(kind, given | dict(facts), complete=False, member=member)
    if errors:
        raise ValidationError(_by_field(errors))
    return clean


def _by_field(errors: Mapping[str, Any]) -> dict[str, Any]:
    """Where each stands in the request: {"budget_lines": …} is {"facts": {"budget_lines": …}}."""
    beside = (*ENVELOPE, *OF_MOVES)
    facts = {code: problems for code, problems in errors.items() if code not in beside}
    return {code: errors[code] for code in errors if code in beside} | ({"facts": facts} if facts else {})
