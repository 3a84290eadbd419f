"""The figure that a sentence reports, with what it measures and against what: a span of the sentence."""

from __future__ import annotations

import re

from assistant.summaries.cells import LONGEST, SHORTEST, cut
from assistant.summaries.voice import without_lead

_METRIC = (
    r"(?:accurac(?:y|ies)|precision|recall|f-?(?:1|score|measure)|F1|AUC|AUROC|ROC|MAP|MRR|NDCG|nDCG|BLEU|"
    r"ROUGE\S*|RMSE|MAE|"
    r"EM|scores?|correlations?|hit rates?|win rate|perplexity|error|kappa|coefficients?|similarity|tau|R2|HR|ERR)"
)
_FIGURE = re.compile(
    r"(?<![\w.%])%?\d+(?:[.,]\d+)*\s?(?:%|x\b|×|percent(?:age points?)?\b|times\b(?! (?:per|a|in|larger scale)\b)|"
    r"points?\b|-?fold\b)|\d+(?:\.\d+)?\s?(?:--?|–|to)\s?\d+(?:\.\d+)?\s?(?:%|x\b|×|percent|times)"
    rf"|\b{_METRIC}\b(?:[^.;%]|\.(?=\d)){{0,40}}?(?<![\w.])\d+\.\d+\b(?!\.\d)"
    rf"|(?<![\w.])\d?\.\d+ (?:\w+ ){{0,3}}{_METRIC}\b"
    r"|\borders? of magnitude\b|\b(?:twice|two times|three times|half) (?:as|the)\b"
    r"|(?<![\w.])\d+(?:\.\d+)?\s?(?:milliseconds|ms|seconds|minutes|hours)\b",
    re.IGNORECASE,
)
_TIME = re.compile(r"(?:milliseconds|ms|seconds|minutes|hours)$", re.IGNORECASE)
_COMPARED = re.compile(
    r"\b(?:achiev|beat|win|rais|cut|lower|improv|outperform|reduc|increas|decreas|gain|faster|slower|better|worse|higher|lower|accura|"
    r"precision|"
    r"recall|score|reach|obtain|attain|yield|exceed|surpass|speed|sav(?:e|es|ed|ing)\b|more|less|fewer|rate|rank|error|"
    r"over\b|than\b|agree|correlat|best|success|up to|drop|boost|perform|only|within|average|latency|lift|gap|lag)",
    re.IGNORECASE,
)
_SHOWN = re.compile(
    r"(?:(?:(?:our|the|these|extensive|experimental|empirical|offline|online|evaluation|comprehensive|initial|"
    r"preliminary) )*(?:results?|experiments?|evaluations?|tests?|analys[ie]s|findings|simulations?|studies|"
    r"study)\b[^,;:.]{0,80}?|we|the authors) (?:have |has )?(?:\w+ly |also |even )?"
    r"(?:show(?:s|ed|n)?|demonstrate[sd]?|suggest(?:s|ed)?|find|found|indicate[sd]?|reveal(?:s|ed)?|prove[sd]?|"
    r"observe[sd]?|confirm(?:s|ed)?|report(?:s|ed)?|see) that (?=\S)",
    re.IGNORECASE,
)
_START = re.compile(  # where the words around a figure may begin
    r"(?<=[;:])\s+|,?\s(?:and|while|whereas|which|where|with|by)\s|,\s+"
    r"|\s(?=(?:achiev|beat|win|rais|cut|lower|improv|outperform|reduc|increas|decreas|gain|reach|obtain|attain|yield|exceed|surpass|sav|"
    r"cut|rais|lag|boost|perform)\w*\s)"
)
_END = re.compile(
    r"(?<=[;:])\s+|,\s+(?=(?:which|where|while|whereas|because|since|so|but|and|thus|as|with|in which|we)\s)"
    r"|\s+(?=(?:while|whereas|so that|and thus|because)\s)|\s[-–—]+\s|[.?!] ?(?=[A-Z][a-z]+ )"
)
_OPENING = re.compile(
    r"(?:on|in|with|for|by|using|under|when|while|after|as|at|given|following)\b[^,]*,\s*", re.IGNORECASE
)


def figure_span(text: str) -> str | None:
    """Return the clause around the first figure that a sentence reports as a result, None where it reports none.

    A time counts only where nothing else does.
    """
    if not _COMPARED.search(text):
        return None
    figures = sorted(_FIGURE.finditer(text), key=lambda found: _TIME.search(found.group(0)) is not None)
    if not figures:
        return None
    figure = figures[0]
    end = next((match.start() for match in _END.finditer(text, figure.end())), len(text))
    start = len(text) - len(without_lead(text))
    if shown := _SHOWN.search(text, start, figure.start()):
        start = shown.end()
    if end - start > LONGEST and (opening := _OPENING.match(text, start)) and opening.end() <= figure.start():
        start = opening.end()
    value = cut(text[start:end])
    if figure.group(0) in value:
        return value
    starts = [match.end() for match in _START.finditer(text, start, figure.start())]
    near = next((at for at in starts if SHORTEST <= figure.end() - at <= LONGEST), figure.start())
    return "…" + cut(text[near:end], clauses=False)
