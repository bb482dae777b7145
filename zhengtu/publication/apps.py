from django.apps import AppConfig


class PublicationConfig(AppConfig):
    name = "zhengtu.publication"
    label = "publication"
