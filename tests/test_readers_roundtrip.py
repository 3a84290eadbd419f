"""What `export` writes comes back as it was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.export import FORMATS as EXPORTS
from assistant.export import export
from assistant.papers import Flag, Paper
from assistant.readers import read_source

PAPER = Paper(
    title="Caching {Rows} & Columns: 100% of the $5 Look-ups_at #1",
    abstract="We gain 65.8% in O(n^2) time; ε-greedy, α ≤ 1, {0, 1}, a\\b ~10 “quotes” – dashes. It costs $5 & more.",
    authors=("Jane M. Doe", "Émile Müller", "Max van der Berg"),
    year=2020,
    date="2020-03-04",
    venue="Proceedings of Rows & Columns",
    categories=("cs.IR", "caching"),
    doi="10.1000/a_b(1)",
    arxiv_id="2003.00001",
    pmid="77",
    url="https://x.org/~a_b?c=1&d=%20",
    source_ids=("2003.00001",),
    notes=("Code", "Read twice; 9 pages, 2 figures"),
    flags=(Flag.AUTHORS_INCOMPLETE, Flag.OWN_SUMMARY),
    key="doe2020caching",
)


TEX = {ord(letter): None for letter in "{}\\$~#"}


def back(tmp_path: Path, paper: Paper, format: str) -> Paper:
    path = tmp_path / "out"
    path.write_text("".join(export([paper], format)), encoding="utf-8")
    (record,) = read_source(str(path))
    assert record.paper is not None, record.rejection
    assert record.paper.provenance[0].format == format
    return record.paper


def content(paper: Paper) -> Paper:
    return replace(paper, key="", aliases=(), source_ids=(), provenance=())


@pytest.mark.parametrize("format", sorted(EXPORTS))
@pytest.mark.parametrize(
    "paper",
    [
        PAPER,
        Paper(title="Only a Title", key="anonndonly"),
        replace(PAPER, date="--03-04", year=None, flags=(Flag.RETRACTED,), venue="J. Rows"),
        replace(PAPER, categories=("Medicine, general",), venue="Rows, {Columns} & <i>Cells</i>"),
        replace(PAPER, title="We gain 65.8% in…", flags=(Flag.TITLE_INFERRED,)),
    ],
)
def test_every_export_comes_back(tmp_path: Path, format: str, paper: Paper) -> None:
    assert content(back(tmp_path, paper, format)) == content(paper)


def test_what_tex_would_draw_together_comes_back_apart_from_bibtex(tmp_path: Path) -> None:
    paper = Paper(
        title="E3 : Keys of {0 , 1} 50%",
        abstract="A lone } brace---here ; and x_1 , too (see) ''there''. 0<a_1, b>0, $ n $ <!",
        key="k",
    )
    assert content(back(tmp_path, paper, "bibtex")) == content(paper)


AWKWARD_WORDS = """
    Jane Max J. X.-Y. van der de la von Berg O'Brien d'Ormesson Müller Ångström Łukasz García-Pérez Jr. III Smith AB LI
    Team AI Inc. ACME, Labs, and & und The Research Group {Braced} Collaboration; #1 50% a_b ~ $
"""
LETTERS = st.sampled_from("abYZ éß019.,:;!?()[]{}%&#_~^\\/+*|@")
WORD = st.sampled_from(AWKWARD_WORDS.split())
NAME = st.one_of(st.lists(WORD, min_size=1, max_size=5).map(" ".join), st.text(LETTERS, min_size=1, max_size=12))


@pytest.mark.parametrize("format", sorted(EXPORTS))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(names=st.lists(NAME, min_size=1, max_size=4))
def test_awkward_names_come_back(tmp_path: Path, format: str, names: list[str]) -> None:
    names = [name.translate(TEX if format in ("ris", "csl-json") else {}) for name in names]
    paper = Paper(title="Names", authors=tuple(names), key="nameless")
    known = back(tmp_path, paper, "jsonl").authors  # as a library holds them: clean, and without a closing "et al."
    assert back(tmp_path, replace(paper, authors=known), format).authors == known


WORDS = st.text(alphabet=st.sampled_from("abcXYZ éß019-.,:;!?()[]{}$%&#_~^\\'\"`<>/=+*|@"), min_size=1, max_size=40)


@pytest.mark.parametrize("format", sorted(EXPORTS))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(title=WORDS, abstract=WORDS)
def test_any_text_comes_back_clean_or_cleaner(tmp_path: Path, format: str, title: str, abstract: str) -> None:
    path = tmp_path / "out"
    path.write_text("".join(export([Paper(title=title, abstract=abstract, key="k")], format)), encoding="utf-8")
    for record in read_source(str(path)):
        assert record.paper is not None or record.rejection is not None
