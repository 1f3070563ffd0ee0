"""Who may see what a notice is about. Only the app it belongs to knows: it answers here, from its `told.py`.

    @may_see("thread")
    def _(user: User, uri: str) -> bool:
        return Thread.objects.visible_to(user).filter(uri=uri).exists()

The question is asked each time a notice is shown, and again when a letter is written. What nobody answers for is not
shown.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable

from rtes_hub.accounts.models import User

One = Callable[[User, str], bool]
Many = Callable[[User, Collection[str]], Iterable[str]]

_BY_PREFIX: dict[str, Many] = {}


def may_see(prefix: str) -> Callable[[One], One]:
    """Answers for one "<prefix>:<name>" at a time, given the name. Raises: ValueError when the prefix is taken."""

    def register(answer: One) -> One:
        _add(prefix, lambda user, names: [name for name in names if answer(user, name)])
        return answer

    return register


def may_see_among(prefix: str) -> Callable[[Many], Many]:
    """Answers for many at a time, with those of the names that may be seen: pages then cost one query a prefix."""

    def register(answer: Many) -> Many:
        _add(prefix, answer)
        return answer

    return register


def _add(prefix: str, answer: Many) -> None:
    if prefix in _BY_PREFIX:
        raise ValueError(f"{prefix} is answered for already")
    _BY_PREFIX[prefix] = answer


def visible(user: User, abouts: Iterable[str]) -> set[str]:
    """Those of the "<prefix>:<name>" that this person may see now."""
    if not user.is_active:
        return set()
    names = defaultdict(set)
    for about in abouts:
        prefix, _, name = about.partition(":")
        names[prefix].add(name)
    return {
        f"{prefix}:{name}"
        for prefix, asked in names.items()
        if prefix in _BY_PREFIX
        for name in asked.intersection(_BY_PREFIX[prefix](user, asked))
    }
