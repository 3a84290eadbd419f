"""The few stand-ins that tests use: a scripted chat model, a scripted OpenAI-compatible server, a hashing embedder."""

from __future__ import annotations

import contextlib
import json
import threading
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np

from assistant.embedders import FloatArray, WindowText, WindowVectors
from assistant.errors import ModelError
from assistant.llms import Deadline, Message, TokenUsage
from assistant.text import content_words

_USAGE = TokenUsage(input_tokens=100, output_tokens=20)


class ScriptedStream:
    """A reply that was written beforehand, in pieces."""

    def __init__(self, pieces: Sequence[str | ModelError], usage: TokenUsage | None) -> None:
        self._pieces = iter(pieces)
        self._usage = usage
        self.usage: TokenUsage | None = None
        self.finish: str | None = None
        self.reasoning = ""
        self.closed = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        piece = next(self._pieces, None)
        if piece is None:
            self.usage, self.finish = self._usage, "stop"
            raise StopIteration
        if isinstance(piece, ModelError):
            raise piece
        return piece

    def close(self) -> None:
        self.closed = True


class ScriptedModel:
    """A chat model that gives its replies in order and remembers what it was sent.

    A reply is a string (streamed in pieces of `step` characters), a list of pieces, or a `ModelError` to raise; a
    list may end with one, which is a stream cut in the middle. The last reply is given again when all are used.
    """

    def __init__(
        self,
        *replies: str | ModelError | Sequence[str | ModelError],
        name: str = "scripted",
        usage: TokenUsage | None = _USAGE,
        step: int = 7,
    ) -> None:
        self.name = name
        self.sent: list[list[dict[str, str]]] = []
        self.schemas: list[Mapping[str, Any] | None] = []
        self.streams: list[ScriptedStream] = []
        self._replies = list(replies)
        self._usage = usage
        self._step = step

    def stream(
        self,
        messages: Sequence[Message],
        *,
        deadline: Deadline,  # noqa: ARG002
        max_tokens: int = 1024,  # noqa: ARG002
        schema: Mapping[str, Any] | None = None,
    ) -> ScriptedStream:
        reply = self._replies[min(len(self.sent), len(self._replies) - 1)]
        self.sent.append([dict(message) for message in messages])
        self.schemas.append(schema)
        if isinstance(reply, ModelError):
            reply = [reply]
        elif isinstance(reply, str):
            reply = [reply[at : at + self._step] for at in range(0, len(reply), self._step)]
        self.streams.append(ScriptedStream(reply, self._usage))
        return self.streams[-1]


@dataclass
class Reply:
    """What the scripted server sends for one request.

    Args:
        pieces: deltas of a streamed answer; ignored where `raw` is set.
        status: HTTP status.
        headers: more headers, in the place of ours where they have the same name.
        raw: bytes of the body as they are, block by block.
        end: after the body: "close" the response properly, "cut" the connection, "hang" until the client goes, or
            "trickle" comments until the client goes.
        usage: whether a usage event comes before the end.
        done: whether `data: [DONE]` comes.
        finish: the finish reason of the last delta; None leaves it out.
    """

    pieces: Sequence[str] = ()
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: Sequence[bytes] | None = None
    end: str = "close"
    usage: bool = True
    done: bool = True
    finish: str | None = "stop"

    def blocks(self) -> list[bytes]:
        """Return the body, block by block."""
        if self.raw is not None:
            return list(self.raw)
        blocks = [event(delta={"content": piece}) for piece in self.pieces]
        if self.end == "close":
            if self.finish is not None:
                blocks.append(event(delta={}, finish=self.finish))
            if self.usage:
                usage = {"prompt_tokens": 120, "completion_tokens": 30, "total_tokens": 150}
                blocks.append(b"data: " + json.dumps({"choices": [], "usage": usage}).encode() + b"\n\n")
            if self.done:
                blocks.append(b"data: [DONE]\n\n")
        return blocks


def event(delta: Mapping[str, Any], finish: str | None = None) -> bytes:
    """Return one event of a streamed chat completion."""
    choice = {"index": 0, "delta": dict(delta), "finish_reason": finish}
    body = {"id": "c1", "object": "chat.completion.chunk", "model": "scripted", "choices": [choice]}
    return b"data: " + json.dumps(body).encode() + b"\n\n"


