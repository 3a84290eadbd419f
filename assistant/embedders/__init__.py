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
from assistant.embedders.cross import CrossEncoder
from assistant.embedders.folder import FolderEmbedder
from assistant.embedders.onnx import MiniLM, OnnxEmbedder
from assistant.embedders.plain import PlainEmbedder
from assistant.embedders.remote import RemoteEmbedder

__all__ = [
    "CrossEncoder",
    "Embedder",
    "FloatArray",
    "FolderEmbedder",
    "MiniLM",
    "OnnxEmbedder",
    "PlainEmbedder",
    "QuestionVectors",
    "RemoteEmbedder",
    "TokenBits",
    "TokenEmbedder",
    "WindowText",
    "WindowVectors",
]
