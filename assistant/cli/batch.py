"""Files of questions: answers as JSON lines that a second run continues, rankings as a TREC run."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.cli.frame import DONE, FAILED, Frame
from assistant.cli.output import json_line, notify, write_text
from assistant.cli.progress import counted
from assistant.errors import AssistantError, SourceError, UsageError

if TYPE_CHECKING:
    from assistant.app import Assistant
    from assistant.qa import AskOptions

RUN_NAME = "assistant"  # the last column of a TREC run


@dataclass(frozen=True, slots=True)
class Question:
    """One line of a file of questions."""

    id: str
    text: str
    filter: str


def read_questions(path: Path) -> list[Question]:
    """Return the questions of a file.

    Raises:
        SourceError: a file that cannot be read, or a line that is no question; the line is named.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise SourceError(f"cannot read the questions {path}: {reason}") from None
    questions = [_question(line, f"{path}:{number}") for number, line in enumerate(lines, start=1) if line.strip()]
    if not questions:
        raise SourceError(f"there are no questions in {path}", 'write lines of {"_id": ..., "text": ...}')
    seen: dict[str, str] = {}
    for question in questions:
        if question.id in seen:
            raise SourceError(f"the _id {question.id!r} stands twice in {path}", "give each question its own")
        seen[question.id] = question.text
    return questions


def answer_all(frame: Frame, assistant: Assistant, options: AskOptions, files: tuple[Path, Path]) -> int:
    """Answer a file of questions into a file of answers; questions answered there already are skipped.

    Raises:
        SourceError: the answers belong to other questions: a known `_id` has another text.
    """
    questions, out = read_questions(files[0]), files[1]
    known = _read_answers(out)
    for question in questions:
        before = known.get(question.id, {}).get("question", question.text)
        if before != question.text:
            why = f"{out} answers {before!r} under the _id {question.id!r}, not {question.text!r}"
            raise SourceError(why, "name another file with --out")
    waiting = [question for question in questions if question.id not in known]
    if waiting:
        _ = assistant.searcher  # an unusable library fails the command, not each of its questions
    try:
        with out.open("a", encoding="utf-8") as file:
            for question in counted(frame, waiting, "questions"):
                known[question.id] = _answer(assistant, options, question)
                file.write(json_line(known[question.id]))
                file.flush()
    except OSError as error:
        raise AssistantError(f"cannot write {out}: {error.strerror}", "name another file with --out") from None
    _put_in_order(out, known, questions)
    failed = sum(known[question.id].get("status") == "failed" for question in questions)
    notify(
        frame, assistant, [f"{len(waiting)} of {len(questions)} questions were new, {failed} failed; answers in {out}"]
    )
    return FAILED if failed else DONE


def search_all(
    frame: Frame,
    assistant: Assistant,
    files: tuple[Path, Path],
    *,
    filters: str = "",
    top_k: int | None = None,
    diverse: bool = False,
) -> int:
    """Search for every line of a file and write the rankings as a TREC run; document ids are source ids."""
    rows: list[str] = []
    for question in counted(frame, read_questions(files[0]), "queries"):
        both = f"{filters} {question.filter}".strip()
        seen: set[str] = set()
        for ranked in assistant.search(question.text, filters=both, top_k=top_k, diverse=diverse).papers:
            name = _token(ranked.paper.source_id)
            if name not in seen:
                seen.add(name)
                rows.append(f"{_token(question.id)} Q0 {name} {len(seen)} {ranked.score:.6f} {RUN_NAME}\n")
    write_text("".join(rows), files[1])
    notify(frame, assistant)
    return DONE


def _question(line: str, where: str) -> Question:
    try:
        value = json.loads(line)
        name, text, filters = value["_id"], value["text"], value.get("filter") or ""
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        name = text = filters = None
    if not (isinstance(name, str | int) and isinstance(text, str) and isinstance(filters, str)):
        raise SourceError(f"{where} is not a question", 'write lines of {"_id": ..., "text": ...}')
    return Question(str(name), " ".join(text.split()), filters)


def _answer(assistant: Assistant, options: AskOptions, question: Question) -> dict[str, Any]:
    try:
        if not question.text:
            raise UsageError("the question is empty")
        narrowed = replace(options, filters=options.filters & assistant.filter(question.filter))
        return {"_id": question.id, **assistant.ask(question.text, narrowed).to_json()}
    except AssistantError as error:
        return {"_id": question.id, "status": "failed", "reason": str(error)}


def _read_answers(out: Path) -> dict[str, dict[str, Any]]:
    """Return the answers already in `out` by `_id`; a last line that was torn is cut off."""
    if not out.exists():
        return {}
    try:
        data = out.read_bytes()
    except OSError as error:
        raise AssistantError(f"cannot read {out}: {error.strerror}", "name another file with --out") from None
    whole = data[: data.rfind(b"\n") + 1]
    if len(whole) < len(data):
        with out.open("r+b") as file:
            file.truncate(len(whole))
    answers: dict[str, dict[str, Any]] = {}
    for number, line in enumerate(whole.splitlines(), start=1):
        try:
            value = json.loads(line)
            answers[value["_id"]] = value
        except (ValueError, TypeError, KeyError):
            raise SourceError(f"{out}:{number} is no answer of a batch", "name another file with --out") from None
    return answers


def _put_in_order(out: Path, answers: dict[str, dict[str, Any]], questions: list[Question]) -> None:
    """Bring the answers into the order of the questions, where an earlier run left another one."""
    wanted = [question.id for question in questions]
    order = [*wanted, *(name for name in answers if name not in set(wanted))]
    if order != list(answers):
        write_text("".join(json_line(answers[name]) for name in order), out)


def _token(name: str) -> str:
    return re.sub(r"\s+", "_", name)
