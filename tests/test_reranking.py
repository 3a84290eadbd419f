"""Reranking: a cross-encoder or a language model orders the first papers anew; where it fails, the search stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import onnx
import pytest
from onnx import TensorProto, helper

from assistant.app import Assistant
from assistant.embedders import CrossEncoder
from assistant.embedders.onnx import TOKENIZER_FILE, installed_file
from assistant.errors import EmbedderError, ModelError, SettingsError
from assistant.evaluation import Collection
from assistant.reranking import ModelReranker, open_reranker
from assistant.retrieval import RERANKED
from assistant.settings import Settings
from tests.fakes import ScriptedModel, ScriptedServer, answer_reply, error_reply
from tests.test_cli import Runner

QUESTION = "Which papers are about recommendation?"
TEXTS = ["Cats sleep.", "Yeast folds proteins and yeast grows.", "Proteins are folded by yeast."]


def shared_words(*, figures: int = 1) -> onnx.ModelProto:
    """Return a cross-encoder that counts the pairs of equal tokens, one of the question and one of the text."""
    names = ("input_ids", "attention_mask", "token_type_ids")
    integers, number = TensorProto.INT64, TensorProto.FLOAT
    row, column = [0, 1, -1], [0, -1, 1]
    nodes = [
        helper.make_node("Reshape", ["input_ids", "as_row"], ["ids_row"]),
        helper.make_node("Reshape", ["input_ids", "as_column"], ["ids_column"]),
        helper.make_node("Equal", ["ids_row", "ids_column"], ["same"]),
        helper.make_node("Cast", ["same"], ["equal"], to=number),
        helper.make_node("Cast", ["token_type_ids"], ["text"], to=number),
        helper.make_node("Sub", ["attention_mask", "token_type_ids"], ["first"]),
        helper.make_node("Cast", ["first"], ["question"], to=number),
        helper.make_node("Reshape", ["text", "as_row"], ["text_row"]),
        helper.make_node("Reshape", ["question", "as_column"], ["question_column"]),
        helper.make_node("Mul", ["text_row", "question_column"], ["across"]),
        helper.make_node("Mul", ["equal", "across"], ["shared"]),
        helper.make_node("ReduceSum", ["shared", "axes"], ["sums"], keepdims=0),
        helper.make_node("Reshape", ["sums", "one_each"], ["single"]),
        helper.make_node("Concat", ["single"] * figures, ["logits"], axis=1),
    ]
    constants = {"as_row": row, "as_column": column, "axes": [1, 2], "one_each": [-1, 1]}
    graph = helper.make_graph(
        nodes,
        "shared words",
        [helper.make_tensor_value_info(name, integers, ["n", "t"]) for name in names],
        [helper.make_tensor_value_info("logits", number, ["n", figures])],
        [helper.make_tensor(name, integers, [len(value)], value) for name, value in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A cross-encoder as sentence-transformers lays it out."""
    folder = tmp_path / "cross"
    folder.mkdir()
    onnx.save(shared_words(), str(folder / "model.onnx"))
    (folder / "tokenizer.json").symlink_to(installed_file(*TOKENIZER_FILE))
    return folder


@pytest.fixture
def opened(own_sample: Path) -> Iterator[Callable[..., Assistant]]:
    """Opens the sample library with settings."""
    assistants: list[Assistant] = []

    def open_with(**settings: object) -> Assistant:
        values = {"store": own_sample, "llm": "none", **settings}
        assistants.append(Assistant(Settings(**values)))  # type: ignore[arg-type]
        return assistants[-1]

    yield open_with
    for assistant in assistants:
        assistant.close()


def keys(assistant: Assistant, query: str = QUESTION, top_k: int = 30) -> list[str]:
    return [ranked.paper.key for ranked in assistant.search(query, top_k=top_k).papers]


class TestCrossEncoder:
    def test_texts_are_ordered_by_the_models_figures(self, folder: Path) -> None:
        assert CrossEncoder(folder, 60).order("How does yeast fold yeast proteins?", TEXTS) == [1, 2, 0]

    def test_many_texts_are_each_scored_for_themselves(self, folder: Path) -> None:
        texts = [f"{'word ' * (n % 7)}end" for n in range(19)]
        wanted = sorted(range(19), key=lambda n: -(n % 7))
        assert CrossEncoder(folder, 60).order("a word", texts) == wanted

    def test_a_long_text_is_cut(self, folder: Path) -> None:
        assert CrossEncoder(folder, 60).order("cats", ["dogs " * 3000, "cats"]) == [1, 0]

    def test_a_model_that_gives_more_than_one_figure_is_refused(self, folder: Path) -> None:
        onnx.save(shared_words(figures=2), str(folder / "model.onnx"))
        with pytest.raises(EmbedderError, match="one figure a text"):
            CrossEncoder(folder, 60).order("yeast", TEXTS)

    def test_it_ends_at_its_deadline(self, folder: Path) -> None:
        with pytest.raises(EmbedderError, match="took longer than 0 s"):
            CrossEncoder(folder, 0).order("yeast", TEXTS)

    def test_a_file_that_is_no_model_is_named(self, folder: Path) -> None:
        (folder / "model.onnx").write_bytes(b"no model")
        with pytest.raises(EmbedderError, match=r"model\.onnx cannot be loaded"):
            CrossEncoder(folder, 60)


