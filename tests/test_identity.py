"""Citation keys, twins, hard negatives, merging and record hashes."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.identity import (
    citation_key_stem,
    family_name,
    identity_keys,
    key_suffixes,
    merge,
    record_hash,
    same_paper,
    same_person,
)
from assistant.papers import Flag, Paper, Provenance
from tests.identity_pairs import arxiv_papers, pairs

ABSTRACT = (
    "We study how rows of embedding tables can be cached close to the compute, and find that a small cache serves "
    "most look-ups. A policy that looks ahead at the next batches halves the misses and costs nothing."
)
OTHER_ABSTRACT = (
    "Search engines answer short questions poorly. This work collects ten thousand of them with passages that answer, "
    "and shows where ranking functions of three kinds fail. The collection is public and comes with baselines."
)
BASE = Paper(
    title="Caching Embedding Rows for Recommendation Models",
    abstract=ABSTRACT,
    authors=("Jane M. Doe", "Max Roe"),
    year=2020,
    source_ids=("a",),
)


def variant(**changes: object) -> Paper:
    return replace(BASE, source_ids=("b",), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("authors", "year", "title", "stem"),
    [
        (("Maxim Naumov",), 2019, "Deep Learning Recommendation Model", "naumov2019deep"),
        (("Barnabás Póczos",), 2012, "On the Estimation of Things", "poczos2012estimation"),
        (("Ludwig van der Berg Jr.",), None, "The 3D World", "bergnd3d"),
        ((), 2020, "A Study", "anon2020study"),
        (("李明",), None, "数据", "anonnd"),
        (("Seyed Moosavi-Dezfooli",), 2016, "Using 'Quotes'", "moosavidezfooli2016quotes"),
        (("OpenAI",), 2024, "GPT-4o System Card", "openai2024gpt"),
    ],
)
def test_citation_key_stems(authors: tuple[str, ...], year: int | None, title: str, stem: str) -> None:
    assert citation_key_stem(Paper(title=title, authors=authors, year=year)) == stem


@given(st.text(max_size=40), st.text(max_size=20))
def test_stems_are_plain_ascii(title: str, author: str) -> None:
    stem = citation_key_stem(Paper(title=title, authors=(author,)))
    assert stem.isascii()
    assert stem.isalnum()


def test_suffixes_go_on_for_ever_in_a_fixed_order() -> None:
    first = list(itertools.islice(key_suffixes(), 705))
    assert first[:4] == ["", "a", "b", "c"]
    assert first[25:29] == ["y", "z", "aa", "ab"]
    assert len(set(first)) == 705


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("Maxim Naumov", "M. Naumov", True),
        ("Maxim Naumov", "Naumov Maxim", True),
        ("Maxim Naumov", "Naumov, Maxim", True),
        ("Barnabás Póczos", "Barnabas Poczos", True),
        ("Jean-Luc Picard", "J.-L. Picard", True),
        ("Jane M. Doe", "Jane Doe", True),
        ("María García Pérez", "María García-Pérez", True),
        ("Martin Luther King Jr.", "Martin L. King", True),
        ("Miles O'Brien", "Miles OBrien", True),
        ("Alexander Smola", "Alex Smola", True),
        ("Doe", "Jane Doe", True),
        ("Wei Zhang", "Wen Zhang", False),
        ("Wei Zhang", "Wei Zhong", False),
        ("Yang Liu", "Yan Liu", False),
        ("Jane A. Doe", "Jane B. Doe", False),
        ("Jane Doe", "Max Doe", False),
        ("J. Doe", "M. Doe", False),
        ("", "Jane Doe", False),
    ],
)
def test_one_person_or_two(a: str, b: str, same: bool) -> None:
    assert same_person(a, b) is same
    assert same_person(b, a) is same


def test_family_names_drop_suffixes() -> None:
    assert [family_name(name) for name in ("Jane Doe", "Martin King Jr.", "Plato", "")] == ["Doe", "King", "Plato", ""]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"title": "CACHING EMBEDDING ROWS FOR RECOMMENDATION MODELS."},
        {"title": "Caching embeding rows for recommendation models", "abstract": ""},
        {"title": "Caching Embedding-Rows for Recommendation Models", "year": 2022, "abstract": ""},
        {"title": "Caching Embedding Rows for Recommendation Models (Extended Version)", "year": 2021},
        {"title": "Caching Embedding Rows for Recommendation Models: Less is More", "year": 2021},
        {"authors": ("J. Doe",), "year": 2022, "doi": "10.1000/1", "abstract": ""},
        {"authors": (), "year": None},
        {"title": "Caching Rows of Embeddings for Recommendation", "abstract": ABSTRACT},
        {"title": "We study how rows…", "authors": (), "year": None, "flags": (Flag.TITLE_INFERRED,)},
        {"abstract": "A summary in other words.", "flags": (Flag.OWN_SUMMARY,)},
    ],
)
def test_twins(changes: dict[str, object]) -> None:
    other = variant(**changes)
    assert same_paper(BASE, other)
    assert same_paper(other, BASE)
    assert set(identity_keys(BASE)) & set(identity_keys(other))


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Caching Embedding Rows for Recommendation Models, Part II"},
        {"title": "Caching Embedding Rows for Recommendation Models II", "abstract": ""},
        {"title": "Erratum: Caching Embedding Rows for Recommendation Models", "abstract": ""},
        {"title": "Reply to comments on Caching Embedding Rows for Recommendation Models", "abstract": ""},
        {"title": "Caching Embedding Rows for Recommendation Models: A Reply", "abstract": ""},
        {"title": "Caching Embedding Rows for Recommendation Models (Authors' response)", "abstract": ""},
        {"title": "Caching Embedding Rows for Recommendation Models - Discussion", "abstract": ""},
        {"title": "Caching Embedding Rows for Recommendation Models. Correction", "abstract": ""},
        {"title": "Comment on 'Caching Embedding Rows for Recommendation Models'", "authors": ("Jane Doe",)},
        {"title": "Uncaching Embedding Rows for Recommendation Models", "abstract": ""},
        {"title": "Caching Embedding Rows for Retrieval Models", "abstract": OTHER_ABSTRACT},
        {"title": "Caching Embedding Rows for Retrieval Models", "abstract": ""},
        {"authors": ("Ada Poe", "Max Roe"), "abstract": OTHER_ABSTRACT},
        {"authors": ("Ada Poe",), "abstract": ""},
        {"authors": (), "abstract": ""},
        {"year": 2031, "abstract": OTHER_ABSTRACT},
        {"title": "Caching Embedding Rows for Recommendation Models 2021", "abstract": ""},
    ],
)
def test_hard_negatives(changes: dict[str, object]) -> None:
    other = variant(**changes)
    assert not same_paper(BASE, other)
    assert not same_paper(other, BASE)


def test_identifiers_decide_first() -> None:
    a = replace(BASE, arxiv_id="2001.00001", doi="10.1000/1")
    assert same_paper(a, variant(arxiv_id="2001.00001", title="Quite Another Title", abstract=""))
    assert not same_paper(a, variant(arxiv_id="2001.00002"))
    assert not same_paper(a, variant(doi="10.1000/2"))
    assert same_paper(a, variant(doi="10.1101/2020.01.01", pmid="7"))
    assert not same_paper(replace(a, pmid="8"), variant(pmid="7"))


def test_a_wrong_doi_does_not_join_strangers() -> None:
    a = replace(BASE, doi="10.1000/1")
    stranger = Paper(title="Bees of the Alps", abstract=OTHER_ABSTRACT, authors=("Ada Poe",), doi="10.1000/1")
    assert not same_paper(a, stranger)


def test_editorials_of_other_years_stay_apart() -> None:
    a = Paper(title="Editorial", authors=("Jane Doe",), year=2015)
    assert not same_paper(a, replace(a, year=2017))
    assert same_paper(a, a)


def test_merge_keeps_both_identifiers_years_and_sources() -> None:
    place = Provenance("a.bib", 1, "bibtex", "2026-01-01T00:00:00+00:00")
    preprint = replace(
        BASE, key="doe2020caching", arxiv_id="2001.00001", aliases=("caching",), notes=("Code",), provenance=(place,)
    )
    published = variant(
        year=2021, venue="KDD", doi="10.1000/1", date="2021-08-14", categories=("cs.IR",), abstract="",
        aliases=("doe2020caching", "kdd:21"), provenance=(place, replace(place, file="b.bib")),
    )  # fmt: skip
    merged = merge(preprint, published)
    assert merged.key == "doe2020caching"
    assert (merged.arxiv_id, merged.doi, merged.venue) == ("2001.00001", "10.1000/1", "KDD")
    assert (merged.year, merged.date) == (2021, "2021-08-14")
    assert merged.notes == ("Code", "also dated 2020")
    assert merged.source_ids == ("a", "b")
    assert merged.aliases == ("caching", "kdd:21")
    assert merged.abstract == ABSTRACT
    assert [place.file for place in merged.provenance] == ["a.bib", "b.bib"]
    turned = merge(published, preprint)
    assert (turned.year, turned.venue, turned.arxiv_id, turned.doi) == (2021, "KDD", "2001.00001", "10.1000/1")
    assert merge(merged, published) == merged


def test_merge_prefers_real_abstracts_real_titles_and_full_author_lists() -> None:
    summary = replace(BASE, abstract="Ours.", flags=(Flag.OWN_SUMMARY, Flag.AUTHORS_INCOMPLETE), authors=("Jane Doe",))
    merged = merge(summary, variant())
    assert (merged.abstract, merged.flags, merged.authors) == (ABSTRACT, (), BASE.authors)
    assert merge(variant(), summary).abstract == ABSTRACT
    untitled = replace(BASE, title="We study how…", flags=(Flag.TITLE_INFERRED,), authors=(), year=None)
    merged = merge(untitled, variant())
    assert (merged.title, merged.flags, merged.authors, merged.year) == (BASE.title, (), BASE.authors, 2020)
    assert merge(untitled, untitled).flags == (Flag.TITLE_INFERRED,)
    assert merge(BASE, variant(flags=(Flag.RETRACTED,))).flags == (Flag.RETRACTED,)


def test_editorials_of_two_issues_are_two_papers() -> None:
    march = Paper(title="Editorial", authors=("Jane Doe",), year=2020, venue="Rows", details=(("issue", "3"),))
    june = replace(march, details=(("issue", "6"), ("page", "1-2")))
    assert not same_paper(march, june)
    assert same_paper(march, replace(march, details=()))  # one source says less


def test_a_date_without_a_year_is_completed() -> None:
    merged = merge(replace(BASE, year=None, date="--04-14"), variant(date=None))
    assert (merged.year, merged.date) == (2020, "2020-04-14")


def test_record_hash_sees_content_and_not_places() -> None:
    place = Provenance("folder/x.txt", 3, "listing", "2026-01-01T00:00:00+00:00")
    a = replace(BASE, source_ids=("x.txt:3",), provenance=(place,))
    b = replace(a, source_ids=("x.txt:9",), provenance=(replace(place, line=9, time="later"),), key="k")
    assert record_hash(a) == record_hash(b)
    assert record_hash(a) != record_hash(replace(a, abstract="x"))
    assert record_hash(a) != record_hash(replace(a, source_ids=("2001.00001",)))
    assert len(record_hash(a)) == 32


PAPERS = st.builds(
    Paper, title=st.text(max_size=30), abstract=st.text(max_size=60), authors=st.tuples(st.text(max_size=12))
)


@given(PAPERS)
def test_a_paper_is_itself_and_merging_it_with_itself_changes_nothing(paper: Paper) -> None:
    assert isinstance(identity_keys(paper), tuple)
    merged = merge(paper, paper)
    assert replace(merged, authors=paper.authors) == paper
    assert same_paper(paper, paper) in (True, False)


def test_labelled_pairs_reach_the_figures_asked_for(shared_data: Path) -> None:
    labelled = pairs(arxiv_papers(shared_data / "arxiv"), 400, seed=7)
    assert sum(pair.same for pair in labelled) >= 300
    assert sum(not pair.same for pair in labelled) >= 300
    said = [bool(set(identity_keys(p.a)) & set(identity_keys(p.b))) and same_paper(p.a, p.b) for p in labelled]
    right = sum(pair.same and answer for pair, answer in zip(labelled, said, strict=True))
    assert right / sum(said) >= 0.99
    assert right / sum(pair.same for pair in labelled) >= 0.95
