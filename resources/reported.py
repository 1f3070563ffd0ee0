"""What can be reported among resources: whatever is published, by whoever reads it."""

from collections.abc import Iterable

from resources import actions, arrivals, told
from resources.models import Resource
from resources.visibility import OUT
from rtes_hub.accounts.models import User
from rtes_hub.audit.actions import record
from rtes_hub.moderation.models import MAX_EXCERPT
from rtes_hub.moderation.registry import Reader, Reportable, Shown, reportable


@reportable("resource")
class ReportableResource(Reportable):
    def shown(self, reader: Reader, uri: str) -> Shown | None:
        resource = Resource.objects.visible_to(reader, only=OUT).filter(uri=uri).first()
        if resource is None:
            return None
        said = "\n\n".join(filter(None, (resource.summary, resource.brief)))
        return Shown(
            title=str(resource),
            excerpt=said[:MAX_EXCERPT],
            path=resource.get_absolute_url(),
            hub="" if resource.local else resource.member.hub_name,
        )

    def authors(self, uri: str) -> Iterable[User]:
        return User.objects.filter(resources__uri=uri)

    def remove(self, uri: str, *, reason: str, by: User | None) -> None:
        """Ours is withdrawn, here and at partners. Of a partner's, the copy here goes for good."""
        resource = Resource.objects.filter(uri=uri, state__in=OUT).first()
        if resource is None:
            return
        if resource.local:
            authors = told.authors(resource)
            actions.withdraw(resource, by=by, reason=reason)
            told.moderated(resource, authors, reason=reason, by=by)
        else:
            arrivals.remove(uri)
            record("resource.moderate", uri, by=by)
