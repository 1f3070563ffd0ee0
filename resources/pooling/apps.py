from django.apps import AppConfig


class PoolingConfig(AppConfig):
    name = "resources.pooling"
    label = "pooling"
