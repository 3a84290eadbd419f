"""The chain in LlamaIndex's terms: embedding, model, retriever, query engine. The only module that knows LlamaIndex.

Each class is one of LlamaIndex's ports over our own code, so it can be put into a LlamaIndex program, and
any LlamaIndex LLM can take the place of ours in the query engine.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from llama_index.core.base.llms.types import (
    ChatMessage,
    ChatResponse,
    ChatResponseGen,
    CompletionResponse,
    CompletionResponseGen,
    LLMMetadata,
    MessageRole,
)
from llama_index.core.base.response.schema import RESPONSE_TYPE, Response, StreamingResponse
from llama_index.core.bridge.pydantic import Field, PrivateAttr
from llama_index.core.embeddings import BaseEmbedding
from llama_index.core.instrumentation.events.query import QueryEndEvent, QueryStartEvent
from llama_index.core.llms import LLM, CustomLLM
from llama_index.core.llms.callbacks import llm_chat_callback, llm_completion_callback
from llama_index.core.query_engine import CustomQueryEngine
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
from llama_index_instrumentation import get_dispatcher

from assistant.answers import Intent
from assistant.embedders import Embedder, FloatArray, PlainEmbedder, WindowText
from assistant.errors import EmbedderError
from assistant.evidence import Evidence, asks_for_all, owns, select_evidence
from assistant.filters import Filter, Term
from assistant.llms import ChatModel, ChatStream, Deadline, Message
from assistant.phrasing import named_things
from assistant.refusal import CERTAINTY, RefusalReason, answers_question
from assistant.retrieval import RankedPaper, Retrieval, Searcher

__all__ = [
    "BorrowedEmbedder",
    "EndpointLLM",
    "PaperEmbedding",
    "PaperQueryEngine",
    "PaperRetriever",
    "StreamingResponse",
    "stream_reply",
]

OWNERS = 3  # papers nearest to a name that are looked at for the one about it

_dispatcher = get_dispatcher(__name__)
TokenGen = Generator[str, None, None]
Prompter = Callable[[Retrieval, Sequence[Evidence]], list[Message]]


class PaperEmbedding(BaseEmbedding):
    """LlamaIndex's embedding port over one of our embedders."""

    _embedder: Embedder = PrivateAttr()

    def __init__(self, embedder: Embedder, **kwargs: Any) -> None:
        super().__init__(model_name=embedder.name, **kwargs)
        self._embedder = embedder

    @classmethod
    def class_name(cls) -> str:
        """Return the name under which LlamaIndex serialises the class."""
        return "PaperEmbedding"

    def _get_query_embedding(self, query: str) -> list[float]:
        return [float(value) for value in self._embedder.embed_queries([query])[0]]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        made = self._embedder.embed_windows([WindowText("", (text,)) for text in texts])
        return [[float(value) for value in window.vector] for window in made]


class BorrowedEmbedder(PlainEmbedder):
    """Any LlamaIndex embedding as an embedder of ours.

    Args:
        model: the embedding, from an integration or a user's own.
    """

    def __init__(self, model: BaseEmbedding) -> None:
        super().__init__(f"llama-index/{model.model_name}")
        self._model = model

    @classmethod
    def imported(cls, path: str) -> BorrowedEmbedder:
        """Return the embedder of MODULE:NAME: an instance, or a class or function that makes one without arguments.

        Raises:
            EmbedderError: there is none, or it is no LlamaIndex embedding.
        """
        module, _, name = path.partition(":")
        hint = "write llama-index:package.module:NAME"
        try:
            found = getattr(importlib.import_module(module), name)
            model = found if isinstance(found, BaseEmbedding) else found()
        except Exception as error:  # the user's own code may raise anything
            raise EmbedderError(f"cannot load the embedding {path!r}: {error}", hint) from error
        if not isinstance(model, BaseEmbedding):
            raise EmbedderError(f"{path!r} is no LlamaIndex embedding but a {type(model).__name__}", hint)
        return cls(model)

    def _embed(self, texts: Sequence[str], *, question: bool) -> FloatArray:
        try:
            if question:
                return np.array([self._model.get_query_embedding(text) for text in texts], np.float32)
            return np.array(self._model.get_text_embedding_batch(list(texts)), np.float32)
        except Exception as error:
            raise EmbedderError(f"the embedding {self.name} failed: {error}", "use another embedder") from error


