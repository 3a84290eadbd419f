"""The filter grammar: what is read, what is refused, and what passes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import FilterError
from assistant.filters import Filter, parse_filter
from assistant.papers import Paper, Provenance

PAPER = Paper(
    title="Neural ranking at scale",
    abstract="We rank a billion items. Recall rises by 4%.",
    authors=("Vincent van der Berg", "Barnabás Póczos"),
    year=2020,
    venue="Proceedings of KDD 2020",
    categories=("cs.IR", "LG"),
    key="berg2020neural",
    aliases=("old-key",),
    provenance=(Provenance("exports/zotero.bib", 3, "bibtex", ""),),
)


@pytest.mark.parametrize(
    "expression",
    [
        "year:2020",
        "year:2019..2021",
        "year:2020..",
        "year:..2020",
        "year:1999,2020",
        "author:berg",
        'author:"van der berg"',
        "author:poczos",
        'author:"barnabás póczos"',
        "category:cs",
        "category:CS.ir",
        "category:cs.LG",
        "venue:kdd",
        'venue:"proceedings of KDD"',
        "key:berg2020neural",
        "key:none,old-key",
        "source:zotero.bib",
        '"rank a billion"',
        '"NEURAL   ranking"',
        "-year:2021",
        "-author:lee",
        '-"quantum"',
        "year:2020 author:berg -category:stat",
        "",
    ],
)
def test_passes(expression: str) -> None:
    assert parse_filter(expression).matches(PAPER)


@pytest.mark.parametrize(
    "expression",
    [
        "year:2021",
        "year:2021..",
        "author:ber",
        "author:der",
        "category:c",
        "category:stat",
        "category:cs.I",
        "venue:kd",
        "key:berg",
        "source:ero.bib",
        '"bill"',
        "-year:2020",
        "year:2020 author:lee",
    ],
)
def test_does_not_pass(expression: str) -> None:
    assert not parse_filter(expression).matches(PAPER)


def test_a_paper_without_a_year_fails_any_year() -> None:
    assert not parse_filter("year:..9999").matches(Paper(title="t"))


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("jounal:kdd", "jounal"),
        ("year:soon", "soon"),
        ("year:2022..2019", "backwards"),
        ("year:..", ".."),
        ("year:", "year:"),
        ("neural", "neural"),
        ('"unclosed', "unclosed"),
        ('author:""', "no value"),
        ("-", "-"),
    ],
)
def test_what_cannot_be_read_is_named(expression: str, said: str) -> None:
    with pytest.raises(FilterError) as caught:
        parse_filter(expression)
    assert said in str(caught.value)
    assert caught.value.hint


def test_an_unknown_field_lists_the_known_ones() -> None:
    with pytest.raises(FilterError, match="year, author, category, venue, key, source"):
        parse_filter("jounal:kdd")


def test_joining_keeps_each_term_once() -> None:
    joined = parse_filter("year:2020 author:lee") & parse_filter("author:lee category:cs")
    assert str(joined) == "year:2020 author:lee category:cs"
    assert not Filter()


VALUES = st.text("abcXYZ019é .-'", min_size=1, max_size=8).map(lambda v: " ".join(v.split())).filter(bool)
YEARS = st.integers(1000, 9999).flatmap(lambda low: st.integers(low, 9999).map(lambda high: f"year:{low}..{high}"))
TERMS = st.one_of(
    YEARS,
    st.builds(lambda f, v: f'{f}:"{v}"', st.sampled_from(["author", "category", "venue", "key", "source"]), VALUES),
    VALUES.map(lambda v: f'"{v}"'),
)


@given(st.lists(st.tuples(st.sampled_from(["", "-"]), TERMS), max_size=4))
def test_the_canonical_form_reads_back_as_the_same_filter(terms: list[tuple[str, str]]) -> None:
    parsed = parse_filter(" ".join(minus + term for minus, term in terms))
    assert parse_filter(str(parsed)) == parsed


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(expression: str) -> None:
    try:
        parsed = parse_filter(expression)
    except FilterError:
        return
    parsed.matches(PAPER)
