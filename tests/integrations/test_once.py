"""A key is used once: by one of many at the same moment, and by nobody whose act failed."""

import threading

import pytest
from django.db import connection

from integrations import once
from integrations.errors import KeyInUseError
from integrations.models import UsedKey
from organization.models import Unit

ROUNDS = 20


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_one_acts_and_the_others_wait_or_are_answered_the_same(ada):
    for number in range(ROUNDS):
        answers, in_use, start = [], [], threading.Barrier(3)

        def ask(key=f"key-{number}", answers=answers, in_use=in_use, start=start):
            start.wait()
            try:
                answers.append(once.answer(ada, key, b"same", lambda: act(key)))
            except KeyInUseError:
                in_use.append(key)
            finally:
                connection.close()

        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(answers) + len(in_use) == 3
        assert set(answers) == {(201, f'"key-{number}"')}
    assert Unit.objects.filter(name__startswith="key-").count() == ROUNDS


def act(key):
    """Something that may happen once only: the name is unique."""
    Unit.objects.create(name=key)
    return 201, f'"{key}"'


@pytest.mark.django_db
def test_a_crash_in_the_act_leaves_neither_the_act_nor_the_key(ada):
    def crash():
        act("half")
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        once.answer(ada, "k", b"a", crash)
    assert not Unit.objects.filter(name="half").exists()
    assert not UsedKey.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["a", "x" * 255, "2f6c1d5e-6d7a-4a59-9a39-9d5f0f0d4c11"])
def test_a_key_makes_the_same_id_for_the_same_person_only(ada, zoe, key):
    ours = once.submission_key(ada, key)
    assert once.submission_key(ada, key) == ours
    assert (once.submission_key(zoe, key) == ours) == (str(ours) == key)
