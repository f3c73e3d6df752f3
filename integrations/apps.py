"""What goes in and out by programs: the API, webhooks, rooms of reviewers, the calendar."""

from django.apps import AppConfig

from organization import clock

HOUR = 60 * 60


class IntegrationsConfig(AppConfig):
    name = "integrations"
    verbose_name = "Integrations"

    def ready(self) -> None:
        clock.every(2, "tell receivers what has happened", "integrations.duties.forward")
        clock.every(5, "send what receivers wait for", "integrations.duties.send_due")
        clock.every(HOUR, "forget old keys and deliveries", "integrations.duties.forget")
