from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from assistant.errors import ModelError, SettingsError
from assistant.llms import ChatClient, Deadline, Endpoint, resolve_model, unused_key_hint
from assistant.llms.failures import retry_delay
from assistant.llms.wire import EventReader, SecretFilter, ThinkFilter, read_chunk
from assistant.settings import Settings
from tests.fakes import Reply, ScriptedServer, answer_reply, error_reply, event

KEY = "sk-very-secret-0123456789"
ASK = [{"role": "user", "content": "What is DLRM?"}]
JSON = {"content-type": "application/json"}


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer(answer_reply("DLRM is open [1].")) as scripted:
        yield scripted


def client(server: ScriptedServer) -> ChatClient:
    return ChatClient(Endpoint("x", "m1", server.url, api_key=KEY, key_name="ASSISTANT_API_KEY"))


def failure(server: ScriptedServer, *replies: Reply, seconds: float = 20.0) -> ModelError:
    server.replies = list(replies)
    with pytest.raises(ModelError) as caught:
        list(client(server).stream(ASK, deadline=Deadline(seconds)))
    assert KEY not in str(caught.value)
    assert "\n" not in str(caught.value)
    return caught.value


def test_an_answer_streams_with_its_usage(server: ScriptedServer) -> None:
    stream = client(server).stream(ASK, deadline=Deadline(20))
    pieces = list(stream)
    assert "".join(pieces) == "DLRM is open [1]."
    assert len(pieces) > 1
    assert stream.usage is not None
    assert (stream.usage.input_tokens, stream.usage.output_tokens, stream.finish) == (120, 30, "stop")
    (request,) = server.requests
    assert request.path == "/v1/chat/completions"
    assert request.body["messages"] == ASK
    assert request.body["stream_options"] == {"include_usage": True}


def test_the_whole_reply_at_once(server: ScriptedServer) -> None:
    assert client(server).complete(ASK, deadline=Deadline(20)) == "DLRM is open [1]."


def test_a_schema_is_sent_where_one_is_given(server: ScriptedServer) -> None:
    list(client(server).stream(ASK, deadline=Deadline(20), schema={"type": "object"}))
    assert server.requests[0].body["response_format"]["json_schema"]["schema"] == {"type": "object"}


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (
            error_reply(401, f"Incorrect API key provided: {KEY}"),
            "refused the key (401: Incorrect API key provided: [key])",
        ),
        (error_reply(403, "no access"), "refused the key (403"),
        (error_reply(404, "model not found"), "knows no model 'm1'"),
        (error_reply(400, "This model's maximum context length is 4096 tokens"), "cannot read that much"),
        (error_reply(418, "teapot"), "refused the request (418: teapot)"),
        (error_reply(429, "You exceeded your current quota"), "has no quota left"),
        (Reply(raw=[b""], status=302, headers={"location": "http://198.51.100.7/v1"}), "redirects elsewhere"),
        (Reply(raw=[b'{"detail": "Not authenticated"}'], status=403, headers=JSON), "Not authenticated"),
        (Reply(raw=[b"<html><h1>Bad gateway</h1></html>"], status=404), "404"),
        (Reply([]), "empty answer"),
        (Reply(["  \n ", "\n"]), "empty answer"),
        (Reply(raw=[]), "empty answer"),
        (Reply(["<think>", "It may be open."]), "only thought"),
        (Reply(["<think>It may be open.</think>"]), "only thought"),
        (Reply(raw=[event({"reasoning_content": "Hm."}), event({}, "stop")]), "only thought"),
        (
            Reply(raw=[event({"tool_calls": [{"index": 0, "function": {"name": "f"}}]}), event({}, "tool_calls")]),
            "a tool",
        ),
        (Reply(raw=[event({"refusal": "I cannot help with that."}), event({}, "stop")]), "declined: I cannot help"),
        (Reply(raw=[event({}, "content_filter")]), "content filter"),
        (Reply(raw=[b"<html><body>Sign in</body></html>"]), "no chat completion but 'Sign in'"),
        (
            Reply(raw=[b'{"error": {"message": "model crashed"}}'], headers=JSON),
            "answered 200 with an error: model crashed",
        ),
        (Reply(raw=[b'data: {"error": {"message": "out of memory"}}\n\n']), "reported: out of memory"),
        (Reply(raw=[b"data: garbage\n\n", b"data: more\n\n"]), "no chat completion"),
        (Reply(raw=[b"\x00\x01\x02\xff" * 50]), "no chat completion"),
        (Reply(raw=[b"x" * 3_000_000]), "no chat completion"),
        (Reply(raw=[b'{"choices": []}'], headers=JSON), "empty answer"),
        (Reply(raw=[b'{"unknown": "keys"}'], headers=JSON), "no chat completion"),
        (Reply(raw=[b"data: [DONE]\n\n"]), "empty answer"),
    ],
)
def test_what_goes_wrong_is_one_line_that_says_what(server: ScriptedServer, reply: Reply, words: str) -> None:
    error = failure(server, reply)
    assert words in str(error)
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503])
def test_a_passing_failure_is_tried_again(server: ScriptedServer, status: int) -> None:
    server.replies = [error_reply(status, "busy", **{"retry-after-ms": "1"}), answer_reply("Fine.")]
    assert client(server).complete(ASK, deadline=Deadline(20)) == "Fine."
    assert len(server.requests) == 2


