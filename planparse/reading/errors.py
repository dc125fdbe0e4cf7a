"""What reading raises."""

from __future__ import annotations


class ReadError(ValueError):
    """An input that cannot be read. The message is one line and begins with the input's name."""

    def __init__(self, name: str, reason: str) -> None:
        self.name = name
        self.reason = " ".join(reason.split())
        super().__init__(f"{name}: {self.reason}")

    @classmethod
    def of(cls, message: str) -> ReadError:
        """The error that has this message."""
        name, _, reason = message.partition(": ")
        return cls(name, reason)

    def __reduce__(self) -> tuple[type[ReadError], tuple[str, str]]:
        return ReadError, (self.name, self.reason)


def missing(name: str, kind: str, extra: str) -> ReadError:
    """The error for a kind of file whose library is not installed."""
    return ReadError(name, f'{kind} needs an extra that is not installed: pip install "planparse[{extra}]"')
