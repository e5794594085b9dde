from django.apps import AppConfig


class DatapacksConfig(AppConfig):
    name = "dotpha.datapacks"
