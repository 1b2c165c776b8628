from django.apps import AppConfig


class LcpsConfig(AppConfig):
    name = "lcps"
    verbose_name = "Centre"

    def ready(self) -> None:
        from lcps import checks  # noqa: F401  (registers the system checks)
