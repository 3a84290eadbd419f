"""The SQLite library: what is written is read back, transactions hold together, filters mean the same in SQL."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.errors import StoreError, StoreLockedError, UnknownKeyError, UsageError
from assistant.filters import parse_filter
from assistant.library import Library, Order, PaperWrite, StoredWindow, Writer, writer_lock
from assistant.papers import Flag, Paper, Provenance
from assistant.text import split_sentences

DIMENSION = 4


@pytest.fixture
def library(store: Path) -> Iterator[Library]:
    with Library.open(store, create=True) as made:
        made.remember("dimension", str(DIMENSION))
        yield made


def row(paper: Paper, number: int | None = None, seed: int = 0) -> PaperWrite:
    """Return the row of `paper` with one window and random vectors."""
    sentences = split_sentences(paper.abstract)
    vectors = np.random.default_rng(seed).normal(size=(len(sentences) + 1, DIMENSION)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    window = StoredWindow(0, len(sentences), bytes([seed]), vectors[0])
    return PaperWrite(paper, sentences, (window,), vectors[1:], (("doi", paper.doi or ""),), number)


PAPER = Paper(
    title="Ünïcode 𝔐aths",
    abstract="First 𝔐 sentence. Second sentence.",
    authors=("Ada Lovelace", "Barnabás Póczos"),
    year=1843,
    date="1843-09",
    venue="Memoirs",
    categories=("cs.PL", "ML"),
    doi="10.1/x",
    arxiv_id="1901.00001",
    pmid="7",
    url="https://example.org/x",
    source_ids=("s1", "s2"),
    aliases=("ada",),
    notes=("note",),
    flags=(Flag.OWN_SUMMARY, Flag.AUTHORS_INCOMPLETE),
    provenance=(Provenance("f.bib", 3, "bibtex", "2026-01-01T00:00:00+00:00"),),
    key="lovelace1843unicode",
)


def test_a_paper_comes_back_as_it_was(library: Library) -> None:
    with library.transaction() as writer:
        number = writer.write(row(PAPER))
    assert library.get("lovelace1843unicode") == PAPER == library.get("ada")
    stored = library.load([number])[number]
    assert all(PAPER.abstract[s.start : s.end] == s.text for s in stored.sentences)
    assert [s.text for s in stored.sentences] == ["First 𝔐 sentence.", "Second sentence."]
    assert library.titles([number, 999]) == {number: PAPER.title}


def test_vectors_come_back_within_the_precision_kept(library: Library) -> None:
    write = row(PAPER)
    with library.transaction() as writer:
        number = writer.write(write)
    table = library.window_vectors()
    assert np.allclose(table.vectors[0], write.windows[0].vector, atol=1e-3)
    cosines = np.sum(library.sentence_vectors([number])[number] * write.sentence_vectors, axis=1)
    assert (cosines > 0.999).all()
    assert library.sentence_vectors([999])[999].shape == (0, DIMENSION)


def test_a_failed_transaction_leaves_nothing(library: Library) -> None:
    with pytest.raises(StoreError, match="UNIQUE"), library.transaction() as writer:
        _write_all(writer, [PAPER, PAPER])
    assert library.count() == library.generation == 0


def test_a_rehearsal_leaves_nothing(library: Library) -> None:
    with library.rehearsal():
        with library.transaction() as writer:
            writer.write(row(PAPER))
        assert library.count() == 1
    assert library.count() == library.generation == 0
    with library.transaction() as writer:
        writer.write(row(PAPER))
    assert library.count() == 1


def test_changes_tell_an_index_what_it_lacks(library: Library) -> None:
    with library.transaction() as writer:
        first = writer.write(row(PAPER))
    with library.transaction() as writer:
        second = writer.write(row(replace(PAPER, key="b", aliases=(), doi="10.1/y")))
    with library.transaction() as writer:
        writer.write(row(replace(PAPER, key="b", title="New"), number=second, seed=1))
        writer.remove(first)
    changes = library.changes_since(1)
    assert (changes.until, changes.written_papers, changes.removed_papers) == (3, (second,), (first,))
    assert sorted(changes.removed_windows) == [1, 2]
    assert changes.written_windows == (3,)


def test_a_removed_paper_is_gone_under_every_name(library: Library) -> None:
    with library.transaction() as writer:
        number = writer.write(row(PAPER))
        writer.note_record("f.bib", b"h", "s1", number)
    with library.transaction() as writer:
        writer.remove(number)
    for name in ("ada", "lovelace1843unicode"):
        with pytest.raises(UnknownKeyError):
            library.get(name)
    assert library.count() == 0
    assert library.with_identifiers([("doi", "10.1/x")]) == []
    assert library.records.known("f.bib", b"h") is None
    assert len(library.window_vectors().window_ids) == 0


def test_a_key_wins_over_an_alias_of_another_paper(library: Library) -> None:
    with library.transaction() as writer:
        writer.write(row(replace(PAPER, key="first", aliases=("second",))))
        writer.write(row(replace(PAPER, key="second", aliases=())))
    assert library.get("second").key == "second"


@pytest.mark.parametrize(
    ("sort", "keys", "reversed_keys"),
    [
        ("added", "b d a c", "c a d b"),
        ("key", "a b c d", "d c b a"),
        ("year", "a c b d", "b a c d"),  # equal years as they were added; no year last in either direction
        ("title", "c a b d", "d b a c"),
        ("author", "c b d a", "b c d a"),  # family name first; no author last
    ],
)
def test_papers_in_every_order(library: Library, sort: str, keys: str, reversed_keys: str) -> None:
    papers = [
        Paper("Maths", key="b", year=2020, authors=("Zoë Ångström",)),
        Paper("zebras", key="d"),
        Paper("“Life”", key="a", year=1999),
        Paper("École", key="c", year=1999, authors=("Anna van den Aal", "Zed Zed")),
    ]
    with library.transaction() as writer:
        for paper in papers:
            writer.write(row(paper))
    assert [paper.key for paper in library.papers(order=Order(sort))] == keys.split()
    assert [paper.key for paper in library.papers(order=Order(sort, reverse=True))] == reversed_keys.split()


def test_a_page_of_papers(library: Library) -> None:
    with library.transaction() as writer:
        for number in range(10):
            writer.write(row(replace(PAPER, key=f"k{number}", aliases=(), year=2000 + number % 2)))
    order = Order("key", offset=3, limit=2)
    assert [paper.key for paper in library.papers(order=order)] == ["k3", "k4"]
    assert [paper.key for paper in library.papers(parse_filter("year:2000"), order)] == ["k6", "k8"]
    assert list(library.papers(order=Order(offset=10))) == []
    with pytest.raises(UsageError, match="unknown order 'size'"):
        Order("size")


@pytest.mark.parametrize("key", ["Naumov2019Dep", "naumov2019dep", "naumov2019", "dlrm19", "naumov2019deepa"])
def test_an_unknown_key_names_the_nearest_one(library: Library, key: str) -> None:
    with library.transaction() as writer:
        writer.write(row(replace(PAPER, key="naumov2019deep", aliases=("DLRM",))))
    near = "DLRM" if "dlrm" in key else "naumov2019deep"
    with pytest.raises(UnknownKeyError, match=f"did you mean '{near}'"):
        library.get(key)
    with pytest.raises(UnknownKeyError, match="list them"):
        library.get("nobody1812")
    assert library.find(key) is None


def test_a_key_may_be_typed_in_any_case_where_only_one_paper_can_be_meant(library: Library) -> None:
    with library.transaction() as writer:
        writer.write(row(replace(PAPER, key="naumov2019deep", aliases=("DLRM",))))
    assert library.get("Naumov2019DEEP") == library.get("dlrm") == library.get("naumov2019deep")
    with library.transaction() as writer:
        writer.write(row(replace(PAPER, key="gupta2019", source_ids=("other",), aliases=("dlrm",))))
    assert library.get("DLRM").key == "naumov2019deep"
    assert library.get("dlrm").key == "gupta2019"
    assert library.find("Dlrm") is None


def test_many_ids_at_once(library: Library) -> None:
    with library.transaction() as writer:
        numbers = [writer.write(row(replace(PAPER, key=f"k{i}", aliases=()))) for i in range(2000)]
    assert len(library.load(numbers)) == 2000
    assert [paper.key for paper in library.papers()] == [f"k{i}" for i in range(2000)]


def test_threads_read_while_one_writes(library: Library) -> None:
    failures: list[BaseException] = []

    def read() -> None:
        try:
            for _ in range(50):
                library.count()
        except BaseException as error:  # noqa: BLE001  whatever it is, the test must fail with it
            failures.append(error)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for i in range(20):
        with library.transaction() as writer:
            writer.write(row(replace(PAPER, key=f"k{i}", aliases=())))
    for thread in threads:
        thread.join()
    assert not failures
    assert library.count() == 20


def test_no_library_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="assistant ingest"):
        Library.open(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="--store"):
        Library.open(tmp_path / "file", create=True)


def test_a_file_that_is_no_library(store: Path) -> None:
    store.mkdir()
    (store / "library.sqlite3").write_bytes(b"not a database, not at all" * 100)
    with pytest.raises(StoreError, match=r"library\.sqlite3"):
        Library.open(store)


def test_a_library_of_a_newer_version_is_left_alone(store: Path) -> None:
    Library.open(store, create=True).close()
    with sqlite3.connect(store / "library.sqlite3") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreError, match=r"newer version.*99"):
        Library.open(store)


def test_the_second_writer_is_told_who_holds_the_lock(store: Path) -> None:
    with writer_lock(store), pytest.raises(StoreLockedError, match=r"process \d+ \(assistant"), writer_lock(store):
        pass
    with writer_lock(store):
        pass


def test_an_answer_is_found_by_the_beginning_of_its_id(library: Library) -> None:
    library.journal.save_answer("abc1", "2026-01-01", "q1", "{}", "s")
    library.journal.save_answer("abd2", "2026-01-02", "q2", "[]")
    assert library.journal.answer("abd") == "[]"
    assert library.journal.answers(5) == [
        ("abd2", "2026-01-02", "q2", "answer"),
        ("abc1", "2026-01-01", "q1", "answer"),
    ]
    assert library.journal.answers(5, "s") == [("abc1", "2026-01-01", "q1", "answer")]
    for wrong in ("ab", "x", ""):
        with pytest.raises(UnknownKeyError):
            library.journal.answer(wrong)


def test_a_session_is_kept_and_renamed(library: Library) -> None:
    library.journal.save_session("a", "1", "x")
    library.journal.save_session("a", "2", "y")
    library.journal.rename_session("a", "b")
    assert library.journal.session("a") is None
    assert library.journal.session("b") == "y"
    assert library.journal.sessions() == [("b", "1", "2")]


WORDS = st.sampled_from(["neural", "Ranking", "naïve", "100%", "a_b", "[x]", "C++", "rank"])
PAPERS = st.lists(
    st.builds(
        lambda title, text, author, year, category, venue: Paper(
            title=" ".join(title),
            abstract=" ".join(text),
            authors=(author,),
            year=year,
            categories=(category,),
            venue=venue,
            provenance=(Provenance("a/b.bib", 1, "bibtex", ""),),
        ),
        st.lists(WORDS, min_size=1, max_size=3),
        st.lists(WORDS, max_size=5),
        st.sampled_from(["Ann Lee", "Vincent van der Berg", "Barnabás Póczos", "Lee"]),
        st.sampled_from([None, 2019, 2020, 2021]),
        st.sampled_from(["cs", "cs.IR", "IR", "CS.lg", "stat.ML"]),
        st.sampled_from([None, "KDD", "Proc. of KDD", "NeurIPS"]),
    ),
    max_size=6,
)
EXPRESSIONS = st.lists(
    st.sampled_from(
        [
            "year:2020", "year:2019..2020", "-year:2021", "author:lee", "author:berg", 'author:"van der berg"',
            "author:poczos", "category:cs", "category:cs.ir", "category:ir", "-category:stat", "venue:kdd", "key:k1,k2",
            "-key:k0", "source:b.bib", "source:c.bib", '"neural ranking"', '"100%"', '"a_b"', '"naïve"', '"rank"',
            '"C++"',
        ]
    ),
    max_size=3,
)  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(papers=PAPERS, terms=EXPRESSIONS)
def test_a_filter_means_the_same_in_sql(tmp_path: Path, papers: list[Paper], terms: list[str]) -> None:
    filters = parse_filter(" ".join(terms))
    keyed = [replace(paper, key=f"k{i}") for i, paper in enumerate(papers)]
    path = tmp_path / "property"
    (path / "library.sqlite3").unlink(missing_ok=True)
    with Library.open(path, create=True) as library:
        library.remember("dimension", str(DIMENSION))
        with library.transaction() as writer:
            _write_all(writer, keyed)
        found = [paper.key for paper in library.papers(filters)]
    assert found == [paper.key for paper in keyed if filters.matches(paper)]


def _write_all(writer: Writer, papers: list[Paper]) -> None:
    for paper in papers:
        writer.write(row(paper))
