"""Pages of those who run the hub, under /administration/federation/."""

from django.urls import path

from federation.operating import views

urlpatterns = [
    path("", views.exchange, name="exchange"),
    path("test/", views.test, name="exchange-test"),
    path("<int:pk>/<slug:slug>/", views.act, name="exchange-act"),
]
