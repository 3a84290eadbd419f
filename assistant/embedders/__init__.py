"""Embedders: texts to vectors of length one, locally or through an endpoint."""

from assistant.embedders.base import (
    Embedder,
    FloatArray,
    QuestionVectors,
    TokenBits,
    TokenEmbedder,
    WindowText,
    WindowVectors,
)
from assistant.embedders.onnx import MiniLM, OnnxEmbedder

__all__ = [
    "Embedder",
    "FloatArray",
    "MiniLM",
    "OnnxEmbedder",
    "QuestionVectors",
    "TokenBits",
    "TokenEmbedder",
    "WindowText",
    "WindowVectors",
]
