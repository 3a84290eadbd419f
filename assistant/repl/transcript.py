"""A conversation as a file: Markdown, one self-contained HTML page, or JSON."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Iterable, Sequence

from assistant.answers import Answer, Claim, Reference, Support
from assistant.errors import UsageError
from assistant.export import export
from assistant.papers import Paper
from assistant.render import FLAG_WORDS, WARNING_FLAGS, citation_numbers, one_line, short_authors

Lookup = Callable[[str], Paper | None]

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
blockquote { margin: .2rem 0 .6rem 1rem; color: #666; }
pre { overflow-x: auto; }
.weak { color: #a60; }
.unsupported { color: #c00; }
@media (prefers-color-scheme: dark) { body { background: #161616; color: #ddd; } blockquote { color: #999; } }
""".strip()


def transcript(suffix: str, name: str, answers: Sequence[Answer], lookup: Lookup) -> str:
    """Return the conversation in the form that `suffix` names.

    Raises:
        UsageError: an unknown suffix, or nothing to write.
    """
    if suffix not in _FORMS:
        raise UsageError(f"cannot save as {suffix or 'a file without ending'!r}", f"endings are {', '.join(_FORMS)}")
    if not answers:
        raise UsageError("there is nothing to save yet", "ask a question first")
    return _FORMS[suffix](name, answers, lookup)


def _markdown(name: str, answers: Sequence[Answer], lookup: Lookup) -> str:
    parts = [f"# {_escape_markdown(name)}", ""]
    for answer in answers:
        parts += [f"## {_escape_markdown(answer.question)}", ""]
        if answer.filters:
            parts += [f"Filter: `{answer.filters}`", ""]
        parts += [_escape_markdown(_frame(answer)), ""]
        for claim in answer.claims:
            parts.append(f"- {_escape_markdown(_sentence(claim))}")
            parts += [f"  > [{quote.number}] {_escape_markdown(quote.quote)}" for quote in claim.citations]
        parts.append("")
    parts += ["## References", ""]
    parts += [f"{number}. {_escape_markdown(text)}" for number, text in _references(answers)]
    return "\n".join([*parts, "", "```bibtex", _bibtex(answers, lookup).rstrip(), "```", ""])


def _page(name: str, answers: Sequence[Answer], lookup: Lookup) -> str:
    parts = ["<!doctype html>", '<html lang="en"><head><meta charset="utf-8">']
    parts += ['<meta name="viewport" content="width=device-width, initial-scale=1">']
    parts += [f"<title>{_safe(name)}</title><style>{_STYLE}</style></head><body>", f"<h1>{_safe(name)}</h1>"]
    for answer in answers:
        parts.append(f"<h2>{_safe(answer.question)}</h2>")
        if answer.filters:
            parts.append(f"<p>Filter: <code>{_safe(answer.filters)}</code></p>")
        parts.append(f"<p>{_safe(_frame(answer))}</p>")
        for claim in answer.claims:
            parts.append(f'<p class="{claim.support.value}">{_safe(_sentence(claim))}</p>')
            parts += [f"<blockquote>[{quote.number}] {_safe(quote.quote)}</blockquote>" for quote in claim.citations]
    parts += ["<h2>References</h2>", "<ol>"]
    parts += [f'<li value="{number}">{_safe(text)}</li>' for number, text in _references(answers)]
    parts += ["</ol>", f"<pre>{_safe_block(_bibtex(answers, lookup))}</pre>", "</body></html>", ""]
    return "\n".join(parts)


def _json(name: str, answers: Sequence[Answer], lookup: Lookup) -> str:
    whole = {
        "session": name,
        "answers": [answer.to_json() for answer in answers],
        "bibtex": _bibtex(answers, lookup),
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


_FORMS: dict[str, Callable[[str, Sequence[Answer], Lookup], str]] = {".md": _markdown, ".html": _page, ".json": _json}


def _frame(answer: Answer) -> str:
    if answer.refused:
        return f"No answer: {answer.reason}"
    return answer.lead if not answer.fallback else f"{answer.lead} (Without the model: {answer.fallback})"


def _sentence(claim: Claim) -> str:
    text = f"{claim.text} {citation_numbers(claim)}".rstrip()
    if claim.support is Support.VERIFIED:
        return text
    return f"{text} ({claim.support.value}: {claim.verdict_reason})"


def _references(answers: Iterable[Answer]) -> list[tuple[int, str]]:
    """Return the numbered references of all answers, each once, by number."""
    known: dict[int, Reference] = {r.number: r for answer in answers for r in answer.references}
    return [(number, _reference(known[number])) for number in sorted(known)]


def _reference(reference: Reference) -> str:
    where = f" {reference.venue}." if reference.venue else ""
    link = f" https://doi.org/{reference.doi}" if reference.doi else ""
    flags = "".join(f" [{FLAG_WORDS[flag]}]" for flag in WARNING_FLAGS if flag in reference.flags)
    who = short_authors(reference.authors)
    return f"{who} ({reference.year or 'no year'}). {reference.title}.{where}{link} {reference.key}{flags}"


def _bibtex(answers: Iterable[Answer], lookup: Lookup) -> str:
    keys = dict.fromkeys(reference.key for answer in answers for reference in answer.references)
    return "".join(export((paper for paper in map(lookup, keys) if paper is not None), "bibtex"))


def _escape_markdown(text: str) -> str:
    """Return text that Markdown shows as it is: no link, no markup, no HTML."""
    return "".join(f"\\{letter}" if letter in "\\`*_<>#|[]" else letter for letter in one_line(text))


def _safe(text: str) -> str:
    return html.escape(one_line(text))


def _safe_block(text: str) -> str:
    return html.escape("\n".join(one_line(line) for line in text.splitlines()))
