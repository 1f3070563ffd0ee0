"""Each kind of resource with its facts: what the form, the API and the wire are made from."""

from typing import Any

from django.core.management.base import BaseCommand

from resources.kinds import KINDS, Fact, Kind


class Command(BaseCommand):
    help = "Print each kind of resource with its facts, in the order of the form."

    def handle(self, *_args: Any, **_options: Any) -> None:
        for kind in KINDS.values():
            self.stdout.write(f"{kind.slug}: {kind.label}")
            for step in kind.steps:
                self.stdout.write(f"  {step.code}: {step.label}")
                for fact in step.facts:
                    self._say(kind, fact, 4)
            if kind.auto:
                self.stdout.write("  (written by the hub)")
            for fact in kind.auto:
                self._say(kind, fact, 4)

    def _say(self, kind: Kind, fact: Fact, indent: int) -> None:
        notes = [f"{fact.type}"]
        notes += [f"at most {fact.limit}"] if fact.limit else []
        notes += [f"at least {fact.least}"] if fact.least else []
        notes += [str(fact.unit)] if fact.unit else []
        notes += ["required"] if fact.required else []
        notes += ["members only"] if fact.members_only else []
        notes += [f"for members unless {fact.hidden_unless}"] if fact.hidden_unless else []
        notes += ["the body of the text"] if fact.code == kind.main else []
        self.stdout.write(f"{' ' * indent}{fact.code}: {fact.label} ({', '.join(notes)})")
        for column in fact.columns:
            self._say(kind, column, indent + 2)
