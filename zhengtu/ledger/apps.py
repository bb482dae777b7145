from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "zhengtu.ledger"
    label = "ledger"
