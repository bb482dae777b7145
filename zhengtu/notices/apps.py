from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "zhengtu.notices"
    label = "notices"
