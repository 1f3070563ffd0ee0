"""Addresses. Those named `account_*` are allauth's: only what this hub offers is mounted."""

from allauth.account import views as allauth_views
from django.urls import path, re_path

from rtes_hub.accounts import views

urlpatterns = [
    path("bienvenue/", views.welcome, name="welcome"),
    path("bienvenue/<str:token>/", views.claim, name="first-run"),
    path("langue/", views.switch_language, name="set-language"),
    path("compte/jetons/", views.tokens, name="tokens"),
    path("compte/jetons/revoquer/", views.revoke_token, name="token-revoke"),
    path("administration/identite/", views.edit_identity, name="identity"),
    path("compte/connexion/", allauth_views.login, name="account_login"),
    path("compte/connexion/code/", allauth_views.request_login_code, name="account_request_login_code"),
    path("compte/connexion/code/saisie/", allauth_views.confirm_login_code, name="account_confirm_login_code"),
    path("compte/deconnexion/", allauth_views.logout, name="account_logout"),
    path("compte/desactive/", allauth_views.account_inactive, name="account_inactive"),
    path("compte/inscription/", allauth_views.signup, name="account_signup"),
    path("compte/mot-de-passe/", allauth_views.password_change, name="account_change_password"),
    path("compte/mot-de-passe/choisir/", allauth_views.password_set, name="account_set_password"),
    path("compte/mot-de-passe/oublie/", allauth_views.password_reset, name="account_reset_password"),
    path("compte/mot-de-passe/oublie/envoye/", allauth_views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^compte/mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth_views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "compte/mot-de-passe/nouveau/fait/",
        allauth_views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
