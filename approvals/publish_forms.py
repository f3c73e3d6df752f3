"""The forms of what follows a decision: report, appeal, recall, and the shelf."""

from django import forms

from .bounds import LONGEST_SENTENCE
from .forms import SeenForm
from .models import Submission
from .published import LONGEST_ADDRESS, LONGEST_APPEAL
from .publishing import Report
from .shelving import LONGEST_TITLE


def _moment(label: str, **more) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, required=False, widget=widget, **more)


class PublishForm(SeenForm):
    """That a post is out on one channel, and what stands there."""

    channel = forms.IntegerField(widget=forms.HiddenInput)
    url = forms.URLField(
        label="Link to the post",
        max_length=LONGEST_ADDRESS,
        required=False,
        assume_scheme="https",
        error_messages={
            "invalid": "That is not a link. Paste the whole address, or leave it empty."
        },
    )
    text = forms.CharField(
        label="The text as it stands there",
        help_text="Copied from the network. We compare it with what was cleared.",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    first_used_at = _moment("Out since", help_text="Empty: since now.")
    last_used_at = _moment("Taken down on", help_text="Empty: it is still out.")

    def report(self) -> Report:
        cleaned = self.cleaned_data
        return Report(**{name: cleaned[name] for name in Report.__dataclass_fields__})


class AppealForm(SeenForm):
    reason = forms.CharField(
        label="Why another person should look at it",
        max_length=LONGEST_APPEAL,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Say in a sentence what the decision missed."},
    )


class RecallForm(forms.Form):
    reason = forms.CharField(
        label="Why we no longer stand behind it",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why; the author is told."},
    )


class RecallManyForm(RecallForm):
    """What was found by a search, as it stood on the screen, less what was unticked."""

    posts = forms.ModelMultipleChoiceField(
        label="Posts",
        queryset=Submission.objects.none(),
        error_messages={"required": "Tick at least one post."},
    )


class ShelfForm(SeenForm):
    title = forms.CharField(
        label="What people find it by",
        max_length=LONGEST_TITLE,
        error_messages={"required": "Give it a title by which people find it."},
    )
    template = forms.CharField(
        label="The text, with its places marked",
        help_text="Write {name} where the name of whoever shares it may stand, and {city} for a place. "
        "Change nothing else.",
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    longest_sentence = forms.IntegerField(
        label="An own first sentence of at most so many characters",
        help_text="0: they share it as it is.",
        min_value=0,
        max_value=LONGEST_SENTENCE,
        initial=0,
    )


class RetireForm(forms.Form):
    reason = forms.CharField(
        label="Why it goes",
        max_length=500,
        error_messages={"required": "Say why, for whoever looks for it."},
    )
