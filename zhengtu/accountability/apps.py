from django.apps import AppConfig


class AccountabilityConfig(AppConfig):
    name = "zhengtu.accountability"
    label = "accountability"
