"""Which app speaks for which kind. `federated.py` is to federation what `admin.py` is to the Django admin."""

from collections.abc import Iterable

from django.utils.module_loading import autodiscover_modules

from federation.publication import Author, Publication


class Federated:
    """What an app says of its things that travel. Subclass it in `federated.py` and register with `@federated`."""

    kinds: tuple[str, ...] = ()

    def receive(self, publication: Publication, author: Author) -> None:
        """Store what its author sends: insert or update by URI. Called once per version, newest wins.

        The caller has checked origin and ownership. Raises: `Refused` when a must is missing.
        """
        raise NotImplementedError

    def remove(self, uri: str) -> None:
        """Its author withdrew it: show it no more, keep no text."""
        raise NotImplementedError

    def author_changed(self, author: Author) -> None:
        """A remote author has another name or page."""


_BY_KIND: dict[str, Federated] = {}


def federated(cls: type[Federated]) -> type[Federated]:
    speaker = cls()
    for kind in cls.kinds:
        if kind in _BY_KIND and type(_BY_KIND[kind]) is not cls:
            raise ValueError(f"{kind} is spoken for twice")
        _BY_KIND[kind] = speaker
    return cls


def for_kind(kind: str) -> Federated | None:
    return _BY_KIND.get(kind)


def everyone() -> Iterable[Federated]:
    return set(_BY_KIND.values())


def autodiscover() -> None:
    autodiscover_modules("federated")
