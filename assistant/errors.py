"""The errors a user can meet.

    AssistantError            exit code 1
    ├── UsageError            exit code 2: the words of the command are off
    │   ├── FilterError       a filter expression that cannot be read
    │   └── SettingsError     a configuration value that cannot be used
    ├── SourceError           a file, folder or address that cannot be ingested
    ├── StoreError            the library's place cannot be used
    │   ├── StoreLockedError  another process writes to it
    │   └── EmptyLibraryError nothing has been ingested yet
    ├── UnknownKeyError       no paper, answer or session of that name
    ├── EmbedderError         texts cannot be turned into vectors
    ├── PromptError           a prompt file that cannot be used
    └── ModelError            the language model did not answer as it should

Every error is shown as one line: what happened, with what value, and what mends it.
"""


class AssistantError(Exception):
    """Something went wrong that the user can understand and often mend.

    Args:
        message: what happened, with the value that caused it.
        hint: what mends it; empty where nothing does.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        """Return the message and the hint as one line."""
        return f"{self.message} ({self.hint})" if self.hint else self.message


class UsageError(AssistantError):
    """A flag or argument that cannot be used."""

    exit_code = 2


class FilterError(UsageError):
    """A filter expression that cannot be read."""


class SettingsError(UsageError):
    """A configuration value that cannot be used."""


class SourceError(AssistantError):
    """A file, folder or address that cannot be ingested."""


class StoreError(AssistantError):
    """The library's place cannot be used."""


class StoreLockedError(StoreError):
    """Another process writes to the library."""


class EmptyLibraryError(StoreError):
    """The library holds no paper yet."""


class UnknownKeyError(AssistantError):
    """No paper, answer or session has that name."""


class EmbedderError(AssistantError):
    """Texts cannot be turned into vectors."""


class PromptError(AssistantError):
    """A prompt file is missing or its variables are not the ones its caller fills."""


class ModelError(AssistantError):
    """The language model did not answer as it should.

    Args:
        message: what happened.
        hint: what mends it.
        retryable: whether the same call may succeed when it is made again.
    """

    def __init__(self, message: str, hint: str = "", *, retryable: bool = False) -> None:
        super().__init__(message, hint)
        self.retryable = retryable
