"""Pooled actions travel as any resource does; they take gestures besides."""

from collections.abc import Mapping
from typing import Any

from federation.publication import Author, Gesture, Publication
from federation.registry import federated
from resources.federated import FederatedResource
from resources.models import Resource, State
from resources.pooling import arrivals
from resources.pooling.rows import KIND


@federated
class FederatedAction(FederatedResource):
    kinds = (KIND,)

    def receive(self, publication: Publication, author: Author) -> None:
        super().receive(publication, author)
        action = Resource.objects.get(uri=publication.uri)
        if action.state != State.WITHDRAWN and action.version == publication.version:
            arrivals.mirror(action, publication.facts)

    def remove(self, uri: str) -> None:
        super().remove(uri)
        arrivals.forget(uri)

    def forget(self, uri: str) -> None:
        super().forget(uri)
        arrivals.forget(uri)

    def gesture(self, gesture: Gesture, author: Author) -> Mapping[str, Any]:
        return arrivals.answer(gesture, author)

    def gesture_refused(self, gesture: Gesture, author: Author, reason: str) -> None:
        arrivals.refused(gesture, author, reason)

    def answered(self, gesture: Gesture, accepted: bool, reason: str, facts: Mapping[str, Any]) -> None:  # noqa: ARG002
        arrivals.answered(gesture, accepted=accepted, reason=reason)

    def invited(self, uri: str, guest: str, text: str) -> None:
        arrivals.invited(uri, guest, text)

    def given_up(self, gesture: Gesture, contact: str) -> None:
        arrivals.given_up(gesture, contact=contact)
