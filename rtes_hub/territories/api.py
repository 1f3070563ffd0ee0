"""The official table and the collectivités that are members, for programs."""

from typing import Any

import django_filters
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins, serializers, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from rtes_hub.rest.strict import refuse_unknown
from rtes_hub.territories import search
from rtes_hub.territories.models import Member, Territory


class BriefTerritory(serializers.Serializer):
    id = serializers.CharField(help_text='Its key, "epci-242100410": codes repeat from one kind to another.')
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=Territory.Kind.choices)
    population = serializers.IntegerField(allow_null=True)


class TerritorySerializer(BriefTerritory):
    subtype = serializers.CharField()
    code = serializers.CharField(help_text="INSEE code, or SIREN of an intercommunality.")
    siren = serializers.CharField()
    region = serializers.CharField(help_text="INSEE code of the region around it, empty for a region.")
    department = serializers.CharField()
    epci = serializers.CharField(help_text="SIREN of the intercommunality of a commune.")
    postal_codes = serializers.CharField(help_text="Separated by spaces.")


class BriefMember(serializers.Serializer):
    name = serializers.CharField()
    slug = serializers.CharField()
    uri = serializers.URLField(help_text="The actor that signs what it publishes.")
    territory = BriefTerritory(allow_null=True)


class MemberSerializer(BriefMember):
    url = serializers.CharField(help_text="Its page, on its own hub; empty when not known.")
    website = serializers.CharField(help_text="An address, or nothing.")
    summary = serializers.CharField()
    hub = serializers.CharField(help_text="Origin of the hub that it belongs to.")
    hub_name = serializers.CharField(help_text="Empty for this hub.")
    joined_at = serializers.DateTimeField()

    def to_representation(self, member: Member) -> dict[str, Any]:
        here = settings.RTES.base_url
        return brief_member(member) | {
            "url": here + member.get_absolute_url() if member.local else member.page_url,
            "website": member.website,
            "summary": member.summary,
            "hub": here if member.local else member.hub,
            "hub_name": member.hub_name,
            "joined_at": member.joined_at,
        }


def brief_territory(territory: Territory | None) -> dict[str, Any] | None:
    if territory is None:
        return None
    return {
        "id": territory.pk,
        "name": territory.name,
        "kind": territory.kind,
        "population": territory.population,
    }


def brief_member(member: Member) -> dict[str, Any]:
    return {
        "name": member.name,
        "slug": member.slug,
        "uri": member.actor_uri,
        "territory": brief_territory(member.territory),
    }


@extend_schema_view(
    retrieve=extend_schema(summary="One territory", tags=["territories"]),
)
class Territories(mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """The Code officiel géographique: regions, departments, intercommunalities, communes."""

    queryset = Territory.objects.all()
    serializer_class = TerritorySerializer
    lookup_value_regex = "[0-9A-Za-z-]{1,24}"
    filter_backends = ()
    pagination_class = None

    @extend_schema(
        summary="Find a territory",
        tags=["territories"],
        parameters=[
            OpenApiParameter(
                "q", str, required=True, description="Name, beginning of a postal code, SIREN or INSEE code."
            ),
            OpenApiParameter("kind", str, enum=Territory.Kind.values),
        ],
        responses=TerritorySerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        """At most 20, best first."""
        asked = request.query_params
        refuse_unknown(asked, ("q", "kind"), str(_("This parameter is not known here. Known parameters: {known}.")))
        if (kind := asked.get("kind", "")) and kind not in Territory.Kind.values:
            raise ValidationError({"kind": [_("Known kinds: %(list)s.") % {"list": ", ".join(Territory.Kind.values)}]})
        if not (query := asked.get("q", "").replace("\0", "")).strip():
            raise ValidationError({"q": [_("Say what to look for.")]})
        return Response(self.get_serializer(search.find(query, kind=kind), many=True).data)


class MemberFilter(django_filters.FilterSet):
    local = django_filters.BooleanFilter(label=_("Of this hub only, or of partners only"))

    class Meta:
        model = Member
        fields = ("local",)


@extend_schema_view(
    list=extend_schema(summary="Collectivités that publish", tags=["members"]),
    retrieve=extend_schema(summary="One collectivité", tags=["members"]),
)
class Members(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Those of this hub and those that partner hubs speak for."""

    serializer_class = MemberSerializer
    filterset_class = MemberFilter
    lookup_field = "slug"
    lookup_value_regex = "[a-z0-9_-]{1,80}"
    order = ("name", "id")

    def get_queryset(self) -> QuerySet[Member]:
        return Member.objects.current().select_related("territory")
