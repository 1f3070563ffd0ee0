import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from federation import ledger
from federation.errors import Refused, TryLater
from federation.models import Peer
from federation.partners import agreement, converging, meeting, proofs, words
from federation.partners.agreement import Impossible
from federation.wire import Malformed


class Command(BaseCommand):
    """Partner hubs from the console: the operator may do all that an administrator may."""

    help = "Ask a hub to be a partner, answer one that asked, part, block; list partners and see how the exchange goes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_subparsers(dest="what", required=True, metavar="|".join(["add", "list", "recheck", *_ONE]))
        add = what.add_parser("add", help="ask the hub at this address to be our partner")
        add.add_argument("url")
        add.add_argument(
            "--trust",
            action="store_true",
            help="record the agreement on this side at once, for a hub that cannot answer",
        )
        what.add_parser("list", help="the hubs we know and where we stand with each")
        what.add_parser("recheck", help="compare with every partner again as soon as the hub runs, as each start does")
        for name, text in _ONE.items():
            one = what.add_parser(name, help=text)
            one.add_argument("url")
            if name == "verify":
                one.add_argument("--json", action="store_true", help="the proof as JSON")
            if name == "refuse":
                one.add_argument("--reason", default="", help="kept in our journal; they do not see it")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            getattr(self, f"_{options['what']}")(options)
        except Impossible as refusal:
            raise CommandError(str(refusal)) from refusal

    def _add(self, options: dict[str, Any]) -> None:
        if options["trust"]:
            peer = agreement.trust(options["url"], by=None)
            if not peer.actor_uri:
                self.stdout.write(_("%(hub)s does not answer yet: it is met as soon as it does.") % {"hub": peer})
        else:
            peer = agreement.ask(options["url"], by=None)
        self._say(peer)

    def _list(self, _options: dict[str, Any]) -> None:
        peers = agreement.known()
        for peer in peers:
            self._say(peer)
        if not peers:
            self.stdout.write(_("You have no partner yet."))

    def _show(self, options: dict[str, Any]) -> None:
        peer = _known(options["url"])
        self._say(peer)
        queue = ledger.queue(peer)
        lines = [
            (_("Name"), peer.name),
            (_("Agreed"), _moment(peer.agreed_at)),
            (_("Last received"), _moment(peer.last_in_at)),
            (_("Last sent"), _moment(peer.last_out_at)),
            (_("Waiting to be sent"), queue["waiting"]),
            (_("The oldest since"), _moment(queue["since"])),
            (_("Could not be sent"), queue["parked"]),
            (_("Resources they shared before"), _progress(peer)),
            (_("Last difficulty"), peer.last_error),
            (_("What to do"), words.advice_about(peer.last_error) if peer.last_error else ""),
            *peer.charter.items(),
        ]
        for name, value in lines:
            if value != "":
                self.stdout.write(f"  {name}: {value}")

    def _accept(self, options: dict[str, Any]) -> None:
        self._say(agreement.accept(_known(options["url"]), by=None))

    def _refuse(self, options: dict[str, Any]) -> None:
        self._say(agreement.refuse(_known(options["url"]), by=None, reason=options["reason"]))

    def _end(self, options: dict[str, Any]) -> None:
        self._say(agreement.end(_known(options["url"]), by=None))

    def _block(self, options: dict[str, Any]) -> None:
        self._say(agreement.block(options["url"], by=None))

    def _unblock(self, options: dict[str, Any]) -> None:
        self._say(agreement.unblock(options["url"], by=None))

    def _sync(self, options: dict[str, Any]) -> None:
        self._say(agreement.sync(_known(options["url"]), by=None))

    def _recheck(self, _options: dict[str, Any]) -> None:
        converging.soon_with_all()

    def _verify(self, options: dict[str, Any]) -> None:
        """Exit code 0 only when both hubs end equal."""
        peer = _known(options["url"])
        if peer.level != Peer.Level.PARTNER:
            raise Impossible(_("%(hub)s is not your partner.") % {"hub": peer})
        try:
            proof = converging.verify(peer, patience=VERIFY_PATIENCE)
        except converging.Busy as error:
            raise CommandError(_("It is being compared right now. Try again in a moment.")) from error
        except (Refused, Malformed, TryLater) as error:
            raise CommandError(_("It could not be compared: %(reason)s.") % {"reason": error.reason}) from error
        said = json.dumps(proof, ensure_ascii=False, indent=2) if options["json"] else proofs.text(proof)
        self.stdout.write(said)
        if not proof["equal"]:
            raise CommandError(_("The two hubs are not equal yet."))

    def _say(self, peer: Peer) -> None:
        self.stdout.write(f"{peer.origin}  {words.state(peer)}")


VERIFY_PATIENCE = 20.0  #: seconds that a person waits for what the other hub must do

_ONE = {
    "show": "how the exchange with that hub goes",
    "accept": "say yes to a hub that asked",
    "refuse": "say no to a hub that asked",
    "end": "part with a partner, or take our request back",
    "block": "exchange nothing with that server, and show nothing of it",
    "unblock": "lift the block",
    "verify": "compare both catalogues, mend what differs, and print the proof",
    "sync": "read again all that a partner publishes, and send what waits for it",
}


def _known(url: str) -> Peer:
    origin = meeting.origin(url)
    peer = agreement.known().filter(origin=origin).first()
    if peer is None:
        raise Impossible(_("%(hub)s is not known here: see partner list.") % {"hub": origin})
    return peer


def _moment(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT") if moment else ""


def _progress(peer: Peer) -> str:
    total = "?" if peer.backfill_total is None else str(peer.backfill_total)
    return f"{peer.backfill_count}/{total} ({peer.get_backfill_display()})"
