"""The project: the only place that knows every app."""
