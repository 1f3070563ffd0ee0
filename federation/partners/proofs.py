"""The proof of a comparison, in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from federation.models import Convergence, Peer


def of(peer: Peer) -> list[tuple[str, str]]:
    """That of the last comparison that came to its end."""
    row = Convergence.objects.filter(peer=peer).first()
    return lines(row.proof) if row and "theirs" in row.proof else []


def lines(proof: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What was compared and found, as labels and values: for the console and for the page."""
    found = []
    for side, label in (("theirs", _("What they publish")), ("ours", _("What we publish"))):
        one = proof[side]
        found += [
            (label, _of_side(one)),
            (_("Digest here"), one["here"]["root"]),
            (_("Digest there"), one["there"]["root"]),
        ]
    cost = {
        "requests": proof["requests"],
        "size": number_format(proof["bytes"] / 1024, 1),
        "seconds": number_format(proof["seconds"], 2),
    }
    found.append((_("Exchanged"), _("%(requests)d requests, %(size)s KB, %(seconds)s s") % cost))
    return found


def _of_side(one: Mapping[str, Any]) -> str:
    said = [_("%(here)d here, %(there)d there") % {"here": one["here"]["count"], "there": one["there"]["count"]}]
    if one["found"]:
        said.append(_("%(found)d differed, %(healed)d mended") % one)
    for name, sentence in (("refused_here", _("%d not kept here")), ("refused_there", _("%d not kept there"))):
        if one[name]:
            said.append(sentence % one[name])
    said.append(_("equal") if one["equal"] else _("different"))
    return ", ".join(said)


def text(proof: Mapping[str, Any]) -> str:
    head = f"{proof['hub']} = {proof['partner']}" if proof["equal"] else f"{proof['hub']} ≠ {proof['partner']}"
    return "\n".join([head, *(f"  {label}: {value}" for label, value in lines(proof))])
