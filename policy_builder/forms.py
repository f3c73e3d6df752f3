"""One request's shape and sentence; what a policy needs is asked by the actions."""

import datetime as dt

from django import forms
from django.utils import timezone

from clause_library.files import Blank, Playbook
from clause_library.models import ClauseVersion
from organization.models import Unit

from .answers import AnswerError, clean_answer
from .drafts import shipped

MOMENT = "%Y-%m-%dT%H:%M"
THREE_WEEKS = dt.timedelta(days=21)


def moment_input() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)


def playbooks() -> list[tuple[str, str]]:
    return [(book.name, f"{book.title}: {book.audience}") for book in shipped().playbooks.values()]


class StartForm(forms.Form):
    playbook = forms.ChoiceField(label="Start from", widget=forms.RadioSelect, choices=playbooks)
    title = forms.CharField(
        label="What it is called", max_length=160, initial="Social media policy"
    )
    units = forms.ModelMultipleChoiceField(
        label="For people in",
        help_text="Tick none to cover everybody.",
        queryset=Unit.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    @property
    def books(self) -> list[Playbook]:
        """The playbooks, in the order of their choices."""
        return list(shipped().playbooks.values())


def answer_field(blank: Blank) -> forms.Field:
    """A form field that takes what its blank takes, with the question as its label."""
    field = {
        "yes_no": lambda: forms.ChoiceField(
            choices=[("yes", "Yes"), ("no", "No")], widget=forms.RadioSelect
        ),
        "choice": lambda: forms.ChoiceField(
            choices=[("", "Choose one"), *((one, one) for one in blank.choices)]
        ),
        "list": lambda: forms.CharField(widget=forms.Textarea(attrs={"rows": 4})),
        "long_text": lambda: forms.CharField(widget=forms.Textarea(attrs={"rows": 5})),
    }.get(blank.kind, forms.CharField)()
    field.label = blank.question
    field.required = blank.required
    field.help_text = _hint(blank)
    return field


def _hint(blank: Blank) -> str:
    """How to answer, with an example where yes or no would not be one."""
    parts = [blank.help, "One a line." if blank.kind == "list" else ""]
    if blank.example and blank.kind != "yes_no":
        items = blank.example if isinstance(blank.example, list) else [blank.example]
        parts.append(f"For example: {'; '.join(map(str, items))}")
    return " ".join(filter(None, parts))


class InterviewForm(forms.Form):
    """A few questions of the interview. What is left empty stays open: it can be answered later."""

    use_required_attribute = False

    def __init__(self, *args, questions, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.blanks = {question.name: question.blank for question in questions}
        for question in questions:
            self.fields[question.name] = answer_field(question.blank)
            self.initial[question.name] = _shown(question.answer)

    def full_clean(self) -> None:
        super().full_clean()
        for name in self.fields:
            if self.has_error(name, "required"):
                del self.errors[name]
                self.cleaned_data[name] = ""

    def clean(self) -> dict:
        cleaned = super().clean()
        for name, blank in self.blanks.items():
            value = cleaned.get(name)
            if not value:
                continue
            try:
                cleaned[name] = clean_answer(blank, value)
            except AnswerError as error:
                self.add_error(name, str(error))
        return cleaned


def _shown(answer):
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    return "\n".join(answer) if isinstance(answer, list) else answer


class ProvisionForm(forms.Form):
    """What a drafter changes about one clause in this policy."""

    body = forms.CharField(
        label="The words in this policy", widget=forms.Textarea(attrs={"rows": 10}), required=False
    )
    because = forms.CharField(
        label="Why you change it",
        max_length=300,
        required=False,
        help_text="Whoever approves the policy reads it beside the clause.",
    )
    leave_out = forms.BooleanField(label="Leave this clause out", required=False)

    def clean(self) -> dict:
        cleaned = super().clean()
        is_kept = "preview" not in self.data
        if is_kept and (self.has_changed() and not cleaned.get("because", "").strip()):
            self.add_error("because", "Say why in a sentence.")
        return cleaned


class AddForm(forms.Form):
    """A clause to take in, where, and why."""

    clause = forms.ChoiceField(label="Which clause")
    section = forms.ChoiceField(label="In which section")
    because = forms.CharField(
        label="Why it is in", max_length=300, help_text="People who read the draft see it."
    )

    def __init__(self, *args, clauses, sections, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clause"].choices = [
            (shelf, [(version.clause.name, version.title) for version in versions])
            for shelf, versions in clauses.items()
        ]
        self.fields["section"].choices = [(title, title) for title in sections]


class NoteForm(forms.Form):
    """An approver's answer, bound to the text on the screen."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    note = forms.CharField(
        label="What should change",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    step = forms.ChoiceField(choices=[("approve", "Approve"), ("send_back", "Send back")])

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("step") == "send_back" and not cleaned.get("note", "").strip():
            self.add_error("note", "Say in a sentence what should change.")
        return cleaned


class IssueForm(forms.Form):
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    in_force_from = forms.DateTimeField(
        label="In force from",
        help_text="Leave it empty for now.",
        required=False,
        widget=moment_input(),
    )
    significance = forms.ChoiceField(
        label="What kind of change it is",
        choices=ClauseVersion.Significance,
        widget=forms.RadioSelect,
        initial=ClauseVersion.Significance.MATERIAL,
        required=False,  # not asked for the first edition
    )
    change_note = forms.CharField(
        label="What changed, in a sentence", max_length=300, required=False
    )
    ask = forms.BooleanField(
        label="Ask everybody it covers to acknowledge it", required=False, initial=True
    )
    due_at = forms.DateTimeField(
        label="Acknowledge by",
        required=False,
        widget=moment_input(),
        initial=lambda: (timezone.localtime() + THREE_WEEKS).replace(hour=17, minute=0),
    )

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("ask") and not cleaned.get("due_at") and "due_at" not in self.errors:
            self.add_error("due_at", "Say by when people should acknowledge it.")
        starts = max(cleaned.get("in_force_from") or timezone.now(), timezone.now())
        if cleaned.get("ask") and cleaned.get("due_at") and cleaned["due_at"] <= starts:
            self.add_error("due_at", "Choose a time after it is in force.")
        return cleaned

    def wanted(self) -> dict:
        """What the action takes; asking is one act with issuing."""
        wanted = dict(self.cleaned_data)
        wanted["significance"] = wanted["significance"] or ClauseVersion.Significance.MATERIAL
        if not wanted.pop("ask"):
            wanted["due_at"] = None
        return wanted


class AcknowledgeForm(forms.Form):
    """The tick and the press; both words are recorded."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    consent = forms.BooleanField(
        error_messages={"required": "Tick this to sign on screen, or ask for paper."}
    )
    box = forms.BooleanField(
        error_messages={"required": "Tick the box to say that you have read it."}
    )

    def __init__(self, *args, needs_consent: bool, box_label: str, consent_label: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["box"].label = box_label
        self.fields["consent"].label = consent_label
        if not needs_consent:
            del self.fields["consent"]
