"""`manage.py identity`: who this hub is to others. Makes its own actors and their keys when they are not there yet."""

from typing import Any

from django.core.management.base import BaseCommand

from federation import actors, identity, keyring


class Command(BaseCommand):
    help = "Show the actors that every hub has, with their keys, made at first need. Safe to repeat."

    def handle(self, *_args: Any, verbosity: int, **_options: Any) -> None:
        actors.prepare()
        identity.introduce()
        if not verbosity:
            return
        for actor in (actors.instance(), actors.moderation()):
            self.stdout.write(f"{actor.uri}  @{actor.handle}@{actors.host()}")
            for key in keyring.public_keys(actor):
                self.stdout.write(f"  {key.id}  {key.algorithm}")