def test_three_failures_are_enough(server: ScriptedServer) -> None:
    error = failure(server, error_reply(500, "boom", **{"retry-after-ms": "1"}))
    assert "failed (500: boom)" in str(error)
    assert len(server.requests) == 3


def test_a_wait_longer_than_the_deadline_is_not_waited_for(server: ScriptedServer) -> None:
    error = failure(server, error_reply(429, "slow down", **{"retry-after": "90"}))
    assert "busy" in str(error)
    assert "90 s" in str(error)
    assert len(server.requests) == 1


def test_a_date_to_return_at_is_understood(server: ScriptedServer) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True)
    error = failure(server, error_reply(429, "slow down", **{"retry-after": date}))
    assert re.search(r"asked again in 7[12]\d\d s", str(error))
    past = format_datetime(datetime.now(UTC) - timedelta(hours=2), usegmt=True)
    server.requests.clear()
    server.replies = [error_reply(429, "slow down", **{"retry-after": past}), answer_reply("Fine.")]
    assert client(server).complete(ASK, deadline=Deadline(20)) == "Fine."


def test_nothing_answers_at_a_closed_port() -> None:
    with ScriptedServer() as server:
        url = server.url
    gone = ChatClient(Endpoint("x", "m1", url))
    with pytest.raises(ModelError, match="nothing answers at"):
        gone.complete(ASK, deadline=Deadline(20))


@pytest.mark.parametrize("end", ["hang", "trickle"])
def test_a_server_that_never_ends_is_left_at_the_deadline(server: ScriptedServer, end: str) -> None:
    error = failure(server, Reply([], end=end), seconds=0.3)
    assert "did not answer within 0.3 s" in str(error)
    assert server.gone.wait(10)


@pytest.mark.parametrize("end", ["hang", "trickle"])
def test_what_came_before_a_hang_was_given_out(server: ScriptedServer, end: str) -> None:
    server.replies = [Reply(["DLRM is ", "open [1]."], end=end)]
    stream = client(server).stream(ASK, deadline=Deadline(0.4))
    assert next(stream) + next(stream) == "DLRM is open [1]."
    with pytest.raises(ModelError, match="stopped in the middle"):
        next(stream)
    assert len(server.requests) == 1


def test_closing_a_stream_ends_the_request(server: ScriptedServer) -> None:
    server.replies = [Reply(["DLRM"], end="hang")]
    stream = client(server).stream(ASK, deadline=Deadline(60))
    assert next(stream) == "DLRM"
    stream.close()
    assert server.gone.wait(10)
    assert list(stream) == []


def test_closing_a_stream_that_waits_to_try_again_ends_it(server: ScriptedServer) -> None:
    server.replies = [error_reply(500, "boom", **{"retry-after": "30"})]
    stream = client(server).stream(ASK, deadline=Deadline(60))

    def read() -> None:
        with contextlib.suppress(ModelError):
            list(stream)

    reader = threading.Thread(target=read)
    reader.start()
    assert server.asked.wait(10)
    stream.close()
    stream.close()
    reader.join(10)
    assert not reader.is_alive()
    assert len(server.requests) == 1


def test_a_cut_stream_keeps_what_came_and_says_so(server: ScriptedServer) -> None:
    server.replies = [Reply(["DLRM is ", "open"], end="cut")]
    stream = client(server).stream(ASK, deadline=Deadline(20))
    assert [next(stream), next(stream)] == ["DLRM is ", "open"]
    with pytest.raises(ModelError, match="before the answer was whole"):
        next(stream)
    assert len(server.requests) == 1


def test_a_stream_cut_before_the_first_word_is_tried_again(server: ScriptedServer) -> None:
    server.replies = [Reply([], end="cut"), answer_reply("Fine.")]
    assert client(server).complete(ASK, deadline=Deadline(20)) == "Fine."


def test_a_stream_that_just_ends_is_a_cut_stream(server: ScriptedServer) -> None:
    server.replies = [Reply(["DLRM is"], done=False, finish=None)]
    with pytest.raises(ModelError, match="broke off"):
        client(server).complete(ASK, deadline=Deadline(20))


