from django.apps import AppConfig


class ResettlementConfig(AppConfig):
    name = "zhengtu.resettlement"
    label = "resettlement"
