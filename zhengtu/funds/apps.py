from django.apps import AppConfig


class FundsConfig(AppConfig):
    name = "zhengtu.funds"
    label = "funds"
