"""Forums on the journeys: what a person does on the site once, and the rest as a program does it."""

from typing import Any

from tests.journeys.hubs import Hub, eventually


def open_forum(hub: Hub, title: str, *, access: str = "open") -> dict[str, Any]:
    """By a coordinator, on the site."""
    session, form = hub.sign_in(f"coordinator@{hub.name}.example")
    said = {"title": title, "description": "Pour s’entraider.", "theme": "commande-publique", "access": access}
    answer = session.post(f"{hub.url}/forums/ouvrir/", data=form | said, timeout=20)
    assert answer.history, answer.text
    return next(one for one in hub.ask("forums/")["results"] if one["title"] == title)


def found(hub: Hub, what: str, uri: str, **params: Any) -> dict[str, Any] | None:
    """A forum, a thread or a post of that URI, as the hub's readers find it."""
    return next((one for one in hub.ask(f"{what}/", **params).get("results", ()) if one["uri"] == uri), None)


def arrived(hub: Hub, what: str, uri: str, **params: Any) -> dict[str, Any]:
    return eventually(lambda: found(hub, what, uri, **params), f"{what} {uri} at {hub.name}")


def agree(hub: Hub, role: str, forum: dict[str, Any]) -> str:
    """A first message, on the site: what others will see is told, and agreed to. Its URI."""
    session, form = hub.sign_in(f"{role}@{hub.name}.example")
    page = f"{forum['url']}nouveau/"
    title = f"Bonjour de {hub.name}"
    said = form | {"sort": "talk", "title": title, "source": "Je me présente."}
    assert not session.post(page, data=said, timeout=20).history, "it went without being agreed to"
    assert session.post(page, data=said | {"consent": "on"}, timeout=20).history
    return next(one["uri"] for one in hub.ask("threads/", by=role)["results"] if one["title"] == title)


def question(hub: Hub, forum: dict[str, Any], title: str, *, by: str) -> dict[str, Any]:
    said = {"forum": forum["id"], "title": title, "source": "Qui a un **modèle** ?", "is_question": True}
    return hub.tell("threads/", by=by, status=201, **said)


def answer(hub: Hub, thread: dict[str, Any], source: str, *, by: str) -> dict[str, Any]:
    return hub.tell("posts/", by=by, status=201, thread=thread["id"], source=source)


def messages(hub: Hub, thread: dict[str, Any]) -> list[tuple[str, str]]:
    """(URI, HTML) of each, as readers of that hub see them."""
    rows = hub.ask("posts/", thread=thread["id"])["results"]
    return sorted((row["uri"], row["html"]) for row in rows)
