"""The web server: gunicorn, with all pages loaded once before it splits into processes."""

from django.conf import settings
from django.utils.module_loading import import_string
from gunicorn.app.base import BaseApplication


class WebServer(BaseApplication):
    def load_config(self) -> None:
        for name, value in options().items():
            self.cfg.set(name, value)

    def load(self) -> object:
        return import_string(settings.WSGI_APPLICATION)


def options() -> dict[str, object]:
    return {
        "bind": f"{host()}:{settings.COUNTERSIGN_PORT}",
        "workers": settings.COUNTERSIGN_WEB_PROCESSES,
        "preload_app": True,
        "timeout": 60,
        "graceful_timeout": 25,
        "loglevel": "warning",
        "control_socket_disable": True,
    }


def host() -> str:
    """Loopback alone, until somebody says under which names we answer."""
    return "0.0.0.0" if settings.COUNTERSIGN_PRODUCTION else "127.0.0.1"  # noqa: S104  as asked


def run() -> None:
    WebServer().run()
