"""Pages of the administrators, under /administration/partenaires/."""

from django.urls import path

from federation.partners import views

urlpatterns = [
    path("", views.partners, name="partners"),
    path("<int:pk>/", views.partner, name="partner"),
    path("<int:pk>/renvoyer/<int:delivery_pk>/", views.send_again, name="partner-send-again"),
    path("<int:pk>/<slug:slug>/", views.decide, name="partner-decide"),
]
