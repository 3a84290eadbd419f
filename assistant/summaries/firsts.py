"""The run that first gave a summary: what it took stands in every later copy, so that those are the same bytes."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

from assistant.answers import Summary, Timing, Usage
from assistant.summaries.shelf import Shelf


class FirstRuns:
    """What the first run of each summary took, kept in a folder by all that the summary says."""

    def __init__(self, folder: Path) -> None:
        self._shelf = Shelf(folder, "run-")

    def of(self, summary: Summary) -> Summary:
        """Return the summary with the usage and the timing of the first run that gave the same one."""
        words = json.dumps(replace(summary, usage=Usage(), timing=Timing()).to_json(), sort_keys=True)
        try:
            taken = self._shelf.find(words)
            return replace(summary, usage=Usage(**taken["usage"]), timing=Timing(**taken["timing"]))
        except (KeyError, TypeError):
            self._shelf.keep(words, {"usage": asdict(summary.usage), "timing": asdict(summary.timing)})
            return summary
