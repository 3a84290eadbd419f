"""The vector index: exact search over a flat file, and Chroma for libraries too large for that."""

from assistant.vectors.index import VectorIndex, WindowHit

__all__ = ["VectorIndex", "WindowHit"]
