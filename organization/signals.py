"""What the apps above may want to know at once."""

from django.dispatch import Signal

# Somebody cannot decide any more: they left, or an absence began. Sent after the commit; ``person`` is their key.
went_away = Signal()
