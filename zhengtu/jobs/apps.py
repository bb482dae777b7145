from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "zhengtu.jobs"
    label = "jobs"
