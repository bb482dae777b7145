from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "zhengtu.accounts"
    label = "accounts"
