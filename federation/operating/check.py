"""« Tester la fédération »: this hub speaks to itself by its public address, and compares clocks with partners.

Each answer is a sentence that says what to do. It asks only through the hub's own client, at most PARTNERS partners.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from federation import actors, fetch
from federation.errors import Refused, TryLater
from federation.models import Peer
from federation.wire import names

LOOP = "/ap/check"  #: signed for like an inbox; stores nothing
SKEW = timedelta(seconds=30)  #: a signature is refused by some servers from there on
PARTNERS = 5  #: whose clocks are looked at


@dataclass(frozen=True)
class Finding:
    name: Promise
    ok: bool
    said: Promise | str  #: what was seen, and what to do when it is not right


def run() -> list[Finding]:
    """Speaks to the network: never within a transaction."""
    return [found for check in CHECKS for found in check()]


def _signature() -> list[Finding]:
    name = _("Signature, through your public address")
    base = settings.RTES.base_url
    try:
        answer = fetch.post(base + LOOP, b"{}", signer=actors.instance(), format="cavage")
    except (Refused, TryLater) as error:
        return [Finding(name, False, _unreachable(error))]
    if answer.status == 401:
        return [Finding(name, False, _("The reverse proxy changes the signed headers. It must pass Host, Date, Digest "
                                       "and Signature as they come, and the path undecoded."))]  # fmt: skip
    try:
        seen = json.loads(answer.body) if answer.status == 200 else {}
    except ValueError:
        seen = {}
    if "host" not in seen:
        told = _("Something else than this hub answers at {base} ({status}). Correct the address of the reverse proxy.")
        return [Finding(name, False, format_lazy(told, base=base, status=answer.status))]
    return [
        Finding(name, True, _("A signed message comes back as it left.")),
        _proxy(f"{seen['scheme']}://{seen['host']}"),
    ]


def _proxy(seen: str) -> Finding:
    name, base = _("Headers of the reverse proxy"), settings.RTES.base_url
    if seen == base:
        return Finding(name, True, _("The hub sees the address that people type."))
    told = _("The hub believes that it is at {seen}, not at {base}. The reverse proxy must pass Host and "
             "X-Forwarded-Proto, from an address that FORWARDED_ALLOW_IPS lists.")  # fmt: skip
    return Finding(name, False, format_lazy(told, seen=seen, base=base))


def _unreachable(error: Refused | TryLater) -> Promise | str:
    told = _("This machine does not reach {base}: {reason}. See the name (DNS), the certificate and the firewall; the "
             "machine must reach its own public address.")  # fmt: skip
    return format_lazy(told, base=settings.RTES.base_url, reason=error.reason)


def _webfinger() -> list[Finding]:
    """And split domain: handles are at the host of the hub, so that host must answer for them."""
    name, split = _("Name of the hub (WebFinger)"), _("Domain of the names")
    hub, base = actors.instance(), settings.RTES.base_url
    account = f"acct:{hub.handle}@{actors.host()}"
    try:
        found = fetch.get_json(
            f"{base}/.well-known/webfinger?{urlencode({'resource': account})}", (names.JRD_JSON, "application/json")
        )
    except (Refused, TryLater) as error:
        told = _(
            "Nobody answers for {account}: {reason}. The reverse proxy must pass /.well-known/webfinger to the hub."
        )
        return [Finding(name, False, format_lazy(told, account=account, reason=error.reason))]
    links = found.get("links")
    leads = (
        any(isinstance(link, dict) and link.get("href") == hub.uri for link in links)
        if isinstance(links, list)
        else False
    )
    if not leads:
        told = _("{account} leads to another hub than this one. See who answers /.well-known/webfinger.")
        return [Finding(name, False, format_lazy(told, account=account))]
    good = Finding(name, True, _("The name of the hub leads to it."))
    if str(found.get("subject", "")).lower() == account.lower():
        return [good, Finding(split, True, format_lazy(_("Names end with {host}."), host=actors.host()))]
    told = _("Another domain answers for the names: {subject}. Names must end with {host}; remove the redirect.")
    wrong = format_lazy(told, subject=str(found.get("subject", ""))[:100], host=actors.host())
    return [good, Finding(split, False, wrong)]


def _document() -> list[Finding]:
    name, hub = _("What the hub says of itself"), actors.instance()
    try:
        fetch.get_document(hub.uri)
    except (Refused, TryLater) as error:
        told = _("Partners cannot read {uri}: {reason}. A cache or a firewall before the hub must leave the Accept "
                 "header alone and keep no copy of one form for the other.")  # fmt: skip
        return [Finding(name, False, format_lazy(told, uri=hub.uri, reason=error.reason))]
    return [Finding(name, True, _("Partners can read who this hub is."))]


def _clocks() -> list[Finding]:
    """The clock of most decides: one partner may be wrong itself."""
    name = _("Clock")
    gaps = [gap for origin in _partners() if (gap := _gap(origin)) is not None]
    if not gaps:
        return [Finding(name, True, _("No partner to compare with."))]
    middle = sorted(gaps)[len(gaps) // 2]
    if abs(middle) <= SKEW:
        return [Finding(name, True, _("It agrees with that of your partners."))]
    told = _("It differs from that of your partners by {seconds} seconds: they will refuse what you send. Set the "
             "clock of this machine by NTP.")  # fmt: skip
    return [Finding(name, False, format_lazy(told, seconds=round(abs(middle.total_seconds()))))]


def _partners() -> list[str]:
    found = Peer.objects.filter(level=Peer.Level.PARTNER).order_by("-last_out_at", "pk")
    return list(found.values_list("origin", flat=True)[:PARTNERS])


def _gap(origin: str) -> timedelta | None:
    """How far their clock is ahead of ours; None when they do not say."""
    try:
        said = fetch.date(f"{origin}/.well-known/nodeinfo")
    except (Refused, TryLater):
        return None
    return said - timezone.now() if said is not None else None


CHECKS: tuple[Callable[[], list[Finding]], ...] = (_signature, _webfinger, _document, _clocks)
