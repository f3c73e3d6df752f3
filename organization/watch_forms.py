"""What people may say about what we watch for. A line that cannot be taken is quoted, and none is."""

import datetime as dt
import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from .calendars import moment_of
from .forms import HostsField, NamesField
from .models import Unit
from .watched import QuietPeriod, WatchedName
from .watching import Window

MOST_LINES = 500
MOST_PROBLEMS = 5
SHORTEST_NAME = 3  # letters and digits
LONGEST_NAME = 120


class LinesField(NamesField):
    """Many names at once, one a line, as pasted from a sheet."""

    most = MOST_LINES
    widget = forms.Textarea(attrs={"rows": 6, "autocomplete": "off", "spellcheck": "false"})

    def __init__(self, **options: object) -> None:
        super().__init__(**{"required": True, "max_length": 60_000, **options})

    def clean(self, value: str) -> list[str]:
        names = super().clean(value)
        problems = [problem for problem in map(self._problem, names) if problem]
        if len(problems) > MOST_PROBLEMS:
            problems[MOST_PROBLEMS:] = [f"And {len(problems) - MOST_PROBLEMS} more."]
        if problems:
            raise ValidationError(problems)
        return names

    @staticmethod
    def _problem(name: str) -> str:
        if sum(map(str.isalnum, name)) < SHORTEST_NAME:
            return f"“{name}” is too short: it would be found in many innocent posts."
        if len(name) > LONGEST_NAME:
            return f"“{name[:20]}…” is too long: {LONGEST_NAME} characters at most."
        return ""


class AddNamesForm(forms.Form):
    """Names for one list."""

    def __init__(self, which: str, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        if which == WatchedName.List.DENIED_HOSTS:
            self.fields["names"] = HostsField(
                label="Sites to add",
                required=True,
                most=MOST_LINES,
                help_text="One a line, such as badsource.example. Its subdomains count too.",
            )
        else:
            self.fields["names"] = LinesField(
                label="Names to add",
                help_text="One a line. Write an everyday word with what goes with it: Project Falcon, not Falcon.",
            )


class EndNamesForm(forms.Form):
    """Which names to take off a list."""

    names = forms.ModelMultipleChoiceField(
        queryset=WatchedName.objects.none(),
        error_messages={
            "required": "Tick the names to take off first.",
            "invalid_choice": "Somebody took one of them off meanwhile. Look again.",
        },
    )

    def __init__(self, which: str, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        self.fields["names"].queryset = WatchedName.objects.on(which)


class WallClockField(forms.DateTimeField):
    """What a clock on the wall shows, in no zone yet."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value: object) -> dt.datetime | None:
        with timezone.override(dt.UTC):
            moment = super().to_python(value)
        return moment and moment.replace(tzinfo=None)


class QuietPeriodForm(forms.Form):
    """A window of an issuer, and what is closed in it."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    issuer = forms.CharField(
        label="Whose quiet period",
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="Another company's name. Leave it empty for our own company.",
    )
    also_called = NamesField(
        label="Other names and tickers",
        help_text="One a line, such as INTR or Initrode Group.",
    )
    topics = forms.MultipleChoiceField(
        label="What is closed",
        choices=QuietPeriod.Topic,
        initial=list(QuietPeriod.Topic.values),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one thing that is closed."},
    )
    starts = WallClockField(label="From")
    ends = WallClockField(
        label="Until", required=False, help_text="Empty: until somebody ends it here."
    )
    unit = forms.ModelChoiceField(
        label="On the clock of", queryset=Unit.objects.all(), empty_label=None
    )
    reason = forms.CharField(
        label="Why",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Only those who keep this page see it. Authors are never told.",
    )

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].label_from_instance = lambda unit: f"{unit.name} ({unit.time_zone})"

    def clean_issuer(self) -> str:
        return " ".join(self.cleaned_data["issuer"].split())

    def clean_also_called(self) -> list[str]:
        short = [n for n in self.cleaned_data["also_called"] if sum(map(str.isalnum, n)) < 2]  # noqa: PLR2004
        if short:
            raise ValidationError(f"“{short[0]}” is too short: it would be found in many posts.")
        return self.cleaned_data["also_called"]

    def clean(self) -> dict:
        cleaned = super().clean()
        if unit := cleaned.get("unit"):
            moments = [self._moment(name, unit) for name in ("starts", "ends")]
            if all(moments) and moments[1] <= moments[0]:
                self.add_error("ends", "The end must come after the beginning.")
            elif moments[1] and moments[1] <= timezone.now():
                self.add_error("ends", "This end has passed already. Choose a later one.")
        return cleaned

    def _moment(self, name: str, unit: Unit) -> dt.datetime | None:
        wall = self.cleaned_data.get(name)
        try:
            return wall and moment_of(wall, unit.time_zone, last=name == "ends")
        except ValueError as error:
            self.add_error(name, str(error))
            return None

    def period(self) -> dict:
        """What the action takes."""
        said = dict(self.cleaned_data)
        return said | {"window": Window(said.pop("unit"), said.pop("starts"), said.pop("ends"))}
