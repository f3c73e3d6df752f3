"""A post as a page of Wagtail."""

from django.db import models
from wagtail.models import Page


class PostPage(Page):
    text = models.TextField()

    class Meta:
        app_label = "wagtail_site"
