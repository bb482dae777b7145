from django.apps import AppConfig


class CampaignConfig(AppConfig):
    name = "zhengtu.campaign"
    label = "campaign"
