from django.apps import AppConfig


class ChannelConfig(AppConfig):
    name = "zhengtu.channel"
    label = "channel"
