"""The bytes of one reply to chunks of text, and what was wrong with a reply that has none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from assistant.errors import ModelError
from assistant.llms.endpoints import Endpoint
from assistant.llms.failures import explain_silence
from assistant.llms.wire import Chunk, EventReader, LineTooLongError, SecretFilter, ThinkFilter, read_chunk

MAX_ANSWER = 100_000  # characters; no answer over abstracts is longer, and a rambling model stops here
MAX_BODY = 16 << 20  # bytes of one reply, thinking and events included


@dataclass(slots=True)
class ReplyReader:
    """Reads one reply; `put` gets its chunks as they come.

    Args:
        endpoint: where it comes from, for messages.
        put: called with each chunk that says something.
        stopped: whether nobody waits for the reply any more; asked between blocks, it may also raise.
    """

    endpoint: Endpoint
    put: Callable[[Chunk], None]
    stopped: Callable[[], bool]
    text_length: int = 0
    events: int = 0
    unreadable: int = 0
    ended: bool = False  # a finish reason or [DONE] came
    thought: bool = False
    tool_call: bool = False
    refusal: str = ""
    finish: str | None = None
    _blank: str = ""
    _thinking: ThinkFilter = field(default_factory=ThinkFilter)
    _secret: SecretFilter = field(init=False)

    def __post_init__(self) -> None:
        self._secret = SecretFilter(self.endpoint.secret)

    def read(self, blocks: Iterable[bytes], status: int) -> None:
        """Read to the end.

        Raises:
            ModelError: the reply is an error, has no answer in it, or broke off.
        """
        reader = EventReader()
        size = 0
        for block in blocks:
            size += len(block)
            if self.stopped():
                return
            try:
                events = reader.feed(block)
            except LineTooLongError:
                raise explain_silence(self, block, status, self.endpoint) from None
            if size > MAX_BODY or self._take(events):
                break
        else:
            self._take(reader.close())
        self._pass_on_rest()
        if not self.events and not self.text_length:
            self._take_plain(bytes(reader.stray))
        if self.stopped():
            return
        if not self.text_length:
            raise explain_silence(self, bytes(reader.stray), status, self.endpoint)
        if not self.ended:
            model = self.endpoint.model
            raise ModelError(f"{model} broke off in the middle of its answer", "ask again", retryable=True)

    def _take(self, events: Sequence[str]) -> bool:
        """Pass on what events say; whether the reply is over."""
        for data in events:
            self.events += 1
            if data.strip() == "[DONE]":
                self.ended = True
                return True
            chunk = read_chunk(data)
            if chunk.error:
                raise ModelError(f"{self.endpoint.model} reported: {self.endpoint.redact(chunk.error)}")
            self._note(chunk)
            self._pass_on(self._thinking.feed(chunk.text), chunk)
            if self.text_length > MAX_ANSWER:
                self.put(Chunk(finish="length"))
                self.ended = True
                return True
        return False

    def _note(self, chunk: Chunk) -> None:
        """Remember what `chunk` says about the reply as a whole."""
        self.unreadable += not chunk.readable
        self.tool_call = self.tool_call or chunk.tool_call
        self.refusal += chunk.refusal
        if chunk.finish:
            self.finish, self.ended = chunk.finish, True

    def _pass_on_rest(self) -> None:
        """Pass on what the filters held back."""
        self._pass_on(self._thinking.close(), Chunk())
        rest = self._secret.close()
        if rest.strip():
            self.text_length += len(rest)
            self.put(Chunk(text=rest))

    def _pass_on(self, parts: tuple[str, str], chunk: Chunk) -> None:
        text, thought = self._secret.feed(parts[0]), parts[1]
        # White space alone is no answer yet; it is kept until a word follows.
        begun = self.text_length or text.strip()
        text, self._blank = (self._blank + text, "") if begun else ("", self._blank + text)
        self.text_length += len(text)
        reasoning = chunk.reasoning + thought
        self.thought = self.thought or bool(reasoning.strip())
        if text or reasoning or chunk.finish or chunk.usage:
            self.put(Chunk(text=text, reasoning=reasoning, finish=chunk.finish, usage=chunk.usage))

    def _take_plain(self, body: bytes) -> None:
        """Read a reply that is no event stream: a whole completion, as servers without streaming send it."""
        chunk = read_chunk(body.decode("utf-8", "replace"))
        if chunk.readable and not chunk.error:
            self._note(chunk)
            self._pass_on(self._thinking.feed(chunk.text), chunk)
            self._pass_on_rest()
            self.ended = True
