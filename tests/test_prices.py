"""What models cost: the price table, the meter, and a budget that no call passes."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from assistant.errors import ModelError, SettingsError
from assistant.llms import (
    ChatStream,
    Deadline,
    Endpoint,
    Meter,
    MeteredModel,
    Price,
    TokenUsage,
    count_tokens,
    load_prices,
    price_of,
)
from assistant.settings import config_dir
from tests.fakes import ScriptedModel

PRICE = Price(10.0, 100.0)
ASK = [{"role": "user", "content": "word " * 80}]  # 100 tokens as we count them


def far(model: str) -> Endpoint:
    return Endpoint("x", model, "https://models.example.org/v1")


def stream(model: MeteredModel, max_tokens: int = 1000) -> ChatStream:
    return model.stream(ASK, deadline=Deadline(5), max_tokens=max_tokens)


def test_the_users_prices_stand_over_ours_and_the_longest_pattern_counts() -> None:
    own = config_dir() / "prices.toml"
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text('"mine" = [1.0, 2.0]\n"gpt-4o*" = [3, 4]\n', encoding="utf-8")
    assert price_of(far("mine")) == Price(1.0, 2.0)
    assert price_of(far("gpt-4o-2024-08-06")) == Price(3.0, 4.0)
    assert price_of(far("gpt-4o-mini-2024-07-18")) == load_prices()["gpt-4o-mini*"]
    assert price_of(far("unknown")) is None


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/v1", "http://localhost:1/v1", "http://[::1]:1/v1", ""])
def test_a_model_on_this_machine_costs_nothing(address: str) -> None:
    assert price_of(Endpoint("gguf:m" if not address else "x", "m", address), {}) == Price(0.0, 0.0)


@pytest.mark.parametrize("text", ['"mine" = 3', '"mine" = [1]', '"mine" = ["a", "b"]', "mine = [1"])
def test_a_price_table_that_cannot_be_read_is_named(tmp_path: Path, text: str) -> None:
    own = tmp_path / "prices.toml"
    own.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"prices\.toml"):
        load_prices(own)


def test_a_call_is_priced_by_what_the_endpoint_counts() -> None:
    meter = Meter()
    reply = stream(MeteredModel(ScriptedModel("Fine."), PRICE, meter))
    assert "".join(reply) == "Fine."
    assert reply.usage == TokenUsage(100, 20, cost=0.003)
    assert (meter.input_tokens, meter.output_tokens, meter.cost) == (100, 20, 0.003)


def test_what_the_endpoint_does_not_count_is_counted_here() -> None:
    meter = Meter()
    reply = stream(MeteredModel(ScriptedModel("Twelve chars", usage=None), PRICE, meter))
    list(reply)
    assert reply.usage == TokenUsage(100, 3, cost=0.0013)
    assert count_tokens(["abcd", "abcde", ""]) == 3


def test_a_call_that_is_stopped_or_breaks_is_counted_once() -> None:
    meter = Meter()
    stopped = stream(MeteredModel(ScriptedModel("word " * 40, step=20), PRICE, meter))
    next(stopped)
    stopped.close()
    stopped.close()
    assert (meter.input_tokens, meter.output_tokens) == (100, 5)
    broken = stream(MeteredModel(ScriptedModel(["four", ModelError("cut")]), PRICE, meter))
    with pytest.raises(ModelError):
        list(broken)
    broken.close()
    assert (meter.input_tokens, meter.output_tokens) == (200, 6)


def test_an_unknown_price_makes_the_sum_unknown_and_tokens_still_count() -> None:
    meter = Meter()
    list(stream(MeteredModel(ScriptedModel("Fine."), None, meter)))
    assert (meter.input_tokens, meter.cost) == (100, None)


def test_a_budget_stops_the_call_that_could_pass_it_before_it_is_made() -> None:
    scripted = ScriptedModel("Fine.")
    model = MeteredModel(scripted, PRICE, Meter(limit=0.105))
    list(stream(model))  # at most 0.101, really 0.003
    list(stream(model))
    with pytest.raises(ModelError, match=r"may cost \$0.1010, and \$0.0060 of \$0.1050 is spent \(raise --budget\)"):
        stream(model)
    assert len(scripted.sent) == 2
    list(stream(model, max_tokens=100))  # a shorter call still fits


def test_calls_under_way_are_held_against_the_budget() -> None:
    meter = Meter(limit=0.15)
    model = MeteredModel(ScriptedModel("Fine."), PRICE, meter)
    first = stream(model)
    with pytest.raises(ModelError, match="raise --budget"):
        stream(model)
    list(first)
    list(stream(model))
    assert meter.cost == pytest.approx(0.006)


def test_parallel_calls_never_pass_a_budget() -> None:
    meter = Meter(limit=0.35)
    scripted = ScriptedModel("Fine.")
    model = MeteredModel(scripted, PRICE, meter)
    held: list[ChatStream] = []

    def call() -> None:
        try:
            held.append(stream(model))
        except ModelError:
            return

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(held) == len(scripted.sent) == 3


def test_an_endpoint_is_asked_what_it_can_do_once_and_the_call_is_counted() -> None:
    meter = Meter()
    scripted = ScriptedModel('{"probe": 7}')
    for _ in range(2):  # what is known of an endpoint outlives the model that asked
        assert MeteredModel(scripted, PRICE, meter, far("mine")).holds_to_schema(Deadline(5))
    assert len(scripted.sent) == 1
    assert meter.cost == 0.003
    assert not MeteredModel(ScriptedModel("The sea."), PRICE, meter, far("other")).holds_to_schema(Deadline(5))


def test_an_endpoint_that_is_silent_or_too_dear_to_ask_gets_no_schema() -> None:
    busy = ScriptedModel(ModelError("busy", retryable=True))
    assert not MeteredModel(busy, PRICE, Meter(), far("mine")).holds_to_schema(Deadline(5))
    scripted = ScriptedModel('{"probe": 7}')
    assert not MeteredModel(scripted, PRICE, Meter(limit=0.0001), far("mine")).holds_to_schema(Deadline(5))
    assert not scripted.sent


def test_a_model_file_is_known_to_hold_to_a_schema_and_a_bare_model_is_not() -> None:
    scripted = ScriptedModel("Fine.")
    assert MeteredModel(scripted, None, Meter(), Endpoint("gguf:m", "m", "")).holds_to_schema(Deadline(5))
    assert not MeteredModel(scripted, None, Meter()).holds_to_schema(Deadline(5))
    assert not scripted.sent


def test_no_budget_can_be_kept_without_a_price() -> None:
    scripted = ScriptedModel("Fine.", name="odd")
    with pytest.raises(ModelError, match=r'no price is known for odd.*write "odd" = \[READ, WRITTEN\]'):
        stream(MeteredModel(scripted, None, Meter(limit=1.0)))
    assert not scripted.sent
