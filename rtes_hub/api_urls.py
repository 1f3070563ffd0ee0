"""Every address of the API: /api/v1/…"""

from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from resources.api.lists import Kinds, Themes
from resources.api.views import Resources
from rtes_hub.moderation.api import Reports
from rtes_hub.notices.api import Notices
from rtes_hub.notices.api_following import Follows, Frequencies
from rtes_hub.rest.problems import NothingHere
from rtes_hub.rest.root import Root, Schema
from rtes_hub.territories.api import Members, Territories

#: What a program finds at the root: the lists, and the description.
LISTS = (
    "resources",
    "kinds",
    "themes",
    "pooled-actions",
    "pledges",
    "forums",
    "threads",
    "consent",
    "mentions",
    "notices",
    "notices/frequencies",
    "follows",
    "reports",
    "members",
    "territories",
    "schema",
)

router = SimpleRouter()
router.register("resources", Resources, basename="api-resource")
router.register("territories", Territories, basename="api-territory")
router.register("notices", Notices, basename="api-notice")
router.register("follows", Follows, basename="api-follow")
router.register("reports", Reports, basename="api-report")
router.register("members", Members, basename="api-member")

urlpatterns = [
    path("", Root.as_view(names=LISTS), name="api-root"),
    path("notices/frequencies/", Frequencies.as_view(), name="api-frequencies"),
    *router.urls,
    path("", include("resources.pooling.api.urls")),
    path("", include("resources.charters.api.urls")),
    path("", include("forums.api.urls")),
    path("", include("federation.operating.api")),
    path("kinds/", Kinds.as_view(), name="api-kinds"),
    path("themes/", Themes.as_view(), name="api-themes"),
    path("schema/", Schema.as_view(), name="api-schema"),
    re_path("", NothingHere.as_view()),
]
