"""Addresses: the list, one action, and one address an act."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from resources.pooling.api.views import VIEWS, AskAgain, Invite, Papers, PooledActions, Practice

router = SimpleRouter()
router.register("pooled-actions", PooledActions, basename="api-pooled-action")

urlpatterns = [
    *router.urls,
    path("pooled-actions/<int:pk>/papers/", Papers.as_view(), name="api-pooled-papers"),
    path("pooled-actions/<int:pk>/invite/", Invite.as_view(), name="api-pooled-invite"),
    path("pooled-actions/<int:pk>/ask-again/", AskAgain.as_view(), name="api-pooled-ask-again"),
    path("pooled-actions/<int:pk>/practice/", Practice.as_view(), name="api-pooled-practice"),
    *(path(f"pooled-actions/<int:pk>/{act}/", view, name=f"api-pooled-{act}") for act, view in VIEWS.items()),
]
