"""Addresses."""

from django.urls import path

from rtes_hub.territories.views import account, management, members

urlpatterns = [
    path("collectivites/", members.members, name="members"),
    path("collectivites/<slug:slug>/", members.member, name="member"),
    path("collectivites/<slug:slug>/modifier/", members.edit, name="member-edit"),
    path("territoires/recherche/", members.territory_search, name="territory-search"),
    path("compte/", account.account, name="account"),
    path("administration/membres/", management.manage, name="members-manage"),
    path("administration/membres/<slug:slug>/", management.posts, name="member-posts"),
    path("administration/membres/<slug:slug>/quitter/", management.leave, name="member-leave"),
    path("administration/membres/<slug:slug>/fin/<str:what>/<int:pk>/", management.dismiss, name="post-end"),
]
