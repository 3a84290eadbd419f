"""How text becomes terms: the fields of the index and the steps of its analysis."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tantivy

RECIPE = "simple-lower-fold-stop-english-1"  # another analysis means another index
STOP_WORDS = """
a an and are as at be but by can did do does for from has have how in into is it its of on or that the their these
they this to was were what when where which who why will with
"""
ANALYZER = "english"


@cache
def schema() -> tantivy.Schema:
    """Return the fields: a paper's row id, and its title with its abstract."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", stored=False, indexed=True, fast=True)
    builder.add_text_field("text", stored=False, tokenizer_name=ANALYZER, index_option="position")
    return builder.build()


@cache
def analyzer() -> tantivy.TextAnalyzer:
    """Return the analysis: lower case, accents folded, stop words out, stemmed."""
    import tantivy

    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for step in (
        tantivy.Filter.remove_long(60),
        tantivy.Filter.lowercase(),
        tantivy.Filter.ascii_fold(),
        tantivy.Filter.custom_stopword(STOP_WORDS.split()),
        tantivy.Filter.stemmer("english"),
    ):
        builder = builder.filter(step)
    return builder.build()


def make_document(paper_id: int, text: str) -> tantivy.Document:
    """Return the document of one paper."""
    import tantivy

    document = tantivy.Document()
    document.add_integer("id", paper_id)
    document.add_text("text", text)
    return document
