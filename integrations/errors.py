"""Refusals of what comes in and goes out. Each says what happened and the way on."""


class KeyInUseError(Exception):
    """A request with the same idempotency key is under way."""

    status = 409
    says = "A request with this Idempotency-Key is under way. Ask again in a moment."


class OtherRequestError(Exception):
    """The same idempotency key came with another request."""

    status = 422
    says = (
        "This Idempotency-Key was used for another request. Use a new key for each request, "
        "and the same only to repeat one."
    )


class ScopeMissingError(Exception):
    """The token does not reach as far as this."""

    status = 403

    def __init__(self, scope: str) -> None:
        self.says = (
            f"This token may not do that: it needs the scope “{scope}”. "
            "Make another token with it under Preferences."
        )
        super().__init__(self.says)


class TooManyError(Exception):
    """Too many requests in a short time; ``wait`` is in seconds."""

    status = 429

    def __init__(self, wait: int) -> None:
        self.wait = wait
        self.says = f"That was too much at once. Go on in {wait} seconds."
        super().__init__(self.says)


class NoRecordError(Exception):
    """There is no backing record, or none yet."""

    status = 404

    def __init__(self, says: str) -> None:
        self.says = says
        super().__init__(says)


class NotJsonError(ValueError):
    status = 415
    says = "Send the body as application/json."


class TooLargeError(ValueError):
    status = 413
    says = "That is larger than 2 MB. Nothing was saved."


class AddressRefusedError(ValueError):
    """Nothing is sent to this address; names the rule, never what the name resolves to."""

    def __init__(self, says: str) -> None:
        self.says = says
        super().__init__(says)


class UnreachableError(Exception):
    """The receiver gave no answer."""

    def __init__(self, says: str) -> None:
        self.says = says
        super().__init__(says)
