"""Our four parts inside LlamaIndex programs, and LlamaIndex's LLMs inside ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from llama_index.core import Document, VectorStoreIndex
from llama_index.core.base.response.schema import StreamingResponse
from llama_index.core.instrumentation.event_handlers import BaseEventHandler
from llama_index.core.llms import ChatMessage, MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.response_synthesizers import ResponseMode, get_response_synthesizer
from llama_index_instrumentation import get_dispatcher

from assistant.answers import Intent
from assistant.app import Assistant
from assistant.chain import EndpointLLM, PaperEmbedding, PaperQueryEngine, PaperRetriever
from assistant.errors import ModelError
from assistant.filters import parse_filter
from assistant.settings import Settings
from tests.fakes import HashEmbedder, ScriptedModel

QUESTION = "How does ShadowSync synchronise training?"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    settings = Settings(store=tmp_path_factory.mktemp("chain") / "store", llm="none")
    with Assistant(settings) as opened:
        opened.ingest([], sample=True)
        yield opened


def test_our_embedding_serves_a_vector_store_index() -> None:
    embedding = PaperEmbedding(HashEmbedder())
    documents = [Document(text="apples are red"), Document(text="the sky is blue")]
    index = VectorStoreIndex.from_documents(documents, embed_model=embedding)
    (node,) = index.as_retriever(similarity_top_k=1).retrieve("red apples")
    assert node.get_content() == "apples are red"


def test_our_retriever_gives_papers_as_nodes_best_first(assistant: Assistant) -> None:
    nodes = PaperRetriever(assistant.searcher, filters=parse_filter("year:2020"), limit=3).retrieve(QUESTION)
    assert nodes[0].node.node_id == "zheng2020shadowsync"
    assert nodes[0].node.metadata["year"] == 2020
    scores = [node.score or 0.0 for node in nodes]
    assert scores == sorted(scores, reverse=True)


def test_each_thing_compared_has_its_paper(assistant: Assistant) -> None:
    retriever = PaperRetriever(assistant.searcher, limit=1, intent=Intent.COMPARE)
    keys = [node.node_id for node in retriever.retrieve("How does DLRM compare with Kepler?")]
    assert sorted(keys) == ["doshi2023kepler", "naumov2019deep"]
    retriever = PaperRetriever(assistant.searcher, filters=parse_filter("year:2023"), intent=Intent.COMPARE)
    assert "naumov2019deep" not in [node.node_id for node in retriever.retrieve("Compare DLRM and Kepler")]


def test_our_retriever_and_model_serve_llama_indexs_query_engine(assistant: Assistant) -> None:
    llm = EndpointLLM(ScriptedModel("In the background."))
    engine = RetrieverQueryEngine(
        retriever=PaperRetriever(assistant.searcher, limit=2),
        response_synthesizer=get_response_synthesizer(llm=llm, response_mode=ResponseMode.SIMPLE_SUMMARIZE),
    )
    assert str(engine.query(QUESTION)) == "In the background."


def test_a_llama_index_model_serves_our_query_engine(assistant: Assistant) -> None:
    engine = PaperQueryEngine(
        retriever=PaperRetriever(assistant.searcher),
        llm=MockLLM(),
        prompter=lambda found, evidence: [{"role": "user", "content": f"{found.question} {len(evidence)} sentences"}],
    )
    response = engine.query(QUESTION)
    assert isinstance(response, StreamingResponse)
    assert "ShadowSync" in "".join(response.response_gen)
    assert response.source_nodes[0].node.node_id == "zheng2020shadowsync"


def test_without_a_model_the_evidence_is_the_response(assistant: Assistant) -> None:
    response = PaperQueryEngine(retriever=PaperRetriever(assistant.searcher), intent=Intent.QUESTION).query(QUESTION)
    assert "background" in str(response)


def test_a_refused_question_never_reaches_the_model(assistant: Assistant) -> None:
    model = ScriptedModel("Paris [1].")
    engine = PaperQueryEngine(
        retriever=PaperRetriever(assistant.searcher), llm=EndpointLLM(model), prompter=lambda *_: []
    )
    response = engine.query("What is the capital of France?")
    assert response.metadata is not None
    assert response.metadata["refusal"] is not None
    assert not model.sent


def test_the_steps_are_seen_by_llama_indexs_instrumentation(assistant: Assistant) -> None:
    class Collector(BaseEventHandler):
        names: list[str] = []  # noqa: RUF012  a pydantic field

        def handle(self, event: Any, **_: Any) -> None:
            self.names.append(event.class_name())

    collector = Collector()
    dispatcher = get_dispatcher()
    dispatcher.add_event_handler(collector)
    try:
        assistant.ask(QUESTION, assistant.ask_options())
    finally:
        dispatcher.event_handlers.remove(collector)
    wanted = {"QueryStartEvent", "RetrievalStartEvent", "RetrievalEndEvent", "QueryEndEvent"}
    assert wanted <= set(collector.names)


def test_a_model_speaks_through_every_form_of_the_port() -> None:
    llm = EndpointLLM(ScriptedModel("One two three."))
    message = [ChatMessage(role="user", content="count")]
    assert str(llm.complete("count")) == "One two three."
    assert llm.chat(message).message.content == "One two three."
    assert "".join(reply.delta or "" for reply in llm.stream_chat(message)) == "One two three."
    *_, last = llm.stream_complete("count")
    assert last.text == "One two three."
    assert llm.metadata.model_name == "scripted"


def test_the_usage_comes_with_the_last_response() -> None:
    llm = EndpointLLM(ScriptedModel("One two three."))
    *_, last = llm.stream_chat([ChatMessage(role="user", content="count")])
    assert last.additional_kwargs["usage"].input_tokens == 100


def test_an_abandoned_stream_stops_the_request() -> None:
    model = ScriptedModel("One two three. " * 50)
    with closing(EndpointLLM(model).stream_chat([ChatMessage(role="user", content="count")])) as replies:
        next(iter(replies))
    assert model.streams[0].closed


def test_a_models_error_passes_through() -> None:
    llm = EndpointLLM(ScriptedModel(ModelError("refused")))
    with pytest.raises(ModelError, match="refused"):
        llm.complete("count")
