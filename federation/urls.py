"""Addresses. Ids are opaque and for ever: nothing here may be renamed."""

from django.urls import include, path, re_path

from federation import views
from federation.operating.metrics import metrics
from federation.partners import channel

_WHO = r"(?P<who>ap/(?:actor|moderation|(?:orgs|people|groups)/[\w-]+))"

urlpatterns = [
    path("ns", views.vocabulary, name="vocabulary"),
    path("metrics", metrics, name="metrics"),
    path("ap/check", views.check, name="check"),
    path("ap/inbox", views.receive, name="shared-inbox"),
    path("ap/objects/<str:opaque>", views.stored_object, name="stored-object"),
    path("ap/objects/<str:opaque>/<str:name>", views.said_of_it, name="said-of-it"),
    path("ap/forums", views.forums, name="hub-forums"),
    path("ap/changes", channel.changes_view, name="hub-changes"),
    path("ap/digest", channel.digest_view, name="hub-digest"),
    path("ap/activities/<str:opaque>", views.stored_activity, name="stored-activity"),
    re_path(rf"^{_WHO}$", views.actor, name="actor"),
    re_path(rf"^{_WHO}/inbox$", views.receive, name="inbox"),
    re_path(rf"^{_WHO}/(?P<name>outbox|followers|following|featured|moderators)$", views.collection, name="collection"),
    path(".well-known/webfinger", views.webfinger, name="webfinger"),
    path(".well-known/host-meta", views.host_meta, name="host-meta"),
    path(".well-known/host-meta.json", views.host_meta_json, name="host-meta-json"),
    path(".well-known/nodeinfo", views.nodeinfo_index, name="nodeinfo-index"),
    re_path(r"^nodeinfo/(?P<version>2\.[01])$", views.nodeinfo, name="nodeinfo"),
    path("administration/federation/", include("federation.operating.urls")),
    path("administration/partenaires/", include("federation.partners.urls")),
]
