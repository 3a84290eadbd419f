"""The reranker that a user names: what reads the first papers of a search once more and puts them in order.

none           the order of the search itself
onnx:FOLDER    a cross-encoder exported to ONNX, such as cross-encoder/ms-marco-MiniLM-L6-v2
llm            the language model of the settings, which is shown the papers and names the best first
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from assistant.embedders import CrossEncoder
from assistant.errors import ModelError, SettingsError
from assistant.llms import ChatModel, Deadline
from assistant.prompts import load_prompt
from assistant.retrieval import Reranker

SECONDS = 20.0  # for one question; what takes longer is not waited for
SHOWN = 800  # characters of a paper that a language model reads
_MOST = 400  # characters of its reply that are read: twenty numbers need some eighty
_NUMBER = re.compile(r"(?<![\d.])\d{1,3}(?![\d.]*\d)")


def open_reranker(spec: str, model: Callable[[], ChatModel | None], seconds: float = SECONDS) -> Reranker | None:
    """Return the reranker that `spec` means, None for none; `model` opens the language model.

    Raises:
        SettingsError: the spec has no known form.
        EmbedderError: the cross-encoder cannot be loaded.
    """
    if spec == "none":
        return None
    if spec == "llm":
        return ModelReranker(model(), seconds)
    kind, _, folder = spec.partition(":")
    if kind != "onnx" or not folder:
        raise SettingsError(f"cannot read the reranker {spec!r}", "use none, onnx:FOLDER or llm")
    return CrossEncoder(Path(folder).expanduser(), seconds)


class ModelReranker:
    """Orders texts as a language model names them.

    Args:
        model: what is asked; None where there is none.
        seconds: time for one question.
    """

    def __init__(self, model: ChatModel | None, seconds: float) -> None:
        self._model = model
        self._seconds = seconds

    def order(self, question: str, texts: Sequence[str]) -> list[int]:
        """Return the places of `texts`, those that the model names first; the others follow as they were.

        Raises:
            ModelError: there is no model, it fails, or it names none of the texts.
        """
        if self._model is None:
            raise ModelError("there is no language model", "name one with the setting llm")
        prompt = load_prompt("rerank", variables={"question", "papers"})
        shown = "\n".join(f"{number}. {' '.join(text.split())[:SHOWN]}" for number, text in enumerate(texts, 1))
        reply = ""
        with closing(
            self._model.stream(
                prompt.render(question=" ".join(question.split()), papers=shown),
                deadline=Deadline(self._seconds),
                max_tokens=_MOST // 2,
            )
        ) as pieces:
            for piece in pieces:
                reply += piece
                if len(reply) > _MOST:
                    break
        named = [int(number) - 1 for number in _NUMBER.findall(reply[:_MOST])]
        chosen = [place for place in dict.fromkeys(named) if 0 <= place < len(texts)]
        if not chosen:
            raise ModelError("the language model named none of the papers")
        return [*chosen, *(place for place in range(len(texts)) if place not in chosen)]
