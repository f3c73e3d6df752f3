"""What people say of blackouts, and when they break the glass."""

import datetime as dt
import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from organization.calendars import moment_of
from organization.models import Unit
from organization.watch_forms import WallClockField
from organization.watching import Window

from .forms import SeenForm
from .models import Channel

LONGEST_BLACKOUT = dt.timedelta(days=366)
CONFIRM = "break the glass"
FEWEST_WORDS, FEWEST_LETTERS = 5, 20


class BlackoutForm(forms.Form):
    """Which channels are silent, from when until when, and why."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    channels = forms.ModelMultipleChoiceField(
        label="Which channels are silent",
        queryset=Channel.objects.in_use(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="None ticked: all of them.",
    )
    starts = WallClockField(label="From")
    ends = WallClockField(label="Until", help_text="You can end it earlier here.")
    unit = forms.ModelChoiceField(
        label="On the clock of", queryset=Unit.objects.all(), empty_label=None
    )
    reason = forms.CharField(
        label="Why",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Authors read it. Do not name what is not public.",
        error_messages={"required": "Say in a sentence why; authors read it."},
    )

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].label_from_instance = lambda unit: f"{unit.name} ({unit.time_zone})"

    def clean(self) -> dict:
        cleaned = super().clean()
        if unit := cleaned.get("unit"):
            starts, ends = (self._moment(name, unit) for name in ("starts", "ends"))
            if starts and ends and ends <= starts:
                self.add_error("ends", "The end must come after the beginning.")
            elif ends and ends <= timezone.now():
                self.add_error("ends", "This end has passed already. Choose a later one.")
            elif starts and ends and ends - starts > LONGEST_BLACKOUT:
                self.add_error("ends", "A year is the longest. Set the rest when it comes.")
        return cleaned

    def _moment(self, name: str, unit: Unit) -> dt.datetime | None:
        wall = self.cleaned_data.get(name)
        try:
            return wall and moment_of(wall, unit.time_zone, last=name == "ends")
        except ValueError as error:
            self.add_error(name, str(error))
            return None

    def blackout(self) -> dict:
        """What `silencing.set_blackout` takes."""
        said = dict(self.cleaned_data)
        window = Window(said.pop("unit"), said.pop("starts"), said.pop("ends"))
        return said | {"window": window, "channels": list(said["channels"])}


class BreakGlassForm(SeenForm):
    """A reason of a sentence, and words that nobody types by mistake."""

    reason = forms.CharField(
        label="Why this cannot wait for its desk",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="A sentence at least. It stands in the record for good.",
        error_messages={"required": "Say in a sentence why this cannot wait."},
    )
    confirm = forms.CharField(
        label=f"To confirm, type: {CONFIRM}",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
        error_messages={"required": f"Type “{CONFIRM}” to confirm."},
    )

    def clean_reason(self) -> str:
        reason = " ".join(self.cleaned_data["reason"].split())
        if len(reason.split()) < FEWEST_WORDS or sum(map(str.isalpha, reason)) < FEWEST_LETTERS:
            raise ValidationError("That is less than a sentence. Say what happened, and why now.")
        return reason

    def clean_confirm(self) -> str:
        if " ".join(self.cleaned_data["confirm"].casefold().split()) != CONFIRM:
            raise ValidationError(f"Type exactly “{CONFIRM}” to confirm.")
        return CONFIRM
