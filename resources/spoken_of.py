"""Sheets as others may speak of them: told by URI to who asks (rtes_hub.subjects)."""

from resources.models import Resource, Visibility
from resources.visibility import OUT
from rtes_hub import subjects
from rtes_hub.subjects import Reader, Readers, Subject

_READERS = {Visibility.PUBLIC: Readers.EVERYONE, Visibility.MEMBERS: Readers.MEMBERS, Visibility.OWNER: Readers.SOME}


@subjects.tells
def sheet(reader: Reader, uri: str) -> Subject | None:
    """One that is published, here or at a partner's."""
    resource = Resource.objects.visible_to(reader, only=OUT).filter(uri=uri).first()
    if resource is None:
        return None
    return Subject(
        uri=resource.uri,
        title=str(resource),
        path=resource.get_absolute_url(),
        readers=_READERS[Visibility(resource.visibility)],
        themes=tuple(resource.themes),
    )