@pytest.mark.parametrize(
    "reply",
    [
        answer_reply("Fine.", done=False),
        answer_reply("Fine.", finish=None),
        answer_reply("Fine.", usage=False),
        Reply(raw=[b'{"choices": [{"message": {"content": "Fine."}, "finish_reason": "stop"}]}'], headers=JSON),
        Reply(raw=[event({"content": "Fine."}).replace(b"\n", b"\r\n"), b"data: [DONE]\r\n\r\n"]),
        Reply(raw=[event({"content": "Fine."}).replace(b"\n", b"\r"), b"data: [DONE]\r\r"]),
        Reply(raw=[bytes([byte]) for byte in event({"content": "Fine."}) + event({}, "stop")]),
        Reply(raw=[event({"content": "Fine."}).rstrip() + b"\n", event({}, "stop").rstrip() + b"\n"]),
        Reply(raw=[b": comment\n\n", event({"content": "Fine."}), b"data: torn{\n\n", event({}, "stop")]),
        Reply(raw=[event({"content": [{"type": "text", "text": "Fine."}]}), event({}, "stop")]),
        Reply(raw=[b'data: {"choices": [{"text": "Fine.", "finish_reason": "stop"}]}\n\n']),
        Reply(raw=[event({"role": "assistant", "content": None}), event({"content": "Fine."}), event({}, "stop")]),
        Reply(["<think>Hm, </think>", "Fine."]),
        Reply(["<thi", "nk>Hm</thi", "nk>", "\n\nFine."]),
        Reply(raw=[event({"reasoning_content": "Hm."}), event({"content": "Fine."}), event({}, "stop")]),
    ],
)
def test_odd_but_whole_answers_are_read(server: ScriptedServer, reply: Reply) -> None:
    server.replies = [reply]
    assert client(server).complete(ASK, deadline=Deadline(20)).strip() == "Fine."


def test_thinking_is_kept_apart(server: ScriptedServer) -> None:
    server.replies = [Reply(["<think>Is it", " open?</think>", "It is."])]
    stream = client(server).stream(ASK, deadline=Deadline(20))
    assert "".join(stream) == "It is."
    assert stream.reasoning == "Is it open?"


def test_a_rambling_model_is_stopped(server: ScriptedServer) -> None:
    server.replies = [Reply(["open " * 2000] * 400)]
    stream = client(server).stream(ASK, deadline=Deadline(60))
    assert sum(len(piece) for piece in stream) < 200_000
    assert stream.finish == "length"


@pytest.mark.parametrize("name", ["stream_options", "seed", "temperature", "max_tokens", "response_format"])
def test_a_parameter_that_an_endpoint_refuses_is_left_out_from_then_on(server: ScriptedServer, name: str) -> None:
    server.replies = [error_reply(400, f"Unknown parameter: {name}"), answer_reply("Fine.")]
    chat = client(server)
    for _ in range(2):
        assert "".join(chat.stream(ASK, deadline=Deadline(20), schema={"type": "object"})) == "Fine."
    assert [name in request.body for request in server.requests] == [True, False, False]


