from django.apps import AppConfig


class LcpsConfig(AppConfig):
    name = "lcps"
    verbose_name = "Centre"

    def ready(self) -> None:
        from lcps import checks  # (registers the system checks)

        checks.refuse_unsafe_start()
