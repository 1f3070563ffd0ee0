"""Charters travel as any resource does; they take pledges besides."""

from collections.abc import Mapping
from typing import Any

from federation.publication import Author, Gesture, Publication
from federation.registry import federated
from resources.charters import arrivals
from resources.charters.text import KIND
from resources.federated import FederatedResource
from resources.models import Resource, State


@federated
class FederatedCharter(FederatedResource):
    kinds = (KIND,)

    def receive(self, publication: Publication, author: Author) -> None:
        super().receive(publication, author)
        charter = Resource.objects.get(uri=publication.uri)
        if charter.state != State.WITHDRAWN and charter.version == publication.version:
            arrivals.mirror(charter, publication.facts)

    def remove(self, uri: str) -> None:
        super().remove(uri)
        arrivals.forget(uri)

    def forget(self, uri: str) -> None:
        super().forget(uri)
        arrivals.forget(uri)

    def gesture(self, gesture: Gesture, author: Author) -> Mapping[str, Any]:
        return arrivals.answer(gesture, author)

    def answered(self, gesture: Gesture, accepted: bool, reason: str, facts: Mapping[str, Any]) -> None:  # noqa: ARG002
        arrivals.answered(gesture, accepted=accepted, reason=reason)

    def given_up(self, gesture: Gesture, contact: str) -> None:
        arrivals.given_up(gesture, contact=contact)
