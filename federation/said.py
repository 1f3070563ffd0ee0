"""An activity that was let in, and the table of what each verb does. Filled by federation.verbs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from federation.models import Actor, Peer
from federation.wire.shapes import ActorDoc, Head


@dataclass(frozen=True, kw_only=True)
class Said:
    """An activity, its proven sender, and what it speaks of when that is embedded or was fetched at its origin."""

    activity: Mapping[str, Any]
    head: Head
    actor: Actor
    peer: Peer
    raw: bytes = b""  #: the activity as it came
    thing: Mapping[str, Any] | None = None
    author: Actor | ActorDoc | None = None  #: of the thing, when it is not the sender; or the sender as asked again
    moderators: tuple[str, ...] = ()  #: of the thing, when it is a place

    @property
    def is_about_itself(self) -> bool:
        return self.head.object_id == self.head.actor


def nothing_more(said: Said) -> Said:
    return said


@dataclass(frozen=True)
class Verb:
    name: str
    rule: Callable[[Said], None]
    run: Callable[[Said], None]
    gather: Callable[[Said], Said] = nothing_more  #: fetches what `run` needs; no transaction is open

    @property
    def who(self) -> str:
        return (self.rule.__doc__ or "").strip().splitlines()[0]

    @property
    def section(self) -> str:
        return (self.run.__doc__ or "").partition("Spec: ")[2].strip()


VERBS: dict[str, Verb] = {}

Function = Callable[[Said], None]


def on(name: str, *, rule: Function, gather: Callable[[Said], Said] = nothing_more) -> Callable[[Function], Function]:
    """This function is what the verb does, once the rule let it."""

    def register(run: Function) -> Function:
        VERBS[name] = Verb(name, rule, run, gather)
        return run

    return register
