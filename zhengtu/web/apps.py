from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "zhengtu.web"
    label = "web"
