"""Plain signals of a claim beside a sentence, for logistic regressions that show what can be read from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.verification import contradiction
from assistant.verification.comparisons import turned_comparison
from assistant.verification.lexicon import lexicon
from assistant.verification.licence import license_words
from assistant.verification.negation import negations
from assistant.verification.polarity import changed_negation
from assistant.verification.relations import flipped_direction
from assistant.verification.verdict import examine
from assistant.verification.words import read_words


def pair_signals(
    claim: str, evidence: Sequence[str], title: str, similarity: float, idf: Callable[[str], float]
) -> list[float]:
    """Return the signals; none of them tells how many sentences there are or how they were chosen."""
    found = examine(claim, evidence, idf=idf, context=[title])
    licence = license_words(read_words([claim]), read_words(evidence), read_words([title]))
    content = [word for word in licence.claim.content if not word.number]
    directions = [word for word in content if word.stem in lexicon().opposites]
    return [
        found.coverage,
        similarity,
        bool(found.contradiction),
        bool(found.doubt),
        bool(changed_negation(licence)),
        bool(flipped_direction(licence)),
        bool(turned_comparison(licence)),
        1 - len(licence.unlicensed()) / max(len(content), 1),
        len(negations(licence.claim)),
        len(negations(licence.evidence)),
        len(directions),
        sum(bool(licence.matches[word]) for word in directions) / max(len(directions), 1),
        bool(contradiction(claim, " ".join(evidence), similarity, title)),
    ]
