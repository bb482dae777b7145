from django.apps import AppConfig


class SponsorshipConfig(AppConfig):
    name = "zhengtu.sponsorship"
    label = "sponsorship"
