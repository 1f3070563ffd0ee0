from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "rtes_hub.audit"
    label = "audit"