def test_no_header_of_the_environment_reaches_another_host(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_ADMIN_KEY"):
        monkeypatch.setenv(name, "leaked-value")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://198.51.100.7/v1")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Secret: leaked-value")
    monkeypatch.setenv("HTTP_PROXY", "http://198.51.100.7:3128")
    client(server).complete(ASK, deadline=Deadline(20))
    headers = server.requests[0].headers
    assert "leaked-value" not in str(headers)
    assert headers["authorization"] == f"Bearer {KEY}"


def test_lone_surrogates_do_not_get_through() -> None:
    assert read_chunk('{"choices": [{"delta": {"content": "a\\ud83d"}}]}').text == "a\ufffd"


@pytest.mark.parametrize(
    "text", ["[]", "null", "3", '"x"', "[" * 5000, '{"choices": 3}', '{"choices": [3]}', '{"choices": [{"delta": 3}]}']
)
def test_no_event_breaks_the_reader(text: str) -> None:
    assert read_chunk(text).text == ""


def test_events_without_blank_lines_are_read() -> None:
    reader = EventReader()
    assert reader.feed(b'data: {"a": 1}\ndata: {"a": 2}\n') == ['{"a": 1}', '{"a": 2}']


def test_a_tag_is_found_whatever_the_cut() -> None:
    text = "<think>no</think>a < b <thinking>no</thinking> c</think>"
    for size in range(1, 12):
        found = ThinkFilter()
        pieces = [found.feed(text[at : at + size]) for at in range(0, len(text), size)] + [found.close()]
        assert "".join(answer for answer, _ in pieces) == "a < b  c"
        assert "".join(thought for _, thought in pieces) == "nono"


def test_a_key_is_found_whatever_the_cut() -> None:
    text = f"Your key is {KEY}, sk-very-, and {KEY[:-1]}"
    for size in range(1, 30):
        found = SecretFilter(KEY)
        pieces = [found.feed(text[at : at + size]) for at in range(0, len(text), size)] + [found.close()]
        assert "".join(pieces) == f"Your key is [key], sk-very-, and {KEY[:-1]}"
    assert SecretFilter("").feed(text) == text


@pytest.mark.parametrize("step", [1, 7, 1000])
def test_a_key_that_an_endpoint_gives_back_is_in_no_answer(server: ScriptedServer, step: int) -> None:
    server.replies = [answer_reply(f"It is {KEY} and sk-", step=step)]
    assert client(server).complete(ASK, deadline=Deadline(20)) == "It is [key] and sk-"


def test_back_off_doubles_and_retry_after_wins() -> None:
    assert retry_delay(None, 1, 0.0) == 0.5
    assert retry_delay(None, 2, 0.0) == 1.0
    assert retry_delay(None, 1, 0.99) < 0.5


# specs


def resolve(spec: str, environ: dict[str, str] | None = None, **settings: Any) -> Endpoint | None:
    return resolve_model(spec, Settings(**settings), environ or {})


def test_no_model() -> None:
    assert resolve("none") is None
    assert resolve("auto") is None


def test_auto_takes_what_is_configured() -> None:
    assert resolve("auto", llm="ollama/qwen3") == resolve("ollama/qwen3")
    assert resolve("auto", {"ASSISTANT_LLM": "ollama/qwen3"}) == resolve("ollama/qwen3")
    assert resolve("auto", llm="none") is None


def test_openai_takes_its_own_key_only() -> None:
    endpoint = resolve("openai/gpt-5", {"OPENAI_API_KEY": KEY}, api_key="other-key")
    assert endpoint is not None
    assert (endpoint.base_url, endpoint.model, endpoint.api_key) == ("https://api.openai.com/v1", "gpt-5", KEY)
    with pytest.raises(SettingsError, match="set OPENAI_API_KEY"):
        resolve("openai/gpt-5", {}, api_key=KEY)


def test_an_address_never_gets_the_openai_key() -> None:
    endpoint = resolve("http://127.0.0.1:8000/v1#org/model", {"OPENAI_API_KEY": KEY})
    assert endpoint is not None
    assert (endpoint.model, endpoint.base_url) == ("org/model", "http://127.0.0.1:8000/v1")
    assert KEY not in endpoint.api_key
    keyed = resolve("https://models.example.org/v1/#m", {"OPENAI_API_KEY": KEY}, api_key="mine")
    assert keyed is not None
    assert (keyed.api_key, keyed.base_url) == ("mine", "https://models.example.org/v1")


def test_ollama_gets_no_key() -> None:
    endpoint = resolve("ollama/qwen3:8b", {"OPENAI_API_KEY": KEY}, api_key="mine")
    assert endpoint is not None
    assert (endpoint.base_url, endpoint.model) == ("http://127.0.0.1:11434/v1", "qwen3:8b")
    assert endpoint.api_key not in (KEY, "mine")
    elsewhere = resolve("ollama/m", {"OLLAMA_HOST": "0.0.0.0:9999"})
    assert elsewhere is not None
    assert elsewhere.base_url == "http://127.0.0.1:9999/v1"


def test_a_key_is_in_no_repr() -> None:
    endpoint = resolve("openai/gpt-5", {"OPENAI_API_KEY": KEY})
    assert KEY not in repr(endpoint)
    assert KEY not in repr(replace(endpoint, model="m") if endpoint else "")


@pytest.mark.parametrize(
    "spec",
    [
        "gpt-5", "openai/", "openai", "ollama/", "gguf:", "http://", "http://127.0.0.1:8000/v1", "http://127.0.0.1:8000/v1#",
        "ftp://127.0.0.1/v1#m", "http://user:pw@127.0.0.1/v1#m", "http://127.0.0.1:99999/v1#m", "http:///v1#m",
        "anthropic/claude", "http://127.0.0.1/v1?key=1#m",
    ],
)  # fmt: skip
def test_a_spec_that_cannot_be_read_is_refused(spec: str) -> None:
    with pytest.raises(SettingsError) as caught:
        resolve(spec)
    assert "pw" not in str(caught.value)


def test_a_key_that_auto_does_not_use_is_mentioned() -> None:
    assert "--llm openai/" in unused_key_hint("auto", None, {"OPENAI_API_KEY": KEY})
    assert unused_key_hint("auto", None, {}) == ""
    assert unused_key_hint("none", None, {"OPENAI_API_KEY": KEY}) == ""
