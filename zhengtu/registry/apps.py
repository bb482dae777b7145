from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "zhengtu.registry"
    label = "registry"
