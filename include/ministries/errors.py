"""The one error a user of the command can cause: bad input, told in one line."""


class InputError(ValueError):
    """Names the field that is wrong; the command prints it and exits with code 2."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
