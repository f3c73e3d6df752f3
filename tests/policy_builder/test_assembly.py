"""A policy says what is in, what is out and why; and asks for no more than it needs."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clause_library.files import Blank, ClauseText, Playbook, Seat, Section, read_library
from ledger.canonical import canonical
from policy_builder.answers import AnswerError, AnswersError, clean_answer
from policy_builder.assembly import (
    AssemblyError,
    MissingAnswersError,
    assemble,
    missing,
    questions_needed,
    snapshot,
)

BLANKS = {
    blank.name: blank
    for blank in [
        Blank("company_name", "text", "What are you called?"),
        Blank("runs_giveaways", "yes_no", "Do you run giveaways?"),
        Blank("listed", "yes_no", "Are your shares traded?"),
        Blank("market", "choice", "Which market?", choices=("London", "New York")),
        Blank("prizes", "list", "Which prizes?"),
        Blank("gift_limit", "number", "What is the most a gift may cost?"),
        Blank("contact", "email", "Whom do people ask?"),
        Blank("page", "url", "Where?", required=False),
        Blank("note", "long_text", "Anything else?", required=False),
    ]
}


def clause(name: str, body: str, **changes) -> ClauseText:
    facts = {"title": name.title(), "short": f"Mind {name}.", "why": "Because.", "category": "x"}
    return ClauseText(name=name, body=body, **(facts | changes))


CLAUSES = {
    item.name: item
    for item in [
        clause("purpose", "{{ company_name }} trusts you.", title="Why {{ company_name }} writes"),
        clause("prizes", "Prizes:\n{% for prize in prizes %}\n- {{ prize }}\n{% endfor %}"),
        clause("results", "Wait for {{ market }}."),
        clause("gifts", "Up to {{ gift_limit }}. Ask {{ contact }}. {{ note }}"),
        clause("spare", "See {{ page }}."),
    ]
}
PLAYBOOK = Playbook(
    name="small",
    title="{{ company_name }}: posting",
    audience="Everybody",
    profile="general",
    jurisdiction="us",
    language="en",
    sections=(
        Section("Start", (Seat("purpose", "Every policy has one."),)),
        Section(
            "Promotions",
            (Seat("prizes", "You run giveaways.", "runs_giveaways", "You run none."),),
        ),
        Section(
            "Rules",
            (
                Seat("gifts", "Gifts happen."),
                Seat(
                    "results", "You are listed.", "listed and market == 'London'", "Not in London."
                ),
            ),
        ),
    ),
    sample_answers={},
)
ANSWERS = {
    "company_name": "Acme *Inc*",
    "runs_giveaways": False,
    "listed": True,
    "market": "London",
    "gift_limit": 50,
    "contact": "help@acme.example",
}


def put_together(answers=ANSWERS, **overrides):
    return assemble(PLAYBOOK, CLAUSES, BLANKS, answers, overrides=overrides)


def names(policy) -> dict[str, str]:
    return {provision.number: provision.clause.name for provision in policy.provisions}


def test_provisions_are_numbered_without_gaps_and_each_says_why():
    policy = put_together()
    assert names(policy) == {"1.1": "purpose", "2.1": "gifts", "2.2": "results"}
    assert [p.because for p in policy.provisions] == [
        "Every policy has one.",
        "Gifts happen.",
        "You are listed.",
    ]
    assert [(out.clause, out.because) for out in policy.left_out] == [("prizes", "You run none.")]


def test_answers_are_shown_and_never_become_markup():
    policy = put_together()
    assert policy.title == "Acme *Inc*: posting"
    assert policy.provisions[0].title == "Why Acme *Inc* writes"
    assert policy.provisions[0].html == "<p>Acme *Inc* trusts you.</p>"
    assert policy.provisions[1].text == "Up to 50. Ask help@acme.example."


def test_conditions_are_asked_first_and_a_clause_s_blanks_once_it_is_in():
    asked = [q.name for q in questions_needed(PLAYBOOK, CLAUSES, BLANKS, {})]
    assert asked == ["runs_giveaways", "listed", "company_name", "gift_limit", "contact", "note"]
    more = questions_needed(PLAYBOOK, CLAUSES, BLANKS, {"runs_giveaways": True, "listed": True})
    assert [q.name for q in more][:3] == ["runs_giveaways", "listed", "market"]
    assert "prizes" in [q.name for q in more]


def test_a_question_says_what_it_is_for():
    questions = {q.name: q for q in questions_needed(PLAYBOOK, CLAUSES, BLANKS, ANSWERS)}
    assert questions["market"].says == (
        "It decides whether “Results” is in. It is used in “Results”."
    )
    assert questions["market"].answer == "London"
    assert not questions["note"].is_open


def test_every_missing_answer_is_named_with_its_question():
    with pytest.raises(MissingAnswersError) as refused:
        put_together({"runs_giveaways": True, "listed": False})
    assert refused.value.problems == [
        "company_name: What are you called?",
        "prizes: Which prizes?",
        "gift_limit: What is the most a gift may cost?",
        "contact: Whom do people ask?",
    ]
    assert [q.name for q in missing(PLAYBOOK, CLAUSES, BLANKS, ANSWERS)] == []


def test_an_empty_answer_is_a_missing_one():
    with pytest.raises(MissingAnswersError, match="What are you called"):
        put_together(ANSWERS | {"company_name": "  "})


def test_wrong_and_unknown_answers_are_all_named():
    with pytest.raises(AnswersError) as refused:
        put_together(ANSWERS | {"compny_name": "x", "contact": "nobody", "market": "Paris"})
    assert refused.value.by_name == {
        "compny_name": "There is no such question. Did you mean “company_name”?",
        "contact": "Write a mail address, such as name@example.com.",
        "market": "Choose one of: London, New York.",
    }


@pytest.mark.parametrize(
    ("name", "given_answer", "kept"),
    [
        ("company_name", " Acme ", "Acme"),
        ("company_name", 7, "7"),
        ("listed", "No", False),
        ("gift_limit", "12.50", "12.50"),
        ("gift_limit", "12", 12),
        ("prizes", "one\r\n\r\ntwo", ["one", "two"]),
        ("prizes", ["one", 2], ["one", "2"]),
        ("note", "a\r\nb", "a\nb"),
        ("page", "https://acme.example/x", "https://acme.example/x"),
    ],
)
def test_an_answer_is_kept_as_its_kind(name, given_answer, kept):
    assert clean_answer(BLANKS[name], given_answer) == kept


@pytest.mark.parametrize(
    ("name", "given_answer", "says"),
    [
        ("company_name", "x" * 5_000_000, "300 is the most"),
        ("company_name", "a\nb", "one line"),
        ("company_name", True, "Write a text"),
        ("company_name", {"a": 1}, "Write a text"),
        ("company_name", "a\x07", "control character"),
        ("company_name", "\ud800", "half of a character"),
        ("company_name", "Ac\u202eem", "writing direction"),
        ("listed", "maybe", "yes or no"),
        ("listed", 1, "yes or no"),
        ("listed", ["yes"], "yes or no"),
        ("gift_limit", "1e400", "in digits"),
        ("gift_limit", "9" * 20, "in digits"),
        ("prizes", ["x"] * 201, "200 is the most"),
        ("prizes", [["x"]], "Write a text"),
        ("prizes", {"a": 1}, "one item a line"),
        ("page", "javascript:alert(1)", "https://"),
        ("page", "https://[", "https://"),
        ("contact", "a@b", "mail address"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_in_a_sentence(name, given_answer, says):
    with pytest.raises(AnswerError, match=says):
        clean_answer(BLANKS[name], given_answer)


def test_a_drafter_leaves_out_adds_reorders_and_rewords_with_reasons():
    policy = put_together(
        left_out={"purpose": "It stands on the intranet."},
        added=[{"clause": "spare", "section": "More", "because": "Sales asked for it."}],
        order={"Rules": ["results"]},
        wordings={"gifts": {"body": "No gifts at {{ company_name }}.", "because": "Ethics."}},
    )
    assert names(policy) == {"1.1": "results", "1.2": "gifts", "2.1": "spare"}
    assert policy.left_out[0].because == "It stands on the intranet."
    gifts = policy.provisions[1]
    assert gifts.html == "<p>No gifts at Acme *Inc*.</p>"
    assert gifts.because == "Gifts happen. Worded for this policy: Ethics."
    assert gifts.clause.digest != CLAUSES["gifts"].digest
    assert policy.provisions[2].text == "See ."


def test_an_added_clause_of_the_playbook_is_in_whatever_its_condition_says():
    policy = put_together(
        ANSWERS | {"prizes": ["A hat"]},
        added=[{"clause": "prizes", "section": "Promotions", "because": "We plan one."}],
    )
    assert names(policy)["2.1"] == "prizes"
    assert policy.left_out == ()


@pytest.mark.parametrize(
    ("overrides", "says"),
    [
        ({"left_out": {"purpose": " "}}, "Say why “purpose” is changed"),
        ({"left_out": {"spare": "x"}}, "“spare” is not in this policy"),
        ({"added": [{"clause": "nothing", "section": "A", "because": "x"}]}, "not in the library"),
        ({"added": [{"clause": "spare", "section": " ", "because": "x"}]}, "in which section"),
        ({"added": [{"clause": "spare", "section": "A", "because": "x"}] * 2}, "added twice"),
        ({"added": [{"clause": "spare"}]}, "does not have its fields"),
        ({"added": "spare"}, "does not have its fields"),
        ({"order": {"Nowhere": []}}, "no section “Nowhere”"),
        ({"wordings": {"gifts": {"body": " ", "because": "x"}}}, "has no words"),
        ({"wordings": {"gifts": {"body": "{{ x }}", "because": "x"}}}, "no known blank"),
        ({"wordings": {"gifts": {"body": "{% for %}", "because": "x"}}}, "cannot be read"),
        ({"colour": {}}, "“colour” is no kind of change"),
    ],
)
def test_a_change_that_cannot_be_is_refused_in_words(overrides, says):
    with pytest.raises(AssemblyError, match=says):
        put_together(**overrides)


def test_j03_a_template_that_loops_is_refused_when_it_is_assembled_too():
    hostile = CLAUSES | {"purpose": clause("purpose", "{% for i in range(9) %}x{% endfor %}")}
    with pytest.raises(AssemblyError, match="“Purpose”: Line 1: A for goes over one blank"):
        assemble(PLAYBOOK, hostile, BLANKS, ANSWERS)


def test_a_clause_that_is_gone_is_named():
    with pytest.raises(AssemblyError, match="“gifts” is not in the library"):
        assemble(PLAYBOOK, {k: v for k, v in CLAUSES.items() if k != "gifts"}, BLANKS, ANSWERS)


def test_a_blank_that_the_library_does_not_know_is_named():
    with pytest.raises(AssemblyError, match="“contact” is used in “Gifts”"):
        assemble(
            PLAYBOOK,
            CLAUSES,
            {k: v for k, v in BLANKS.items() if k != "contact"},
            {k: v for k, v in ANSWERS.items() if k != "contact"},
        )


def test_the_snapshot_has_the_agreed_shape():
    frozen = snapshot(
        put_together(),
        number=3,
        in_force_from="2027-01-01",
        approved_by="Rex",
        approved_on="2026-12-01",
        signing_key={"name": "acme", "fingerprint": "ab" * 32},
    )
    assert frozen["format"] == "countersign/edition/1"
    assert frozen["policy"] == {
        "title": "Acme *Inc*: posting",
        "company": "Acme *Inc*",
        "playbook": "small",
        "profile": "general",
        "jurisdiction": "us",
        "language": "en",
    }
    assert frozen["edition"]["number"] == 3
    assert frozen["summary"][0] == {"number": "1.1", "anchor": "purpose", "short": "Mind purpose."}
    assert set(frozen["sections"][0]["provisions"][0]) == set(
        "number anchor clause version digest title html text short why do dont citations because".split()
    )
    assert "note" not in frozen["answers"]
    assert json.loads(canonical(frozen)) == frozen


def test_i01_the_same_inputs_give_the_same_bytes():
    shuffled = dict(reversed(ANSWERS.items()))
    assert canonical(snapshot(put_together())) == canonical(snapshot(put_together(shuffled)))
    assert put_together().digest == put_together(shuffled).digest
    assert put_together().digest != put_together(ANSWERS | {"gift_limit": 51}).digest


def test_an_answer_that_nothing_uses_changes_nothing():
    assert put_together().digest == put_together(ANSWERS | {"prizes": ["A hat"]}).digest


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "runs_giveaways": st.booleans(),
            "listed": st.booleans(),
            "market": st.sampled_from(["London", "New York"]),
            "prizes": st.lists(st.sampled_from(["hat", "*x*", "{{ 7*7 }}"]), min_size=1),
        },
    )
)
def test_answering_what_is_asked_always_ends_in_a_policy(chosen):
    answers, fallback = dict(chosen), ANSWERS | {"prizes": ["A hat"]}
    for _ in range(4):
        answers |= {q.name: fallback[q.name] for q in missing(PLAYBOOK, CLAUSES, BLANKS, answers)}
    policy = put_together(answers)
    clauses = {p.clause.name for p in policy.provisions} | {out.clause for out in policy.left_out}
    assert clauses == {seat.clause for seat in PLAYBOOK.seats}


LIBRARY = read_library()
each_playbook = pytest.mark.parametrize("name", LIBRARY.playbooks)


@each_playbook
def test_the_sample_answers_of_a_playbook_are_enough(name):
    playbook = LIBRARY.playbooks[name]
    policy = assemble(playbook, LIBRARY.clauses, LIBRARY.blanks, playbook.sample_answers)
    assert len(policy.provisions) + len(policy.left_out) == len(playbook.seats)
    assert "{{" not in canonical(snapshot(policy)).decode()


@each_playbook
def test_a_playbook_can_be_assembled_whatever_its_conditions_say(name):
    playbook = LIBRARY.playbooks[name]
    samples = {blank.name: blank.example for blank in LIBRARY.blanks.values()}
    turned = {name: not value for name, value in samples.items() if isinstance(value, bool)}
    policy = assemble(playbook, LIBRARY.clauses, LIBRARY.blanks, samples | turned)
    assert all(out.because for out in policy.left_out)


def test_a_version_s_number_is_in_the_provision():
    newer = CLAUSES | {"purpose": replace(CLAUSES["purpose"], version=4)}
    frozen = snapshot(assemble(PLAYBOOK, newer, BLANKS, ANSWERS))
    assert frozen["sections"][0]["provisions"][0]["version"] == 4
