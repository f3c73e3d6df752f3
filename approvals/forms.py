"""One request's shape and sentence; rules about the world are asked by the actions."""

import uuid

from django import forms

from organization.models import Person, Unit
from organization.roles import Role
from policy_builder.models import Provision

from .models import Channel, StandingApproval, Verdict, reviewers_of

LONGEST_POST = 100_000  # code points


class PostForm(forms.Form):
    """A post as its author writes it. ``key`` makes a repeated press the same submission."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    text = forms.CharField(
        label="Your post",
        max_length=LONGEST_POST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 7, "autocomplete": "off"}),
        error_messages={
            "required": "Write or paste your post first.",
            "max_length": "That is longer than any network takes. Shorten it to 100,000 characters.",
        },
    )
    channels = forms.ModelMultipleChoiceField(
        label="Where it will go out",
        queryset=Channel.objects.in_use(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one place where the post will go out."},
    )
    window_from = forms.DateTimeField(
        label="Not before",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    window_until = forms.DateTimeField(
        label="Not after",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    note = forms.CharField(
        label="A word to your reviewer",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args, **kwargs) -> None:
        """A browser would cut a text that is too long without a word; we say so instead."""
        super().__init__(*args, **kwargs)
        del self.fields["text"].widget.attrs["maxlength"]

    def post(self) -> dict:
        """What the actions take; the browser's line ends become single line feeds."""
        post = {name: value for name, value in self.cleaned_data.items() if name != "key"}
        return post | {
            "text": post["text"].replace("\r\n", "\n"),
            "channels": list(post["channels"]),
        }


class RevisionForm(PostForm):
    """A change to a post, bound to the text that its author had before."""

    key = None
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)


class SeenForm(forms.Form):
    """A press that is bound to the text on the screen."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)


class DecisionForm(SeenForm):
    """A reviewer's verdict; a reason where the author needs one, a provision to decline."""

    verdict = forms.ChoiceField(choices=Verdict)
    reason = forms.CharField(
        label="Why, and what would make it fine",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    provision = forms.ModelChoiceField(
        label="Which provision stands against it", queryset=Provision.objects.none(), required=False
    )

    def __init__(self, *args, provisions, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["provision"].queryset = provisions

    def clean(self) -> dict:
        cleaned = super().clean()
        verdict = cleaned.get("verdict")
        if (
            verdict in {Verdict.SEND_BACK, Verdict.DECLINE}
            and not cleaned.get("reason", "").strip()
        ):
            self.add_error("reason", "Say in a sentence why, so that the author knows what to do.")
        if verdict == Verdict.DECLINE and not cleaned.get("provision"):
            self.add_error("provision", "Choose the provision that the post would break.")
        return cleaned


class PublishForm(SeenForm):
    url = forms.URLField(
        label="Link to the post", max_length=500, required=False, assume_scheme="https"
    )


class RecallForm(forms.Form):
    reason = forms.CharField(
        label="Why we no longer stand behind it",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why; the author is told."},
    )


class StandingApprovalForm(forms.ModelForm):
    ends_at = forms.DateTimeField(
        label="Until",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    units = forms.ModelMultipleChoiceField(
        label="For people in", queryset=Unit.objects.all(), widget=forms.CheckboxSelectMultiple
    )
    channels = forms.ModelMultipleChoiceField(
        label="On", queryset=Channel.objects.in_use(), widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = StandingApproval
        fields = ["units", "channels", "daily_cap", "sampling_percent", "ends_at"]
        labels = {
            "daily_cap": "At most this many posts in 24 hours",
            "sampling_percent": "Look afterwards at this share of them (per cent)",
        }


class ChannelForm(forms.ModelForm):
    reviewers = forms.ModelMultipleChoiceField(
        label="Its desk: who decides on its posts",
        help_text="People with the role of reviewer.",
        queryset=Person.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = Channel
        fields = ["name", "network", "is_official", "content_class", "is_active"]
        labels = {
            "is_official": "It speaks in the company's name",
            "content_class": "What goes out on it",
            "is_active": "In use",
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reviewers"].queryset = Person.objects.holding(Role.REVIEWER)
        if self.instance.pk:
            self.initial["reviewers"] = reviewers_of([self.instance])