class EndpointLLM(CustomLLM):
    """LlamaIndex's LLM port over a chat model.

    Each call keeps one deadline: the `deadline` given with it, else `timeout` seconds from its start. The
    stream's last response carries `usage` (a TokenUsage or None) in `additional_kwargs`.
    """

    timeout: float = Field(default=60.0, gt=0, description="seconds for one reply, retries included")
    max_tokens: int = Field(default=1024, gt=0, description="length limit of a reply")
    context_window: int = Field(default=8192, gt=0, description="tokens the model reads")
    _model: ChatModel = PrivateAttr()

    def __init__(self, model: ChatModel, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._model = model

    @classmethod
    def class_name(cls) -> str:
        """Return the name under which LlamaIndex serialises the class."""
        return "EndpointLLM"

    @property
    def metadata(self) -> LLMMetadata:
        """What LlamaIndex wants to know of a model."""
        return LLMMetadata(
            model_name=self._model.name,
            context_window=self.context_window,
            num_output=self.max_tokens,
            is_chat_model=True,
        )

    @llm_chat_callback()
    def chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        """Return the whole reply to `messages`."""
        text = "".join(self._open(messages, kwargs.get("deadline")))
        return ChatResponse(message=ChatMessage(role=MessageRole.ASSISTANT, content=text))

    @llm_chat_callback()
    def stream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponseGen:
        """Yield the reply to `messages` as it comes; closing the generator stops the request."""
        return self._responses(self._open(messages, kwargs.get("deadline")))

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:  # noqa: ARG002, FBT
        """Return the whole reply to one prompt."""
        return CompletionResponse(text="".join(self._open([ChatMessage(content=prompt)], kwargs.get("deadline"))))

    @llm_completion_callback()
    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponseGen:  # noqa: ARG002, FBT
        """Yield the reply to one prompt as it comes."""
        replies = self._responses(self._open([ChatMessage(content=prompt)], kwargs.get("deadline")))
        return (CompletionResponse(text=reply.message.content or "", delta=reply.delta or "") for reply in replies)

    def _open(self, messages: Sequence[ChatMessage], deadline: Deadline | None) -> ChatStream:
        sent = [{"role": message.role.value, "content": message.content or ""} for message in messages]
        return self._model.stream(sent, deadline=deadline or Deadline(self.timeout), max_tokens=self.max_tokens)

    def _responses(self, reply: ChatStream) -> Generator[ChatResponse, None, None]:
        text = ""
        try:
            for delta in reply:
                text += delta
                yield ChatResponse(message=ChatMessage(role=MessageRole.ASSISTANT, content=text), delta=delta)
            message = ChatMessage(role=MessageRole.ASSISTANT, content=text)
            yield ChatResponse(message=message, delta="", additional_kwargs={"usage": reply.usage})
        finally:
            reply.close()


class PaperRetriever(BaseRetriever):
    """LlamaIndex's retriever port over the searcher: one node a paper, best first, scores in 0..1.

    A node's id is the citation key, its text the abstract, its metadata title, authors, year and source id.
    `retrieval` is what the last call found, in our own terms.
    """

    def __init__(
        self,
        searcher: Searcher,
        *,
        filters: Filter | None = None,
        limit: int = 10,
        rerank: bool = False,
        intent: Intent = Intent.QUESTION,
    ) -> None:
        self._searcher = searcher
        self._intent = intent
        self._rerank = rerank
        self._filters = filters or Filter()
        self._limit = limit
        self.retrieval: Retrieval | None = None
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = self._searcher.retrieve(
            query_bundle.query_str, filters=self._filters, limit=self._limit, rerank=self._rerank
        )
        if self._intent is Intent.COMPARE:
            found = self._with_compared(found)
        self.retrieval = found
        return [_node(ranked) for ranked in found.papers]

    def _with_compared(self, found: Retrieval) -> Retrieval:
        """Return what was found and, for each thing compared that none of it is about, the paper that is."""
        papers = list(found.papers)
        for name in named_things(found.question):
            if any(owns(ranked, name) for ranked in papers):
                continue
            near = self._searcher.retrieve(name, filters=self._filters, limit=OWNERS).papers
            keys = tuple(ranked.paper.key for ranked in near if owns(ranked, name))[:1]
            if keys:
                only = self._filters & Filter((Term("key", keys),))
                told = self._searcher.retrieve(found.question, filters=only, limit=1).papers
                papers += [replace(ranked, rank=len(papers) + 1) for ranked in told]
        return replace(found, papers=tuple(papers))


class PaperQueryEngine(CustomQueryEngine):
    """LlamaIndex's query engine port: papers, evidence, then the evidence itself or a model's answer over it.

    The response's `metadata` holds `retrieval`, `evidence` and `refusal` (a RefusalReason, or None where
    the library answers). A refused question never reaches the model.
    """

    retriever: BaseRetriever = Field(description="a PaperRetriever")
    llm: LLM | None = Field(default=None, description="any LlamaIndex LLM; without one the evidence is the answer")
    prompter: Any = Field(default=None, description="a Prompter: what was found to messages; needed with a model")
    intent: Intent = Field(default=Intent.QUESTION, description="what kind of answer the question asks for")
    sentences: int = Field(default=8, gt=0, description="evidence sentences at the most")
    filtered: bool = Field(default=False, description="a filter holds, so that a question for all papers has an answer")
    certainty: float = Field(default=CERTAINTY, ge=0, le=1, description="of an answer, below which a fact is refused")
    deadline: Any = Field(default=None, description="a Deadline for the whole answer")

    def custom_query(self, query_str: str) -> RESPONSE_TYPE:
        """Return the evidence as text, or the model's answer as a stream."""
        _dispatcher.event(QueryStartEvent(query=query_str))  # CustomQueryEngine itself says nothing
        response = self._respond(query_str)
        _dispatcher.event(QueryEndEvent(query=query_str, response=response))
        return response

    def _respond(self, query_str: str) -> RESPONSE_TYPE:
        nodes = self.retriever.retrieve(query_str)
        retrieval = getattr(self.retriever, "retrieval", None)
        if not isinstance(retrieval, Retrieval):
            raise TypeError("PaperQueryEngine needs a PaperRetriever")
        everything = bool(self.filtered) and retrieval.searched > 0 and asks_for_all(retrieval)
        refusal: RefusalReason | None = None if everything else answers_question(retrieval, self.intent, self.certainty)
        evidence = () if refusal else select_evidence(retrieval, self.intent, self.sentences)
        metadata = {"retrieval": retrieval, "evidence": evidence, "refusal": refusal}
        if not evidence or self.llm is None:
            text = " ".join(piece.sentence.text for piece in evidence)
            return Response(response=text, source_nodes=nodes, metadata=metadata)
        if self.prompter is None:
            raise TypeError("a model needs a prompter")
        messages: list[Message] = self.prompter(retrieval, evidence)
        words = stream_reply(self.llm, messages, self.deadline)
        return StreamingResponse(words, source_nodes=nodes, metadata=metadata)


def stream_reply(llm: LLM, messages: Sequence[Message], deadline: Deadline | None) -> TokenGen:
    """Yield the words of any LlamaIndex model; one of our own keeps `deadline`. Closing it stops the request."""
    sent = [ChatMessage(role=message["role"], content=message["content"]) for message in messages]
    replies = llm.stream_chat(sent, deadline=deadline) if isinstance(llm, EndpointLLM) else llm.stream_chat(sent)
    try:
        for reply in replies:
            if reply.delta:
                yield reply.delta
    finally:
        close = getattr(replies, "close", None)
        if close is not None:
            close()


def _node(ranked: RankedPaper) -> NodeWithScore:
    paper = ranked.paper
    metadata = {
        "title": paper.title,
        "authors": list(paper.authors),
        "year": paper.year,
        "source_id": paper.source_id,
    }
    return NodeWithScore(node=TextNode(id_=paper.key, text=paper.abstract, metadata=metadata), score=ranked.score)
