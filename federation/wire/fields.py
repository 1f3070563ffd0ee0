"""Structured fields, as much as signatures need, and strictly: RFC 8941 dictionaries of byte sequences and inner lists.

Read by hand, one character once: a regular expression on remote text is an invitation.
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from federation.wire.errors import BadSignature

Bare = str | int | bool | bytes
T = TypeVar("T")

MAX_FIELD = 8 * 1024  #: characters of one header field
_KEY_FIRST = frozenset("abcdefghijklmnopqrstuvwxyz*")
_KEY = _KEY_FIRST | frozenset("0123456789_-.")
_DIGITS = frozenset("0123456789")


@dataclass(frozen=True)
class Item:
    """A string with its parameters: one covered component."""

    value: str
    parameters: Mapping[str, Bare] = field(default_factory=dict)


@dataclass(frozen=True)
class InnerList:
    items: tuple[Item, ...]
    parameters: Mapping[str, Bare]


def inner_lists(text: str, where: str) -> dict[str, InnerList]:
    """`sig1=("@method" "date");created=1` -> {"sig1": InnerList(…)}. Raises BadSignature(…, 400)."""
    return _Reader(text, where).dictionary(_Reader.inner_list)


def byte_sequences(text: str, where: str) -> dict[str, bytes]:
    """`sig1=:aGVsbG8=:` -> {"sig1": b"hello"}. Raises BadSignature(…, 400)."""
    return _Reader(text, where).dictionary(_Reader.byte_item)


def serialise(value: InnerList) -> str:
    """The canonical text, which is what is signed, whatever spaces stood in the header (RFC 8941 §4.1.1.1)."""
    items = " ".join(_string(item.value) + _parameters(item.parameters) for item in value.items)
    return f"({items}){_parameters(value.parameters)}"


def serialise_bytes(value: bytes) -> str:
    return f":{base64.b64encode(value).decode()}:"


def _parameters(parameters: Mapping[str, Bare]) -> str:
    return "".join(f";{key}" if value is True else f";{key}={_bare(value)}" for key, value in parameters.items())


def _bare(value: Bare) -> str:
    if isinstance(value, bool):
        return "?1" if value else "?0"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, bytes):
        return serialise_bytes(value)
    return _string(value)


def _string(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


class _Reader:
    def __init__(self, text: str, where: str) -> None:
        self.where = where
        self.text = text.strip(" ")
        self.at = 0
        if len(text) > MAX_FIELD:
            raise self.wrong("too long")

    def wrong(self, what: str) -> BadSignature:
        return BadSignature(f"{self.where}: {what}", 400)

    def peek(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else ""

    def take(self, expected: str) -> None:
        if self.peek() != expected:
            raise self.wrong(f"{expected} expected at character {self.at}")
        self.at += 1

    def spaces(self, which: str = " ") -> bool:
        before = self.at
        while self.peek() and self.peek() in which:
            self.at += 1
        return self.at > before

    def dictionary(self, member: Callable[["_Reader"], T]) -> dict[str, T]:
        result: dict[str, T] = {}
        while True:
            key = self.key()
            if key in result:
                raise BadSignature(f"{self.where}: {key} is said twice")
            self.take("=")
            result[key] = member(self)
            self.spaces(" \t")
            if not self.peek():
                return result
            self.take(",")
            self.spaces(" \t")

    def key(self) -> str:
        start = self.at
        if self.peek() not in _KEY_FIRST:
            raise self.wrong(f"a name expected at character {self.at}")
        while self.peek() in _KEY:
            self.at += 1
        return self.text[start : self.at]

    def inner_list(self) -> InnerList:
        self.take("(")
        items: list[Item] = []
        while True:
            spaced = self.spaces()
            if self.peek() == ")":
                self.at += 1
                return InnerList(tuple(items), self.parameters())
            if items and not spaced:
                raise self.wrong(f"a space expected at character {self.at}")
            items.append(Item(self.string(), self.parameters()))

    def byte_item(self) -> bytes:
        value = self.byte_sequence()
        self.parameters()
        return value

    def parameters(self) -> dict[str, Bare]:
        result: dict[str, Bare] = {}
        while self.peek() == ";":
            self.at += 1
            self.spaces()
            key = self.key()
            if key in result:
                raise BadSignature(f"{self.where}: {key} is said twice")
            value: Bare = True
            if self.peek() == "=":
                self.at += 1
                value = self.bare()
            result[key] = value
        return result

    def bare(self) -> Bare:
        mark = self.peek()
        if mark == '"':
            return self.string()
        if mark == ":":
            return self.byte_sequence()
        if mark == "?":
            return self.boolean()
        return self.integer()

    def string(self) -> str:
        self.take('"')
        characters = []
        while (character := self.peek()) != '"':
            self.at += 1
            if character == "\\":
                character = self.peek()
                self.at += 1
                if character not in ('"', "\\"):
                    raise self.wrong("a wrong escape")
            elif not " " <= character <= "~":
                raise self.wrong("a string that does not end, or is not ASCII")
            characters.append(character)
        self.at += 1
        return "".join(characters)

    def byte_sequence(self) -> bytes:
        self.take(":")
        end = self.text.find(":", self.at)
        try:
            value = base64.b64decode(self.text[self.at : end] if end >= 0 else "!", validate=True)
        except (binascii.Error, ValueError):
            raise self.wrong("not base64 between colons") from None
        self.at = end + 1
        return value

    def boolean(self) -> bool:
        self.take("?")
        value = self.peek()
        if value not in ("0", "1"):
            raise self.wrong("a wrong boolean")
        self.at += 1
        return value == "1"

    def integer(self) -> int:
        start = self.at
        if self.peek() == "-":
            self.at += 1
        digits = self.at
        while self.peek() in _DIGITS:
            self.at += 1
        if not 0 < self.at - digits <= 15:
            raise self.wrong(f"a value expected at character {start}")
        return int(self.text[start : self.at])
