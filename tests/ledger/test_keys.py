import base64
import hashlib
import stat

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from ledger import keys


def test_the_key_is_made_once_and_only_its_owner_reads_it(data):
    path = keys.key_path()
    first = path.read_bytes()
    assert keys.ensure_key() is False
    assert path.read_bytes() == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [file.name for file in path.parent.iterdir()] == ["ledger.pem"]


def test_the_command_prints_the_fingerprint_in_groups(capsys):
    call_command("make_key")
    shown = capsys.readouterr().out.strip()
    assert shown == keys.fingerprint()
    assert shown.replace(" ", "") == hashlib.sha256(keys.public_key()).hexdigest()
    assert [len(group) for group in shown.split()] == [4] * 16


def test_the_verifier_key_is_written_as_c2sp_says():
    name, key_hash, encoded = keys.vkey().split("+", 2)
    raw = base64.b64decode(encoded)
    assert (name, raw) == ("countersign.example/log", b"\x01" + keys.public_key())
    assert key_hash == hashlib.sha256(name.encode() + b"\n" + raw).hexdigest()[:8]


def test_a_lost_key_of_a_signed_ledger_is_not_replaced(data):
    keys.key_path().unlink()
    (data / "checkpoints").mkdir()
    (data / "checkpoints" / "checkpoints.txt").write_text("a signed head")
    with pytest.raises(keys.KeyMissingError, match="Restore the key"):
        keys.ensure_key()
    assert not keys.key_path().exists()


@pytest.mark.parametrize("damage", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\n"])
def test_a_damaged_key_is_named(damage):
    keys.key_path().write_bytes(damage)
    with pytest.raises(keys.KeyMissingError, match="damaged"):
        keys.fingerprint()


@pytest.mark.parametrize("origin", ["", "two words", "a+b", "line\nend"])
def test_an_origin_that_no_note_can_carry_is_refused(settings, origin):
    settings.COUNTERSIGN_ORIGIN = origin
    with pytest.raises(ImproperlyConfigured):
        keys.vkey()
