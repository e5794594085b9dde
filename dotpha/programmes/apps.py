from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "dotpha.programmes"

    def ready(self) -> None:
        from dotpha.platform import audit  # noqa: PLC0415 -- models are there only now
        from dotpha.programmes.events import KINDS  # noqa: PLC0415

        audit.register(KINDS)
