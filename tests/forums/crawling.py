"""Every address of the hub, asked as somebody asks: what each answer holds."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any
from urllib.parse import quote

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

#: Signing out would end the crawl; what changes the language or leads elsewhere tells nothing.
LEFT_OUT = {"account_logout"}
MOST = 40  #: ways of filling one pattern

_GROUP = re.compile(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")
_ROUTE = re.compile(r"<(?:[^:>]+:)?(\w+)>")


@dataclass(frozen=True, kw_only=True)
class Address:
    path: str
    name: str  #: of its pattern


def patterns(found: Iterable[Any] | None = None, before: str = "") -> Iterator[tuple[str, str]]:
    """("discussions/<pk>/<slug>/", name) of every pattern."""
    for one in get_resolver().url_patterns if found is None else found:
        route = before + _template(one.pattern)
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns, route)
        elif isinstance(one, URLPattern) and (one.name or "") not in LEFT_OUT:
            yield route, one.name or route


def _template(pattern: Any) -> str:
    if isinstance(pattern, RoutePattern):
        return _ROUTE.sub(r"<\1>", str(pattern))
    regex = str(pattern).removeprefix("^").removesuffix(r"\Z").removesuffix("$").replace("\\.", ".").replace("/?", "/")
    return _GROUP.sub(r"<\1>", regex)


def addresses(values: dict[str, list[Any]]) -> list[Address]:
    """Each pattern filled in every way that `values` allow, by the name of what it takes; with "x" for the rest."""
    made = []
    for template, name in patterns():
        names = re.findall(r"<(\w+)>", template)
        ways = [values.get(one, ["x"]) for one in names]
        for chosen in list(product(*ways))[:MOST]:
            path = template
            for one, value in zip(names, chosen, strict=True):
                path = path.replace(f"<{one}>", quote(str(value), safe="/"), 1)
            made.append(Address(path="/" + path, name=name))
    return made


def answers(client: Any, asked: Iterable[Address], **extra: Any) -> Iterator[tuple[Address, bytes]]:
    """Each answer, with its headers: what is said to be elsewhere is said too."""
    for address in asked:
        answer = client.get(address.path, **extra)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        yield address, repr(sorted(answer.headers.items())).encode() + body
