from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "rtes_hub.accounts"
    label = "accounts"
