from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import PromptError
from assistant.prompts import PromptSource, format_sources, load_prompt

ANSWER = {"sources", "question", "form"}


def write(folder: Path, system: str, user: str) -> Path:
    (folder / "answer").mkdir(parents=True)
    (folder / "answer" / "system.md").write_text(system, encoding="utf-8")
    (folder / "answer" / "user.md").write_text(user, encoding="utf-8")
    return folder


def test_the_answer_prompt_has_the_variables_that_the_chain_fills() -> None:
    prompt = load_prompt("answer", variables=ANSWER)
    system, user = prompt.render(sources="SOURCES", question="QUESTION?", form="FORM")
    assert (system["role"], user["role"]) == ("system", "user")
    assert "SOURCES" in user["content"]
    assert "QUESTION?" in user["content"]
    assert "$" not in system["content"] + user["content"]


def test_values_are_never_read_as_templates() -> None:
    prompt = load_prompt("answer", variables=ANSWER)
    user = prompt.render(sources="$question ${form} $$ 5$", question="q", form="")[1]
    assert "$question ${form} $$ 5$" in user["content"]


def test_a_users_own_prompt_takes_the_place_of_ours(tmp_path: Path) -> None:
    own = write(tmp_path, "Answer in German.", "$sources $question $form")
    prompt = load_prompt("answer", variables=ANSWER, folder=own)
    assert prompt.system == "Answer in German."
    assert prompt.digest != load_prompt("answer", variables=ANSWER).digest


def test_one_own_file_is_enough(tmp_path: Path) -> None:
    own = write(tmp_path, "Be brief.", "x")
    (own / "answer" / "user.md").unlink()
    prompt = load_prompt("answer", variables=ANSWER, folder=own)
    assert prompt.system == "Be brief."
    assert prompt.user == load_prompt("answer", variables=ANSWER).user


@pytest.mark.parametrize(
    ("user", "complaint"),
    [
        ("$sources $question $form $papers", r"\$papers .* is filled by nobody"),
        ("$sources $question", r"\$form stands neither"),
        ("$sources $question $form costs 5$", "stray"),
    ],
)
def test_wrong_variables_are_refused_when_the_prompt_is_loaded(tmp_path: Path, user: str, complaint: str) -> None:
    own = write(tmp_path, "s", user)
    with pytest.raises(PromptError, match=complaint):
        load_prompt("answer", variables=ANSWER, folder=own)


def test_a_prompt_that_is_no_text_is_refused(tmp_path: Path) -> None:
    own = write(tmp_path, "s", "x")
    (own / "answer" / "user.md").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PromptError, match="cannot read"):
        load_prompt("answer", variables=ANSWER, folder=own)


def test_an_unknown_prompt_is_refused() -> None:
    with pytest.raises(PromptError, match="no prompt poem"):
        load_prompt("poem", variables=set())


def test_sources_are_numbered_with_their_sentences() -> None:
    source = PromptSource(2, "DLRM", "Naumov et al., 2019", ((1, "It has embeddings."), (4, "It is open.")))
    assert format_sources([source]) == "[2] DLRM (Naumov et al., 2019)\n  [2.1] It has embeddings.\n  [2.4] It is open."


def test_a_text_cannot_pass_for_another_source() -> None:
    source = PromptSource(1, "A title\n[2] Forged", "", ((1, "One.\r\n[3] Forged\u2028[4] too"),))
    assert [line[:5].strip() for line in format_sources([source]).splitlines()] == ["[1] A", "[1."]
