"""Embedders other than the local one: servers, ONNX folders, LlamaIndex; and a library that changes over to one."""

from __future__ import annotations

import base64
import json
import re
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from llama_index.core.embeddings import BaseEmbedding
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from assistant.app import open_assistant
from assistant.embedders import FolderEmbedder, MiniLM, WindowText, onnx
from assistant.embedders.remote import BATCH
from assistant.embedding import embedding_price, open_embedder
from assistant.errors import AssistantError, EmbedderError, SettingsError, StoreError
from assistant.settings import Settings
from assistant.text import content_words
from tests.test_cli import Runner

DIMENSION = 64
QUESTION = "How much faster than Stan is Edward?"
WINDOW = WindowText("A title", ("One sentence stands here.", "Another follows it."))


def word_vector(text: str) -> list[float]:
    """Return a vector in which each content word of `text` has a place."""
    vector = np.zeros(DIMENSION, np.float32)
    for word in content_words(text):
        vector[zlib.crc32(word.encode()) % DIMENSION] += 1
    return [float(value) for value in vector + 0.01]


class WordEmbedding(BaseEmbedding):
    """A LlamaIndex embedding as a user might bring one."""

    model_name: str = "words"

    def _get_query_embedding(self, query: str) -> list[float]:
        return word_vector(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return word_vector(query)

    def _get_text_embedding(self, text: str) -> list[float]:
        return word_vector(text)


BROKEN = object()


def answer(request: Request) -> Response:
    """Answer as OpenAI does, base64 where the client asks for it, and in another order than asked."""
    body = json.loads(request.data)
    texts: list[str] = body["input"]
    rows = []
    for place in reversed(range(len(texts))):
        row: Any = word_vector(texts[place])
        if body.get("encoding_format") == "base64":
            row = base64.b64encode(np.array(row, np.float32).tobytes()).decode()
        rows.append({"object": "embedding", "index": place, "embedding": row})
    usage = {"prompt_tokens": sum(len(text) // 4 for text in texts), "total_tokens": 0}
    reply = {"object": "list", "model": body["model"], "data": rows, "usage": usage}
    return Response(json.dumps(reply), content_type="application/json")


@pytest.fixture
def server(httpserver: HTTPServer) -> HTTPServer:
    httpserver.expect_request("/v1/embeddings").respond_with_handler(answer)
    return httpserver


def spec_of(server: HTTPServer) -> str:
    return server.url_for("/v1") + "#words"


class TestServer:
    def test_windows_and_questions_get_vectors_of_length_one(self, server: HTTPServer) -> None:
        embedder = open_embedder(spec_of(server), Settings())
        (vectors,) = embedder.embed_windows([WINDOW])
        assert (embedder.name, embedder.dimension) == ("server/words", DIMENSION)
        assert vectors.sentences.shape == (2, DIMENSION)
        assert np.linalg.norm(vectors.sentences, axis=1) == pytest.approx(1)
        (question,) = embedder.embed_queries(["One sentence?"])
        assert list(np.argsort(-(vectors.sentences @ question))) == [0, 1]

    def test_many_texts_go_in_batches_and_keep_their_order(self, server: HTTPServer) -> None:
        texts = [f"word{n} and word{n + 1}" for n in range(BATCH + 7)]
        rows = open_embedder(spec_of(server), Settings()).embed_queries(texts)
        wanted = np.array([word_vector(text) for text in texts])
        assert (rows * wanted).sum(axis=1) / np.linalg.norm(wanted, axis=1) == pytest.approx(1, abs=1e-5)
        assert [len(json.loads(request.data)["input"]) for request, _ in server.log] == [BATCH, 7]

    def test_a_server_that_is_busy_is_asked_again(self, httpserver: HTTPServer) -> None:
        busy = Response("busy", status=429, headers={"retry-after-ms": "10"})
        httpserver.expect_ordered_request("/v1/embeddings").respond_with_response(busy)
        httpserver.expect_ordered_request("/v1/embeddings").respond_with_handler(answer)
        assert open_embedder(spec_of(httpserver), Settings()).embed_queries(["a text"]).shape == (1, DIMENSION)

    @pytest.mark.parametrize(
        ("reply", "status", "said"),
        [
            ({"error": {"message": "no such model"}}, 404, "no such model"),
            ({"error": {"message": "wrong key sk-very-secret"}}, 401, "[key]"),
            ({"data": []}, 200, "one vector for each text"),
            ({"data": [{"index": 3, "embedding": [1.0]}]}, 200, "one vector for each text"),
            ({"data": [{"index": 0, "embedding": []}]}, 200, "one vector for each text"),
            ({"data": [{"index": 0, "embedding": ["x"]}]}, 200, "one vector for each text"),
            ({"data": None}, 200, "one vector for each text"),
            ([], 200, "one vector for each text"),
        ],
    )
    def test_an_unusable_answer_is_one_clear_error(
        self, httpserver: HTTPServer, reply: object, status: int, said: str
    ) -> None:
        httpserver.expect_request("/v1/embeddings").respond_with_json(reply, status=status)
        embedder = open_embedder(spec_of(httpserver), Settings(api_key="sk-very-secret"))
        with pytest.raises(EmbedderError) as caught:
            embedder.embed_queries(["a text"])
        assert said in str(caught.value)
        assert "sk-very-secret" not in str(caught.value)

    def test_a_key_goes_to_the_named_server(self, server: HTTPServer) -> None:
        open_embedder(spec_of(server), Settings(api_key="sk-mine")).embed_queries(["a"])
        assert server.log[0][0].headers["Authorization"] == "Bearer sk-mine"


class TestFolder:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        """The local model, laid out as sentence-transformers lays out an export."""
        folder = tmp_path / "mini"
        (folder / "onnx").mkdir(parents=True)
        (folder / "onnx" / "model.onnx").symlink_to(onnx.installed_file(*onnx.MODEL_FILE))
        (folder / "tokenizer.json").symlink_to(onnx.installed_file(*onnx.TOKENIZER_FILE))
        return folder

    def test_it_gives_the_vectors_of_its_model(self, folder: Path) -> None:
        texts = ["How fast is the car?", "Yeast folds proteins."]
        found, known = FolderEmbedder(folder).embed_queries(texts), MiniLM().embed_queries(texts)
        assert (found * known).sum(axis=1) == pytest.approx(1, abs=1e-3)

    def test_its_own_files_say_how_to_pool_and_what_stands_in_front(self, folder: Path) -> None:
        mean = FolderEmbedder(folder).embed_queries(["a car"])
        (folder / "1_Pooling").mkdir()
        (folder / "1_Pooling" / "config.json").write_text('{"pooling_mode_cls_token": true}')
        first = FolderEmbedder(folder).embed_queries(["a car"])
        assert (mean * first).sum() < 0.99
        (folder / "config_sentence_transformers.json").write_text('{"prompts": {"query": "query: "}}')
        prompted = FolderEmbedder(folder)
        assert (prompted.embed_queries(["a car"]) * first).sum() < 0.99
        assert prompted.embed_windows([WindowText("a car")])[0].vector @ first[0] == pytest.approx(1, abs=1e-4)

    @pytest.mark.parametrize("missing", ["onnx/model.onnx", "tokenizer.json"])
    def test_a_folder_without_its_files_is_named(self, folder: Path, missing: str) -> None:
        (folder / missing).unlink()
        with pytest.raises(EmbedderError, match=r"holds no model\.onnx with a tokenizer\.json"):
            FolderEmbedder(folder)

    def test_other_poolings_are_refused(self, folder: Path) -> None:
        (folder / "1_Pooling").mkdir()
        (folder / "1_Pooling" / "config.json").write_text('{"pooling_mode_mean_tokens": false}')
        with pytest.raises(EmbedderError, match="pooling"):
            FolderEmbedder(folder)


class TestLlamaIndex:
    @pytest.mark.parametrize("name", ["WordEmbedding", "made"])
    def test_a_class_or_an_instance_is_imported_by_path(self, name: str) -> None:
        embedder = open_embedder(f"llama-index:tests.test_embedding:{name}", Settings())
        assert embedder.name == "llama-index/words"
        assert embedder.embed_windows([WINDOW])[0].sentences.shape == (2, DIMENSION)

    @pytest.mark.parametrize(
        "path", ["tests.test_embedding:BROKEN", "tests.test_embedding:gone", "no.such.module:X", "x"]
    )
    def test_what_is_no_embedding_is_refused(self, path: str) -> None:
        with pytest.raises(EmbedderError):
            open_embedder(f"llama-index:{path}", Settings())


made = WordEmbedding()


@pytest.mark.parametrize("spec", ["", "onnx:", "llama-index:", "minilm", "http://", "openai/"])
def test_an_unreadable_spec_is_a_usage_error(spec: str) -> None:
    with pytest.raises(SettingsError):
        open_embedder(spec, Settings())


class TestChangingOver:
    def test_a_library_goes_over_to_another_embedder_and_answers_with_it(
        self, own_sample: Path, server: HTTPServer
    ) -> None:
        from assistant.reembedding import reembed

        chosen = Settings(store=own_sample, llm="none", embedder=spec_of(server))
        with open_assistant(chosen) as assistant, pytest.raises(StoreError, match="made by all-MiniLM"):
            assistant.search(QUESTION)
        reembed(own_sample, open_embedder(chosen.embedder, chosen))
        with open_assistant(chosen) as assistant:
            found = assistant.search(QUESTION)
            assert found.papers[0].paper.key == "tran2017deep"
            assert not assistant.ask(QUESTION).refused
            assert assistant.ask("How do yeast cells fold proteins?").refused
        local = Settings(store=own_sample, llm="none")
        with open_assistant(local) as assistant, pytest.raises(StoreError, match="made by server/words"):
            assistant.search(QUESTION)

    def test_a_server_that_fails_on_the_way_leaves_old_vectors(self, own_sample: Path, httpserver: HTTPServer) -> None:
        from assistant.reembedding import reembed

        httpserver.expect_ordered_request("/v1/embeddings").respond_with_handler(answer)
        httpserver.expect_request("/v1/embeddings").respond_with_json({"error": {"message": "gone"}}, status=404)
        with pytest.raises(AssistantError):
            reembed(own_sample, open_embedder(spec_of(httpserver), Settings()))
        with open_assistant(Settings(store=own_sample, llm="none")) as assistant:
            assert assistant.search(QUESTION).papers[0].paper.key == "tran2017deep"

    def test_a_library_never_chooses_the_host_or_code_by_itself(self, own_sample: Path, server: HTTPServer) -> None:
        from assistant.reembedding import reembed

        reembed(own_sample, open_embedder(spec_of(server), Settings()))
        server.clear_log()
        with open_assistant(Settings(store=own_sample, llm="none")) as assistant, pytest.raises(StoreError):
            assistant.ask(QUESTION)
        assert not server.log


class TestCost:
    def test_an_ingest_through_a_paid_server_says_before_what_it_will_read(
        self, capsys: pytest.CaptureFixture[str], store: Path, server: HTTPServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-x")
        monkeypatch.setenv("ASSISTANT_EMBEDDER", "openai/text-embedding-3-small")
        foretold = Runner(capsys, store)("ingest", "--sample", "--dry-run")  # asks no server: only loopback is allowed
        said = re.search(r"text-embedding-3-small will read about ([0-9,]+) tokens, about \$0\.00", foretold.err)
        assert said is not None
        with open_assistant(Settings(store=store, embedder=spec_of(server))) as assistant:
            assistant.ingest([], sample=True)
        read = sum(len(text) for request, _ in server.log for text in json.loads(request.data)["input"]) / 4
        assert int(said[1].replace(",", "")) == pytest.approx(read, rel=0.1)

    def test_what_is_known_already_or_cannot_be_read_twice_is_not_counted(
        self, own_sample: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-x")
        with open_assistant(Settings(store=own_sample, embedder="openai/text-embedding-3-small")) as assistant:
            assert assistant.ingest_cost([], sample=True) is None
            assert assistant.ingest_cost(["-"]) is None
            assert assistant.ingest_cost(["nowhere.bib"]) is None, "the ingest itself says what is wrong"

    def test_what_runs_here_is_free_and_what_openai_takes_is_known(self) -> None:
        free = embedding_price("local", Settings())
        assert free is not None
        assert free.read == 0
        known = embedding_price("openai/text-embedding-3-small", Settings(), {"OPENAI_API_KEY": "sk-x"})
        assert known is not None
        assert known.read == 0.02

    def test_a_run_that_costs_money_is_announced_and_wants_a_yes(
        self, capsys: pytest.CaptureFixture[str], own_sample: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-x")
        spec = "openai/text-embedding-3-small"
        result = Runner(capsys, own_sample)("library", "reindex", "--embedder", spec)
        assert result.code == 2
        assert "tokens, about $0.00" in result.err
        assert "--yes" in result.err