def answer_reply(text: str, *, step: int = 9, **more: Any) -> Reply:
    """Return a well-formed streamed answer."""
    return Reply([text[at : at + step] for at in range(0, len(text), step)], **more)


def error_reply(status: int, message: str, **headers: str) -> Reply:
    """Return an error response as OpenAI writes it."""
    body = json.dumps({"error": {"message": message, "type": "error", "code": None}}).encode()
    return Reply(raw=[body], status=status, headers={"content-type": "application/json", **headers})


@dataclass
class Request:
    """One request that the scripted server received."""

    path: str
    headers: Mapping[str, str]
    body: Any


def remember_without_schema(state: Path, spec: str) -> None:
    """Note in the state folder that an endpoint holds to no schema, so that it is not tried out before its script."""
    state.mkdir(parents=True, exist_ok=True)
    (state / "endpoints.json").write_text(json.dumps({spec: False}), encoding="utf-8")


class ScriptedServer:
    """A real OpenAI-compatible server on loopback that gives its replies in order, the last one again and again.

    Use as a context manager; `url` is its base address and `requests` what it received. `asked` is set by the
    first request, `gone` when a client went away from a hanging or trickling reply.
    """

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)
        self.requests: list[Request] = []
        self.gone = threading.Event()
        self.asked = threading.Event()
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        """Base address of the API."""
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    def __enter__(self) -> ScriptedServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                with server._lock:
                    reply = server.replies[min(len(server.requests), len(server.replies) - 1)]
                    server.requests.append(Request(self.path, dict(self.headers), json.loads(body)))
                server.asked.set()
                with contextlib.suppress(OSError):
                    server._answer(self, reply)
                self.close_connection = True

            def log_message(self, *args: Any) -> None:
                pass

        return Handler

    def _answer(self, handler: BaseHTTPRequestHandler, reply: Reply) -> None:
        handler.send_response(reply.status)
        headers = {"content-type": "text/event-stream", "transfer-encoding": "chunked", **reply.headers}
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        for block in reply.blocks():
            self._chunk(handler, block)
        if reply.end in ("hang", "trickle"):
            self._keep(handler, b": still here\n\n" if reply.end == "trickle" else b"")
        elif reply.end == "close":
            handler.wfile.write(b"0\r\n\r\n")

    def _keep(self, handler: BaseHTTPRequestHandler, comment: bytes) -> None:
        """Hold the connection until the client or the test goes away."""
        handler.connection.settimeout(0.02)
        while not self._stop.is_set():
            try:
                if comment:
                    self._chunk(handler, comment)
                if handler.connection.recv(1) == b"":
                    raise ConnectionResetError
            except TimeoutError:
                continue
            except OSError:
                self.gone.set()
                raise

    @staticmethod
    def _chunk(handler: BaseHTTPRequestHandler, block: bytes) -> None:
        if block:
            handler.wfile.write(f"{len(block):x}\r\n".encode() + block + b"\r\n")
            handler.wfile.flush()


class HashEmbedder:
    """An embedder of hashed bags of words: texts with common words are near, and nothing is loaded.

    `embedded` counts the windows it was asked for.
    """

    name = "hash-64"
    dimension = 64

    def __init__(self) -> None:
        self.embedded = 0

    def embed_queries(self, texts: Sequence[str]) -> FloatArray:
        return np.stack([self._vector(text) for text in texts]) if texts else np.zeros((0, self.dimension), np.float32)

    def embed_windows(self, windows: Sequence[WindowText]) -> list[WindowVectors]:
        self.embedded += len(windows)
        return [
            WindowVectors(self._vector(" ".join((w.title, *w.sentences))), self.embed_queries(w.sentences))
            for w in windows
        ]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def _vector(self, text: str) -> FloatArray:
        vector = np.full(self.dimension, 1e-3, np.float32)
        for word in content_words(text):
            vector[zlib.crc32(word.encode()) % self.dimension] += 1
        unit: FloatArray = vector / np.linalg.norm(vector)
        return unit
