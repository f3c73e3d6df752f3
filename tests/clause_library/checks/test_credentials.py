# ruff: noqa: RUF001 (look-alike letters are what is tested)
"""Keys, tokens and passwords are known by their form and masked. Every value here is made up."""

import pytest

from approvals.management.commands.screen import shipped_screener
from clause_library.checks import Post, fixed_text

FAKE = "FAKEfake" * 5
SECRETS = {
    "AWS key": "AKIAFAKEFAKEFAKEFAKE",
    "Google key": "AIza" + "FAKE0" * 7,
    "Azure key": "AccountKey=" + FAKE,
    "private key": f"-----BEGIN RSA PRIVATE KEY-----\n{FAKE}\n-----END RSA PRIVATE KEY-----",
    "open private key": f"-----BEGIN OPENSSH PRIVATE KEY-----\n{FAKE}",
    "JWT": "eyJGQUtFIjoiRkFLRSJ9.eyJGQUtFIjoiRkFLRSJ9.RkFLRUZBS0U",
    "GitHub": "ghp_" + FAKE[:36],
    "GitHub, fine": "github_pat_" + FAKE,
    "GitLab": "glpat-" + FAKE[:20],
    "Slack": "xoxb-0000-0000-FAKEFAKE",
    "Stripe": "sk_live_" + FAKE[:24],
    "npm": "npm_" + FAKE[:36],
    "bearer": "Authorization: Bearer FAKE0" + FAKE,
    "password": "password: Not-Real1",
    "assignment": 'DB_PASSWORD="not-real-1"',
    "api key": "api_key = fake1234fake5678",
    "connection": "postgres://app:not-real-1@db.acme.example:5432/app",
    "address": "https://ada:not-real-1@acme.example/x",
    "full width": "ＡＫＩＡＦＡＫＥＦＡＫＥＦＡＫＥＦＡＫＥ",
    "zero width": "AKIA\u200bFAKEFAKEFAKEFAKE",
}


def findings(text):
    found = shipped_screener().screen(Post(text)).findings
    return [one for one in found if one.check == "credentials"]


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
def test_a_secret_is_held_and_its_mask_leaves_nothing_of_it(secret):
    text = f"Look at this. {secret} is what we use."
    found = findings(text)
    assert {one.severity for one in found} == {"block"}
    masked = fixed_text(text, found)
    assert findings(masked) == []
    for piece in ("FAKEFAKE", "FAKEfake", "Not-Real1", "not-real-1", "RkFLR", "fake1234"):
        assert piece not in masked


@pytest.mark.parametrize(
    "text",
    [
        "Password: never share it with anyone.",
        "The secret: 100% butter.",
        "Token: 12,000 sold.",
        "Set password: <your password> in the file.",
        "export API_KEY=${API_KEY}",
        "Use AKIAIOSFODNN7EXAMPLE as in the manual.",
        "asiapacificstrategies are long words",
        "We wrote about sk-learn-tutorials-for-beginners.",
        "Never write password: hunter2! in a chat.",
        "Ratio is 3:2, at https://acme.example:8080/x",
    ],
)
def test_what_only_looks_like_one_passes(text):
    assert findings(text) == []


def test_several_secrets_in_a_sentence_are_all_masked():
    text = "Use AKIAFAKEFAKEFAKEFAKE with password: Not-Real1 and xoxb-0000-0000-FAKEFAKE."
    assert fixed_text(text, findings(text)).count("removed]") == 3


def test_what_must_never_be_stored_is_known_by_check():
    assert {"credentials", "personal-data"} <= shipped_screener().never_stored
