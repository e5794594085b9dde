from django.apps import AppConfig


class DatapacksConfig(AppConfig):
    """Data packs: facts with their sources, loaded into an empty database."""

    name = "dotpha.datapacks"

    def ready(self) -> None:
        from dotpha.datapacks import load  # noqa: PLC0415 -- models are not ready at import time
        from dotpha.platform import doctor  # noqa: PLC0415

        doctor.prepare_hooks.append(load.prepare)
