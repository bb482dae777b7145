from django.apps import AppConfig


class DirectivesConfig(AppConfig):
    name = "zhengtu.directives"
    label = "directives"
