"""Which phrases name a method."""

from __future__ import annotations

import re

from assistant.text import content_words

_METHOD_WORDS_TEXT = """
    factorization factorisation learning embedding embeddings attention filtering clustering neighbor
    neighbour neighbors neighbours regression inference kernel kernels transformer transformers tree trees
    hashing bandit bandits lstm rnn rnns gru cnn autoencoder autoencoders modeling modelling
    ontology ontologies crowdsourcing sampling distillation quantization parallelism
    ensemble ensembles word2vec
"""
_NETS = re.compile(
    r"(?:neural|bayes\w*|convolution\w*|recurrent|adversarial|attention|memory|belief|graph) net", re.IGNORECASE
)
METHOD_WORDS = frozenset(content_words(_METHOD_WORDS_TEXT))


def names_a_method(phrase: str) -> bool:
    """Return whether a phrase ends in the word of a method, or names a kind of network."""
    words = content_words(phrase)
    return bool(words and words[-1] in METHOD_WORDS) or _NETS.search(phrase) is not None
