"""What a token may be used for. Pure."""

from django.db import models


class Scope(models.TextChoices):
    SCREEN = "screen", "Look at a text and say what the policy makes of it"
    SUBMIT = "submit", "Put posts forward, take them back and report them published"
    READ = "read", "Read your posts, those that you review, and their records"
    DECIDE = "decide", "Decide on posts that you review"
    CALENDAR = "calendar", "Show planned posts in a calendar"


FOR_PROGRAMS = [Scope.SCREEN, Scope.SUBMIT, Scope.READ, Scope.DECIDE]
