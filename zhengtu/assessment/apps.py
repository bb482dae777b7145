from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "zhengtu.assessment"
    label = "assessment"
