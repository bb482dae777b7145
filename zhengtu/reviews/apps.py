from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "zhengtu.reviews"
    label = "reviews"
