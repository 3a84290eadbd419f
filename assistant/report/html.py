"""A summary as one HTML file that needs nothing else: styles, script, figures and evidence are inside.

The template escapes every value, and a content security policy lets run only the script whose hash it names, so that
text from papers stays text whatever it holds.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import re
from collections.abc import Mapping
from importlib import resources

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from assistant.answers import KEYS_TOLD, Reference, Summary
from assistant.export import cite_in_style
from assistant.papers import Paper
from assistant.report import view
from assistant.report.charts import draw_curve, draw_years

_WEB = re.compile(r"https?://[^\s<>\"]+")


def to_html(summary: Summary, papers: Mapping[str, Paper], style: str = "short") -> str:
    """Return the report as a page; `style` is that of the references."""
    css, script = _file("page.css"), _file("page.js")
    return _template().render(
        summary=summary,
        cards=view.Cards(papers),
        contents=_contents(summary),
        facts=_facts(summary),
        chart=draw_years(summary.timeline),
        curve=draw_curve(summary.curve, len(summary.scope)),
        numbered={reference.key: reference.number for reference in summary.references},
        evidence=view.evidence_of(summary),
        title_of=lambda key: papers[key].title if key in papers else key,
        cite=lambda reference: cite_in_style(reference, style),
        link=_link,
        shown_keys=KEYS_TOLD,
        css=Markup(css),  # noqa: S704  our own file
        script=Markup(script),  # noqa: S704
        style_hash=_hash(css),
        script_hash=_hash(script),
        count=view.count,
        doubt=view.doubt,
        flags_of=view.flags_of,
        parts_of=view.parts_of,
    )


@functools.cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
    return environment.from_string(_file("page.html.j2"))


@functools.cache
def _file(name: str) -> str:
    return (resources.files("assistant.report") / name).read_text("utf-8")


def _hash(text: str) -> str:
    """Return the hash by which a content security policy names an inline style or script."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _link(reference: Reference) -> str:
    """Return where a paper can be opened; only web addresses, nothing that a record could run."""
    if reference.doi:
        return f"https://doi.org/{reference.doi}"
    if reference.arxiv_id:
        return f"https://arxiv.org/abs/{reference.arxiv_id}"
    return reference.url if reference.url and _WEB.fullmatch(reference.url) else ""


def _facts(summary: Summary) -> list[str]:
    writer = f"written with {summary.model}" if summary.mode == "llm" else "written without a model"
    facts = [
        view.counts_of(summary),
        view.years_of(summary),
        f"filter: {summary.filters}" if summary.filters else "",
        writer,
    ]
    return [fact for fact in facts if fact] if not summary.refused else []


def _contents(summary: Summary) -> list[tuple[str, str]]:
    found = [("glance", "At a glance")] if summary.overview else []
    found += [(f"theme-{place}", section.title) for place, section in enumerate(summary.sections, start=1)]
    found += [("table", "Side by side")] if summary.table.rows else []
    found += [("timeline", "Timeline")] if any(entry.year for entry in summary.timeline) else []
    found += [("gaps", "Gaps")] if summary.gaps or summary.contradictions or summary.observations else []
    return [*found, ("references", "References"), ("scope", "How the papers were chosen")]
