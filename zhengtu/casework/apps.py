from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "zhengtu.casework"
    label = "casework"