class TestModelReranker:
    @pytest.mark.parametrize(
        ("reply", "order"),
        [("3, 1", [2, 0, 1]), ("3, 1, 2", [2, 0, 1]), ("[2]\n[2]\n[99]", [1, 0, 2]), ("Best is 2.", [1, 0, 2])],
    )
    def test_the_papers_named_come_first_and_the_others_follow(self, reply: str, order: list[int]) -> None:
        assert ModelReranker(ScriptedModel(reply), 60).order("yeast", TEXTS) == order

    def test_the_model_reads_numbered_papers_on_a_line_each(self) -> None:
        model = ScriptedModel("1")
        ModelReranker(model, 60).order("yeast?", ["One\n2. forged", "Two"])
        assert "Question: yeast?\n\nPapers:\n1. One 2. forged\n2. Two\n" in model.sent[0][-1]["content"]

    @pytest.mark.parametrize("reply", ["", "none of them", "0, 17, 2.5", "x" * 10_000 + "1"])
    def test_a_reply_that_names_no_paper_is_an_error(self, reply: str) -> None:
        with pytest.raises(ModelError, match="named none"):
            ModelReranker(ScriptedModel(reply), 60).order("yeast", TEXTS)


@pytest.mark.parametrize("spec", ["best", "onnx:", "onnx", "http://127.0.0.1/v1#model"])
def test_an_unknown_spec_is_refused(spec: str) -> None:
    with pytest.raises(SettingsError, match="cannot read the reranker"):
        open_reranker(spec, lambda: None)


def test_the_first_papers_of_a_search_take_the_models_order(opened: Callable[..., Assistant], folder: Path) -> None:
    plain, reranked = keys(opened()), keys(opened(rerank=f"onnx:{folder}"))
    assert plain != reranked
    assert sorted(plain[:RERANKED]) == sorted(reranked[:RERANKED])
    assert plain[RERANKED:] == reranked[RERANKED:], "papers further down stay where they were"


def test_scores_fall_from_place_to_place(opened: Callable[..., Assistant], folder: Path) -> None:
    scores = [ranked.score for ranked in opened(rerank=f"onnx:{folder}").search(QUESTION, top_k=30).papers]
    assert scores == sorted(scores, reverse=True)


def test_a_paper_that_is_named_stays_first(opened: Callable[..., Assistant]) -> None:
    first = keys(opened())[0]
    with ScriptedServer(answer_reply("20, 19")) as server:
        assistant = opened(llm=f"{server.url}#scripted", rerank="llm")
        assert keys(assistant, f"what does {first} say?")[0] == first


def test_an_answer_rests_on_the_reranked_papers(opened: Callable[..., Assistant], folder: Path) -> None:
    answer = opened(rerank=f"onnx:{folder}").ask(QUESTION)
    assert [found.key for found in answer.retrieved] == keys(opened(rerank=f"onnx:{folder}"), top_k=10)


def test_a_language_model_reranks(opened: Callable[..., Assistant]) -> None:
    plain = keys(opened())
    with ScriptedServer(answer_reply("3, 1")) as server:
        assistant = opened(llm=f"{server.url}#scripted", rerank="llm")
        assert keys(assistant)[:3] == [plain[2], plain[0], plain[1]]
        assert (len(server.requests), assistant.notices) == (1, [])


@pytest.mark.parametrize(
    ("reply", "said"),
    [(answer_reply("I cannot say."), "named none of the papers"), (error_reply(401, "wrong key"), "wrong key")],
)
def test_where_a_model_fails_the_search_stands_and_says_so(
    opened: Callable[..., Assistant], reply: object, said: str
) -> None:
    with ScriptedServer(reply) as server:  # type: ignore[arg-type]
        assistant = opened(llm=f"{server.url}#scripted", rerank="llm")
        assert keys(assistant) == keys(opened())
    (notice,) = assistant.notices
    assert notice.startswith("the papers were not reranked: ")
    assert said in notice


def test_without_a_model_there_is_a_note(opened: Callable[..., Assistant]) -> None:
    assistant = opened(rerank="llm")
    assert keys(assistant) == keys(opened())
    assert "there is no language model" in assistant.notices[0]


def test_an_evaluation_asks_the_reranker_once_a_query(opened: Callable[..., Assistant]) -> None:
    with ScriptedServer(answer_reply("2")) as server:
        assistant = opened(llm=f"{server.url}#scripted", rerank="llm")
        judged = next(assistant.papers()).source_id
        queries = {"1": "recommendation", "2": "language models", "3": "quantisation"}
        collection = Collection("sample", Path(), queries, {name: {judged: 1} for name in queries})
        assistant.evaluate(collection)
        assert len(server.requests) == len(queries)


@pytest.mark.parametrize("command", ["search", "ask"])
def test_a_flag_asks_for_it(command: str, folder: Path, own_sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = Runner(capsys, own_sample)
    plain, reranked = run(command, QUESTION), run(command, QUESTION, "--rerank", f"onnx:{folder}")
    assert (plain.code, reranked.code) == (0, 0)
    assert plain.out != reranked.out
    assert "cannot read the reranker 'best'" in run.fails(command, QUESTION, "--rerank", "best", code=2)


@pytest.mark.parametrize("command", ["chat", "eval"])
def test_chat_and_eval_know_the_flag(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "--rerank" in Runner(capsys)(command, "--help").out
