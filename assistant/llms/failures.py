"""What went wrong with a model, in one line that says what mends it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Protocol

from assistant.errors import ModelError
from assistant.llms.deadline import Deadline
from assistant.llms.endpoints import Endpoint
from assistant.llms.wire import error_text, one_line, read_chunk

_LOOKED_AT = 1 << 16  # bytes of a body that is no answer
_CHECK = "check the address, or use --llm none"


class ReplyState(Protocol):
    """What the client has seen of a reply."""

    events: int
    unreadable: int
    thought: bool
    tool_call: bool
    refusal: str
    finish: str | None


def explain_failure(error: Exception, endpoint: Endpoint, deadline: Deadline) -> ModelError:
    """Return the `ModelError` for an exception of the SDK or of the HTTP layer under it."""
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return _explain_status(status, error, endpoint)
    causes = [type(cause).__name__ for cause in _chain(error)]
    where = endpoint.base_url
    if deadline.expired or any("Timeout" in cause for cause in causes):
        message = f"{endpoint.model} did not answer within {deadline.seconds:g} s"
        return ModelError(message, "allow more time with --timeout")
    if "ConnectError" in causes or "ConnectionRefusedError" in causes:
        return ModelError(f"nothing answers at {where}", "start the server, or choose another model with --llm")
    if any(cause.endswith(("ProtocolError", "ReadError", "APIConnectionError")) for cause in causes):
        return ModelError(f"{where} closed the connection before the answer was whole", "ask again", retryable=True)
    said = endpoint.redact(one_line(str(error))) or type(error).__name__
    return ModelError(f"{where} could not be used: {said}", _CHECK)


def retry_delay(error: Exception | None, tries: int, jitter: float) -> float:
    """Return seconds to wait before the next try: what the endpoint asks for, else 0.5 s doubled each time.

    Args:
        error: what the last try raised.
        tries: tries made so far, from 1.
        jitter: in [0, 1); shortens the wait by up to a quarter, so that clients do not return in step.
    """
    response = getattr(error, "response", None)
    headers: Mapping[str, str] = getattr(response, "headers", None) or {}
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        asked = _asked_wait(headers.get(name, ""), unit)
        if asked is not None and asked >= 0:
            return asked
    return 0.5 * 2.0 ** (tries - 1) * (1 - 0.25 * jitter)


def _asked_wait(value: str, unit: float) -> float | None:
    """Return the seconds that a header asks to wait, as a number of `unit` seconds or as a date; None where neither."""
    try:
        return float(value) * unit
    except ValueError:
        pass
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    return (date.replace(tzinfo=date.tzinfo or UTC) - datetime.now(UTC)).total_seconds()


def explain_silence(state: ReplyState, stray: bytes, status: int, endpoint: Endpoint) -> ModelError:
    """Return the `ModelError` for a reply that ended without one word of answer."""
    model, where = endpoint.model, endpoint.base_url
    if state.refusal:
        return ModelError(f"{model} declined: {endpoint.redact(one_line(state.refusal))}")
    if state.finish == "content_filter":
        return ModelError(f"the content filter at {where} withheld the answer")
    if state.tool_call:
        return ModelError(f"{model} asked for a tool instead of answering", "choose another model with --llm")
    if state.thought:
        return ModelError(f"{model} only thought and wrote no answer", "allow more tokens, or choose another model")
    body = stray[:_LOOKED_AT].decode("utf-8", "replace")
    said = read_chunk(body).error
    if said:
        return ModelError(f"{where} answered {status} with an error: {endpoint.redact(said)}", _CHECK)
    if state.events and state.events == state.unreadable:
        return ModelError(f"{where} sent events that are no chat completion", _CHECK)
    if body.strip() and not read_chunk(body).readable:
        start = endpoint.redact(one_line(body, 80)) or "no text"
        return ModelError(f"{where} sent no chat completion but {start!r}", _CHECK)
    return ModelError(f"{model} sent an empty answer", "ask again, or choose another model")


def _explain_status(status: int, error: Exception, endpoint: Endpoint) -> ModelError:
    body = getattr(error, "body", None)
    detail = (
        error_text(body)
        or error_text({"error": body})
        or one_line(getattr(getattr(error, "response", None), "text", ""))
    )
    said = f": {endpoint.redact(detail)}" if detail and detail != "null" else ""
    model, where = endpoint.model, endpoint.base_url
    if status in (401, 403):
        hint = (
            f"check {endpoint.key_name}"
            if endpoint.key_name
            else "this server wants a key: name it by its address and set ASSISTANT_API_KEY"
        )
        return ModelError(f"{where} refused the key ({status}{said})", hint)
    if status == 404:
        return ModelError(f"{where} knows no model {model!r} (404{said})", "check the model's name and the address")
    if status == 429:
        if "quota" in detail:
            return ModelError(
                f"the account at {where} has no quota left (429{said})", "choose another model with --llm"
            )
        return ModelError(f"{where} is busy (429{said})", "try again later", retryable=True)
    if 300 <= status < 400:
        return ModelError(
            f"{where} redirects elsewhere ({status})", "name the final address: redirects are not followed"
        )
    if status >= 500 or status in (408, 409):
        return ModelError(
            f"{where} failed ({status}{said})", "try again, or choose another model with --llm", retryable=True
        )
    if "context" in detail.lower() and ("length" in detail.lower() or "size" in detail.lower()):
        return ModelError(f"{model} cannot read that much ({status}{said})", "lower context_tokens")
    return ModelError(f"{where} refused the request ({status}{said})", _CHECK)


def _chain(error: BaseException) -> list[BaseException]:
    chain: list[BaseException] = []
    step: BaseException | None = error
    while step is not None and len(chain) < 8:
        chain.append(step)
        step = step.__cause__ or step.__context__
    return chain
