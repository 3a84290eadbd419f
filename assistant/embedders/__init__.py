"""Embedders: texts to vectors of length one, locally or through an endpoint."""

from assistant.embedders.base import Embedder, FloatArray, WindowText, WindowVectors
from assistant.embedders.onnx import MiniLM, OnnxEmbedder

__all__ = ["Embedder", "FloatArray", "MiniLM", "OnnxEmbedder", "WindowText", "WindowVectors"]
