"""One request's shape and sentence; rules about the world are asked by the actions."""

import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django import forms

from clause_library.checks.model import Medium
from documents.media.kinds import BY_TYPE
from organization.models import Person, Unit
from organization.roles import Role
from policy_builder.models import Provision

from .actions import LONGEST_ALT_TEXT, LONGEST_POST, MOST_MEDIA
from .findings import Judged
from .judging import OVERRULED, UPHELD, Missed, Opinion, Said, span_of
from .models import (
    Channel,
    FindingVerdict,
    Licence,
    Minors,
    Screening,
    StandingApproval,
    Submission,
    Verdict,
    reviewers_of,
)

MOST_CO_AUTHORS = 10


def words_of(name: str) -> str:
    """A check's name as people read it: "growth-promises" is "Growth promises"."""
    return name.replace("-", " ").replace("_", " ").capitalize()


@dataclass(frozen=True)
class MediaRow:
    """What the page shows of one picture, video or PDF: its file, and the fields that its author fills in."""

    number: int
    file: str  # digest, or empty
    new: forms.BoundField
    fields: tuple[forms.BoundField, ...]

    @property
    def is_used(self) -> bool:
        """Whether anything is said in it, or wrong with it."""
        alt_text, licence, minors = (bound.value() for bound in self.fields)
        said = alt_text or licence or minors not in {None, "", Minors.NONE}
        return bool(self.file or said or self.has_errors)

    @property
    def has_errors(self) -> bool:
        return bool(self.new.errors or any(bound.errors for bound in self.fields))


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
    corrects = forms.ModelChoiceField(
        queryset=Submission.objects.none(), widget=forms.HiddenInput, required=False
    )  # one's own post that is out; the page knows which
    note = forms.CharField(
        label="A word to your reviewer",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    co_authors = forms.CharField(
        label="Who wrote it with you",
        help_text="Their e-mail addresses. None of them decides on it.",
        max_length=1_000,
        required=False,
    )

    def clean_co_authors(self) -> list[Person]:
        """Colleagues by their addresses, apart by commas or spaces."""
        written = self.cleaned_data["co_authors"].replace(",", " ").replace(";", " ").split()
        addresses = {address.lower() for address in written}
        if len(addresses) > MOST_CO_AUTHORS:
            raise forms.ValidationError(f"Name {MOST_CO_AUTHORS} people at most.")
        found = list(Person.objects.active().filter(email__in=addresses))
        if unknown := addresses - {person.email for person in found}:
            raise forms.ValidationError(
                f"Nobody here has this address: {', '.join(sorted(unknown))}."
            )
        return found

    def __init__(self, *args, **kwargs) -> None:
        """A browser would cut a text that is too long without a word; we say so instead."""
        super().__init__(*args, **kwargs)
        del self.fields["text"].widget.attrs["maxlength"]
        for number in range(1, MOST_MEDIA + 1):
            self.fields |= _medium_fields(number)

    def media_rows(self) -> list[MediaRow]:
        """What the page shows of each picture or video."""
        return [self.media_row(number) for number in range(1, MOST_MEDIA + 1)]

    def media_row(self, number: int) -> MediaRow:
        *said, file = (self[name] for name in _names(number))
        return MediaRow(number, _digest(file.value()), self[new_file(number)], tuple(said))

    def media_declared(self) -> tuple[Medium, ...]:
        """What is said of pictures and video so far, also before the form is complete. Empty rows count for nothing."""
        said = (
            (row.file, *(bound.value() or "" for bound in row.fields)) for row in self.media_rows()
        )
        return tuple(
            Medium(
                alt_text.replace("\r\n", "\n").strip(),
                licence or Licence.UNKNOWN.value,
                minors or Minors.NONE.value,
                file,
            )
            for file, alt_text, licence, minors in said
            if file or alt_text.strip() or licence or minors not in {"", Minors.NONE}
        )

    def post(self) -> dict:
        """What the actions take; the browser's line ends become single line feeds."""
        post = {
            name: value
            for name, value in self.cleaned_data.items()
            if name != "key" and not name.startswith("medium_")
        }
        return post | {
            "text": post["text"].replace("\r\n", "\n"),
            "channels": list(post["channels"]),
            "media": self.media_declared(),
        }


def _names(number: int) -> list[str]:
    return [f"medium_{number}_{of}" for of in ("alt_text", "licence", "minors", "file")]


def new_file(number: int) -> str:
    """The name of the field in which a file comes up."""
    return f"medium_{number}_new"


def empty_row(number: int) -> dict[str, str]:
    """The values of its fields when a picture or video is taken out of a post."""
    return dict.fromkeys(_names(number), "")


def _digest(value: str | None) -> str:
    return value if value and re.fullmatch(r"[0-9a-f]{64}", value) else ""


def _medium_fields(number: int) -> dict[str, forms.Field]:
    """What an author declares of one picture or video."""
    alt_text = forms.CharField(
        label="Alt text: what it shows, for people who cannot see it",
        max_length=LONGEST_ALT_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": "Shorten it to 1,000 characters."},
    )
    del alt_text.widget.attrs["maxlength"]  # as with the text
    licence = forms.ChoiceField(
        label="Whose it is", choices=[("", "Choose"), *Licence.choices], required=False
    )
    minors = forms.ChoiceField(
        label="Is anybody under 18 in it?",
        choices=Minors,
        required=False,
    )
    file = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    new = forms.FileField(
        label=f"File of picture or video {number}",
        required=False,
        widget=forms.FileInput(attrs={"accept": ",".join(BY_TYPE), "data-attach": number}),
    )
    fields = zip(_names(number), (alt_text, licence, minors, file), strict=True)
    return dict(fields) | {new_file(number): new}


def media_fields(media: Iterable[Medium]) -> dict[str, str]:
    """The values of a form's fields that declare these."""
    return {
        name: value
        for number, one in enumerate(media, start=1)
        for name, value in zip(
            _names(number), (one.alt_text, one.licence, one.minors, one.file), strict=True
        )
    }


class RevisionForm(PostForm):
    """A change to a post, bound to the text that its author had before."""

    key = None
    corrects = None
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)


