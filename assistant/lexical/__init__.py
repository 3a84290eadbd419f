"""The word index: BM25 over titles and abstracts. The only package that knows tantivy."""

from assistant.lexical.analysis import RECIPE
from assistant.lexical.index import ID_LIST, IntArray, LexicalHit, LexicalIndex

__all__ = ["ID_LIST", "RECIPE", "IntArray", "LexicalHit", "LexicalIndex"]
