"""What people say of tokens, and administrators of receivers."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from approvals.models import Channel
from clause_library.text import check_text

from . import outbound
from .errors import AddressRefusedError, UnreachableError
from .models import EVENTS, Kind, Receiver, Token
from .scopes import FOR_PROGRAMS

LASTS = [(7, "a week"), (30, "30 days"), (90, "90 days"), (365, "a year")]


class TokenForm(forms.Form):
    """A program's name, what it may do, and for how long."""

    name = forms.CharField(
        label="Name of the program",
        help_text="It stands beside whatever the program does in your name, for ever. Name no person.",
        max_length=Token._meta.get_field("name").max_length,
    )
    scopes = forms.MultipleChoiceField(
        label="What it may do",
        choices=[(scope.value, scope.label) for scope in FOR_PROGRAMS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one thing that it may do."},
    )
    lasts = forms.TypedChoiceField(label="It works for", choices=LASTS, coerce=int, initial=90)

    def clean_name(self) -> str:
        for says in check_text(self.cleaned_data["name"], longest=40):
            raise ValidationError(says)
        return self.cleaned_data["name"]

    def token(self) -> dict:
        """What `actions.make_token` takes."""
        return {
            "name": self.cleaned_data["name"],
            "scopes": self.cleaned_data["scopes"],
            "ends_at": timezone.now() + dt.timedelta(days=self.cleaned_data["lasts"]),
        }


class ReceiverForm(forms.ModelForm):
    """Who is told outside, of what. The address is looked up before it is kept, and again before each message."""

    kind = forms.ChoiceField(label="Who is told", choices=Kind, widget=forms.RadioSelect)
    events = forms.MultipleChoiceField(
        label="A program of ours is told when a post becomes",
        choices=EVENTS,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    channels = forms.ModelMultipleChoiceField(
        label="A room is called to posts on",
        help_text="Only to posts all of whose channels are chosen here: nobody else may decide on them.",
        queryset=Channel.objects.in_use(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = Receiver
        fields = ["kind", "name", "url", "events", "channels", "with_text"]
        labels = {"url": "Address", "with_text": "Send the words of the post, too"}
        help_texts = {
            "url": "By https, as the program, Slack or Teams gives it. Whoever has that of a room can write in it.",
            "with_text": "Without them a message says only that there is a post, whose, and where.",
        }

    def clean_url(self) -> str:
        url = self.cleaned_data["url"]
        try:
            outbound.check(url)
        except (AddressRefusedError, UnreachableError) as refusal:
            raise ValidationError(refusal.says) from refusal
        return url

    def clean(self) -> dict:
        said = super().clean()
        if said.get("kind") == Kind.WEBHOOK and not said.get("events"):
            self.add_error("events", "Choose at least one thing that it is told.")
        if said.get("kind") in {Kind.SLACK, Kind.TEAMS} and not said.get("channels"):
            self.add_error("channels", "Choose at least one channel whose desk sits in this room.")
        return said

    def receiver(self) -> dict:
        """What the actions take: of a room no events, of a program no channels."""
        said = dict(self.cleaned_data)
        is_webhook = said["kind"] == Kind.WEBHOOK
        return said | {
            "events": said["events"] if is_webhook else [],
            "channels": [] if is_webhook else list(said["channels"]),
        }


class ChangedReceiverForm(ReceiverForm):
    """The kind stays; an address that is not given anew stays, too, for it is not shown."""

    kind = None

    class Meta(ReceiverForm.Meta):
        fields = ["name", "url", "events", "channels", "with_text", "is_active"]
        labels = ReceiverForm.Meta.labels | {"is_active": "In use"}

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        self.known = self.instance.url
        self.initial["url"] = ""
        self.fields["url"].required = False
        self.fields["url"].help_text = "Leave it empty to keep the one that we have."
        unfit = "channels" if self.instance.is_webhook else "events"
        del self.fields[unfit]
        self.initial.setdefault("channels", self.instance.channels.all())

    def clean_url(self) -> str:
        return super().clean_url() if self.cleaned_data["url"] else self.known

    def clean(self) -> dict:
        self.cleaned_data["kind"] = self.instance.kind
        return super().clean()

    def receiver(self) -> dict:
        """As above, without the kind."""
        said = {"events": [], "channels": []} | self.cleaned_data
        del said["kind"]
        return said | {"channels": list(said["channels"])}