class SeenForm(forms.Form):
    """A press that is bound to the text on the screen."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)


class WordingForm(SeenForm):
    """Another wording for a post, by its reviewer."""

    text = forms.CharField(
        label="With this wording",
        max_length=LONGEST_POST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
        error_messages={"required": "Write the wording first."},
    )
    because = forms.CharField(
        label="Why this wording",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["text"].widget.attrs["maxlength"]  # as with a post

    def wording(self) -> dict:
        """What `offers.offer` takes; the browser's line ends become single line feeds."""
        cleaned = self.cleaned_data
        return {
            "seen": cleaned["seen"],
            "text": cleaned["text"].replace("\r\n", "\n"),
            "reason": cleaned["because"],
        }


class AnswerForm(SeenForm):
    words = forms.CharField(
        label="Your answer",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write your answer first."},
    )


class VerdictsForm(SeenForm):
    """What a reviewer says of each finding that stands on the screen, and of what was missed."""

    missed_quote = forms.CharField(
        label="The words that should have been noticed",
        help_text="Copied from the post.",
        max_length=500,
        required=False,
    )
    missed_by = forms.ChoiceField(label="What should have noticed them", required=False)

    def __init__(
        self, *args, provisions: Iterable[Provision], judged: Sequence[Judged], **kwargs
    ) -> None:
        super().__init__(*args, **kwargs)
        # Judged ones too: whoever was slower than a colleague is told so, instead of being heard by nobody.
        self.judged = [one for one in judged if one.finding["severity"] != "advice"]
        for one in self.judged:
            self.fields[f"finding_{one.hit.pk}"] = forms.ChoiceField(
                label="Was the check right?",
                choices=FindingVerdict.Outcome,
                widget=forms.RadioSelect,
                required=False,
            )
            self.fields[f"because_{one.hit.pk}"] = forms.CharField(
                label="It is fine because", max_length=500, required=False
            )
        self.fields["missed_by"].choices = [("", "Choose a check"), *_checks_of(provisions)]

    def bound(self, one: Judged) -> tuple[forms.BoundField, forms.BoundField]:
        """The two fields of a finding, for the page."""
        return self[f"finding_{one.hit.pk}"], self[f"because_{one.hit.pk}"]

    def clean(self) -> dict:
        cleaned = super().clean()
        opinions = {}
        for one in self.judged:
            key = one.hit.pk
            because = cleaned.get(f"because_{key}", "").strip() or self.spare_reason()
            outcome = cleaned.get(f"finding_{key}") or (
                OVERRULED if cleaned.get(f"because_{key}", "").strip() else self.spare_outcome(one)
            )
            if outcome == OVERRULED and not because:
                self.add_error(self.reason_field(one), "Say in a sentence why it is fine here.")
            elif outcome:
                opinions[key] = Opinion(outcome, because if outcome == OVERRULED else "")
        cleaned["said"] = Said(opinions, self._missed(cleaned))
        return cleaned

    def spare_outcome(self, one: Judged) -> str:
        """What the press says of findings that nothing else is said of."""
        return ""

    def spare_reason(self) -> str:
        return ""

    def reason_field(self, one: Judged) -> str:
        return f"because_{one.hit.pk}"

    def _missed(self, cleaned: dict) -> Missed | None:
        quote, by = cleaned.get("missed_quote", "").strip(), cleaned.get("missed_by")
        if quote and not by:
            self.add_error("missed_by", "Choose the check that should have noticed these words.")
        if by and not quote:
            self.add_error("missed_quote", "Copy the words from the post.")
        if not (quote and by):
            return None
        clause, version, check = by.split("/", 2)
        return Missed(quote, clause, int(version), check)

    def refuse_foreign_quote(self, text: str) -> None:
        """Called by the page, which knows the post: the quote must stand in it."""
        missed = self.cleaned_data["said"].missed if "said" in self.cleaned_data else None
        if missed and span_of(missed.quote, text) is None:
            self.add_error("missed_quote", "These words are not in the post. Copy them from it.")


