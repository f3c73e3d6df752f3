"""Numbers that people can look up: 128 random bits (ASVS 11.5.1)."""

import secrets


def new_number() -> str:
    return secrets.token_hex(16)
