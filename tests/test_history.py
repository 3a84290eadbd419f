"""Why a saved answer cites a paper."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from assistant.app import Assistant
from assistant.errors import UnknownKeyError
from assistant.settings import Settings


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    settings = Settings(store=tmp_path_factory.mktemp("history") / "store", llm="none")
    with Assistant(settings) as opened:
        opened.ingest([], sample=True)
        yield opened


def test_why_names_quotes_verdicts_rank_and_what_ranked_just_below(assistant: Assistant) -> None:
    answer = assistant.ask("How much faster than Stan is Edward?")
    why = assistant.why(answer.answer_id, 1)
    assert (why.key, why.rank) == ("tran2017deep", 1)
    assert why.quotes[0][1] == answer.claims[0].citations[0].quote
    assert [rank for _, rank, _ in why.below] == [2, 3, 4]
    assert set(json.loads(json.dumps(why.to_json()))) >= {"number", "key", "quotes", "below", "score", "question"}


def test_a_number_that_was_not_cited_names_those_that_were(assistant: Assistant) -> None:
    answer = assistant.ask("How much faster than Stan is Edward?")
    with pytest.raises(UnknownKeyError, match="numbers are 1"):
        assistant.why(answer.answer_id, 9)