def _checks_of(provisions: Iterable[Provision]) -> Iterable[tuple[str, list[tuple[str, str]]]]:
    """The checks of an edition, by provision; the last choice of each: none of its checks."""
    for provision in provisions:
        version = provision.clause_version
        start = f"{provision.anchor}/{version.number}/"
        checks = [(start + one["name"], words_of(one["name"])) for one in version.checks]
        yield str(provision), [*checks, (start, "No check of it looks for this")]


VERDICTS = [
    one for one in Verdict.choices if one[0] != Verdict.AGREE
]  # that is for the route to say


class DecisionForm(VerdictsForm):
    """A reviewer's decision; a reason where the author needs one, a provision to decline.

    Clearing a post with findings is one press that says whether they were right: *clear_right* or *clear_fine*. It
    speaks of the findings that stood on the screen (``shown``) and of which nothing else is said.
    """

    RIGHT, FINE = "clear_right", "clear_fine"
    verdict = forms.ChoiceField(
        choices=[*VERDICTS, (RIGHT, "Clear: right to ask"), (FINE, "Clear: fine here")]
    )
    shown = forms.CharField(max_length=5000, required=False, widget=forms.HiddenInput)
    fine_because = forms.CharField(label="It is fine because", max_length=500, required=False)
    reason = forms.CharField(
        label="Why, and what would make it fine",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    provision = forms.ModelChoiceField(
        label="Which provision stands against it",
        help_text="Declining upholds the findings that cite it.",
        queryset=Provision.objects.none(),
        required=False,
    )

    def __init__(self, *args, provisions, judged, **kwargs) -> None:
        super().__init__(*args, provisions=provisions, judged=judged, **kwargs)
        self.fields["provision"].queryset = provisions
        self.initial["shown"] = ",".join(str(one.hit.pk) for one in self.judged if one.asks)

    @property
    def asks(self) -> bool:
        return any(one.asks for one in self.judged)

    def spare_outcome(self, one: Judged) -> str:
        if not one.asks or str(one.hit.pk) not in self.cleaned_data.get("shown", "").split(","):
            return ""
        return {self.RIGHT: UPHELD, self.FINE: OVERRULED}.get(self.cleaned_data.get("verdict"), "")

    def spare_reason(self) -> str:
        return self.cleaned_data.get("fine_because", "").strip()

    def reason_field(self, one: Judged) -> str:
        return (
            super().reason_field(one)
            if self.cleaned_data.get(f"finding_{one.hit.pk}")
            else "fine_because"
        )

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

    def decision(self) -> dict:
        """What `actions.decide` takes."""
        cleaned = self.cleaned_data
        clears = cleaned["verdict"] in {self.RIGHT, self.FINE}
        return {
            "seen": cleaned["seen"],
            "verdict": Verdict.CLEAR if clears else cleaned["verdict"],
            "reason": cleaned["reason"],
            "provision": cleaned["provision"],
            "said": cleaned["said"],
        }


def verdicts_form(form_class, data, submission: Submission, screening: Screening, findings):
    """The form in which findings of a post are judged, with the checks of the edition that screened it."""
    form = form_class(
        data,
        initial={"seen": submission.revision.digest},
        provisions=screening.edition.provisions.select_related("clause_version"),
        judged=findings,
    )
    if form.is_valid():
        form.refuse_foreign_quote(submission.revision.text)
    return form


class ReplayForm(forms.Form):
    """How many decided posts a changed check is tried on."""

    most = forms.TypedChoiceField(
        label="How many posts",
        choices=[(number, f"the last {number}") for number in (50, 200, 500)],
        coerce=int,
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
        fields = ["name", "network", "is_official", "content_class", "is_active", "deputy"]
        help_texts = {
            "deputy": "Gets a post when the promised time is up. Somebody at the desk; without one "
            "it goes to the next free reviewer."
        }
        labels = {
            "deputy": "Its deputy",
            "is_official": "It speaks in the company's name",
            "content_class": "What goes out on it",
            "is_active": "In use",
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reviewers"].queryset = Person.objects.holding(Role.REVIEWER)
        self.fields["deputy"].queryset = Person.objects.holding(Role.REVIEWER)
        self.fields["deputy"].empty_label = "Nobody"
        if self.instance.pk:
            self.initial["reviewers"] = reviewers_of([self.instance])

    field_order = ["name", "network", "is_official", "content_class", "is_active", "reviewers"]

    def clean(self) -> dict:
        cleaned = super().clean()
        deputy = cleaned.get("deputy")
        if deputy and deputy not in cleaned.get("reviewers", ()):
            self.add_error("deputy", f"{deputy.name} does not sit at the desk. Tick them, too.")
        return cleaned
