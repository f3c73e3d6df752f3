"""Line breaks of people's text, kept on pages without trusting the text."""

from markupsafe import Markup, escape


def keep_lines(text: str) -> Markup:
    """Escape the text and show each line break as one."""
    return Markup("<br>").join(escape(text).splitlines())
