"""Loading the shipped library: again and again, and never over what is there."""

import pytest
from django.core.management import CommandError, call_command

from clause_library import actions, files
from clause_library.models import Category, Clause, ClauseVersion
from clause_library.states import State
from ledger.models import Entry
from tests.clause_library.small_library import small_library

CHANGED = {"body": "Clear each giveaway of {{ company_name }} a week before."}


def versions(name="giveaways"):
    return list(ClauseVersion.objects.filter(clause__name=name).order_by("number"))


def test_the_shipped_library_is_loaded_whole(db, capsys):
    call_command("load_library")
    read = files.read_library()
    assert Clause.objects.count() == len(read.clauses) >= 60
    assert Category.objects.count() == len(read.shelves)
    assert capsys.readouterr().out.startswith(f"{len(read.clauses)} clauses are new")
    for version in ClauseVersion.objects.select_related("clause__category"):
        assert version.text == read.clauses[version.clause.name]


def test_loading_again_changes_nothing_and_records_nothing(library):
    entries = Entry.objects.count()
    assert actions.load_library(small_library()) == {"new": 0, "changed": 0, "kept": 3}
    assert Entry.objects.count() == entries
    assert ClauseVersion.objects.count() == 3


def test_each_version_is_adopted_by_set_up_with_an_entry(library):
    [version] = versions()
    assert version.state == State.APPROVED
    assert version.approved_by is None
    assert version.entry.type == "clauseversion.adopt"
    assert version.entry.content["actor"] == {"kind": "system", "id": "setup"}
    assert version.entry.content["data"]["digest"] == version.digest


def test_a_changed_file_becomes_the_next_version_and_leaves_the_first_alone(library):
    [before] = versions()
    done = actions.load_library(small_library(**CHANGED))
    first, second = versions()
    assert done == {"new": 0, "changed": 1, "kept": 2}
    assert (first.number, first.body, first.digest) == (1, before.body, before.digest)
    assert (second.number, second.state, second.body) == (2, State.APPROVED, CHANGED["body"])
    assert second.change_note == "Changed in the library that is shipped."


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Prizes"},
        {"short": "Ask first."},
        {"why": "Rules."},
        {"do": ("Ask.",)},
        {"dont": ()},
        {"jurisdictions": ("us",)},
        {"citations": ({"instrument": "CAP Code", "section": "8", "says": "Terms."},)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_change_of_any_part_is_a_change(library, change):
    assert actions.load_library(small_library(**change))["changed"] == 1


def test_a_changed_file_leaves_a_draft_of_ours_open(library, lea):
    draft = actions.start_version(Clause.objects.get(name="giveaways"), actor=lea)
    actions.load_library(small_library(**CHANGED))
    assert [(one.number, one.state) for one in versions()] == [
        (1, State.APPROVED),
        (draft.number, State.DRAFT),
        (3, State.APPROVED),
    ]


def test_broken_files_are_named_and_nothing_is_loaded(db, monkeypatch, tmp_path):
    for name in ["categories.yaml", "blanks.yaml"]:
        (tmp_path / name).write_text("- [")
    monkeypatch.setattr(files.read_library, "__defaults__", (tmp_path,))
    with pytest.raises(CommandError, match=r"categories\.yaml"):
        call_command("load_library")
    assert not Clause.objects.exists()
