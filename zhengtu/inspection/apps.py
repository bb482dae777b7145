from django.apps import AppConfig


class InspectionConfig(AppConfig):
    name = "zhengtu.inspection"
    label = "inspection"
