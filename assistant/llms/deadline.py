"""One deadline for a whole answer, retries included."""

from __future__ import annotations

import time


class Deadline:
    """The moment at which an answer must be there, on the monotonic clock.

    Args:
        seconds: time allowed from now on.
    """

    __slots__ = ("_end", "seconds")

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds left, never negative."""
        return max(0.0, self._end - time.monotonic())

    @property
    def expired(self) -> bool:
        """Whether no time is left."""
        return self.left <= 0.0
