"""Drafts: papers on their way into the library, cut into windows and embedded."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from assistant.embedders import Embedder, FloatArray, WindowText, WindowVectors
from assistant.identity import identity_keys
from assistant.library import Library, PaperWrite, StoredPaper, StoredWindow
from assistant.papers import Paper, Sentence
from assistant.text import split_sentences
from assistant.windows import split_windows


@dataclass(slots=True)
class Draft:
    """A paper of the current batch: what it will be, what it was, and the records that speak of it.

    `noted` are (source, hash, name) of the records that say it, `retired` (source, hash) of those replaced.
    """

    paper: Paper
    stored: StoredPaper | None = None
    noted: list[tuple[str, bytes, str]] = field(default_factory=list)
    retired: list[tuple[str, bytes]] = field(default_factory=list)

    @property
    def text_changed(self) -> bool:
        """Whether there is text that the library has no windows of."""
        if self.stored is None:
            return True
        before = self.stored.paper
        return (before.title, before.abstract) != (self.paper.title, self.paper.abstract)


@dataclass(frozen=True, slots=True)
class Embedded:
    """The rows of some drafts, in their order, how many windows were embedded for them, and about how many tokens."""

    writes: tuple[PaperWrite, ...]
    windows: int
    tokens: int


def embed_drafts(
    drafts: Sequence[Draft], embedder: Embedder, *, library: Library | None = None, blank: bool = False
) -> Embedded:
    """Return the rows of drafts.

    Args:
        drafts: what to embed; all in one call, so that texts of like length go together.
        embedder: counts tokens and makes the vectors.
        library: gives the vectors of windows whose text it has already; without it all are made anew.
        blank: make vectors of zeros, for a rehearsal.
    """
    plans = [_plan(draft, embedder) for draft in drafts]
    reusable = [_reusable(draft, library) for draft in drafts]
    wanted = [
        text
        for plan, known in zip(plans, reusable, strict=True)
        for text, digest in zip(plan.texts, plan.hashes, strict=True)
        if digest not in known
    ]
    dimension = library.dimension if library is not None else 0  # a rehearsal asks no server for its own
    made = iter(_blank(wanted, dimension) if blank else embedder.embed_windows(wanted) if wanted else [])
    writes = [
        _row(draft, plan, [known[digest] if digest in known else next(made) for digest in plan.hashes])
        for draft, plan, known in zip(drafts, plans, reusable, strict=True)
    ]
    return Embedded(tuple(writes), len(wanted), sum(tokens_of(text.title, *text.sentences) for text in wanted))


def tokens_of(title: str, *abstract: str) -> int:
    """Return about how many tokens a server reads to embed a text: the whole, and each sentence of the abstract.

    A token is taken for four characters, as OpenAI says of English.
    """
    return (len(title) + 2 * sum(map(len, abstract))) // 4


@dataclass(frozen=True, slots=True)
class _Plan:
    """How a paper's text is cut: its sentences, and for each window its span, text and hash."""

    sentences: tuple[Sentence, ...]
    spans: tuple[tuple[int, int], ...]
    texts: tuple[WindowText, ...]
    hashes: tuple[bytes, ...]


def _plan(draft: Draft, embedder: Embedder) -> _Plan:
    paper = draft.paper
    sentences = split_sentences(paper.abstract)
    windows = split_windows(paper.title, sentences, embedder.count_tokens)
    texts = tuple(WindowText(paper.title, tuple(s.text for s in sentences[w.first : w.last])) for w in windows)
    hashes = tuple(hashlib.sha256("\0".join((t.title, *t.sentences)).encode()).digest()[:16] for t in texts)
    return _Plan(sentences, tuple((w.first, w.last) for w in windows), texts, hashes)


def _reusable(draft: Draft, library: Library | None) -> dict[bytes, WindowVectors]:
    if draft.stored is None or library is None:
        return {}
    return library.windows_by_hash(draft.stored.id)


def _blank(texts: list[WindowText], dimension: int) -> list[WindowVectors]:
    zeros = np.zeros(dimension, np.float32)
    return [WindowVectors(zeros, np.zeros((len(text.sentences), dimension), np.float32)) for text in texts]


def _row(draft: Draft, plan: _Plan, vectors: list[WindowVectors]) -> PaperWrite:
    windows = tuple(
        StoredWindow(first, last, digest, made.vector, made.tokens)
        for (first, last), digest, made in zip(plan.spans, plan.hashes, vectors, strict=True)
    )
    sentences: FloatArray = np.concatenate([made.sentences for made in vectors])
    number = draft.stored.id if draft.stored is not None else None
    return PaperWrite(draft.paper, plan.sentences, windows, sentences, tuple(identity_keys(draft.paper)), number)
