from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from assistant.errors import SettingsError
from assistant.settings import LIBRARY_FILE, Settings, config_dir, default_store, load_settings, setting_origins


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_defaults_need_no_file() -> None:
    settings = load_settings()
    assert settings == Settings()
    assert (settings.llm, settings.timeout, settings.api_key) == ("auto", 60.0, None)


def test_later_layers_win(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = write(tmp_path / "c.toml", 'llm = "ollama/a"\ntimeout = 5\nseed = 7\n')
    monkeypatch.setenv("ASSISTANT_LLM", "ollama/b")
    monkeypatch.setenv("ASSISTANT_TIMEOUT", "6")
    settings = load_settings(config, {"llm": "ollama/c", "timeout": None})
    assert (settings.llm, settings.timeout, settings.seed) == ("ollama/c", 6.0, 7)


def test_the_users_own_file_is_read(tmp_path: Path) -> None:
    write(config_dir() / "config.toml", "top_k = 3\n")
    assert load_settings().top_k == 3


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_STORE", "")
    assert load_settings().store is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("stroe = 'x'", ["'stroe'", "c.toml", "did you mean 'store'"]),
        ("[library]\npath = 'x'", ["'library'", "known are"]),
        ("timeout = 0", ["'timeout'", "c.toml", "0", "at least 0.1"]),
        ("top_k = 'many'", ["'top_k'", "'many'", "integer"]),
        ("top_k = 1001", ["'top_k'", "at least 1 and at most 1000"]),
        ("top_k = 2.5", ["'top_k'", "2.5", "integer"]),
        ("certainty = nan", ["'certainty'", "nan", "at least 0"]),
        ("wait = 'soon'", ["'wait'", "'soon'", "a number"]),
        ("plain = 'perhaps'", ["'plain'", "'perhaps'", "true or false"]),
        ("llm = ''", ["'llm'", "not be empty"]),
        ("llm = 3", ["'llm'", "3", "text"]),
        ("store = 3", ["'store'", "3", "text"]),
        ("color = 'blue'", ["'color'", "'blue'", "'always'"]),
        ("llm = ", ["c.toml", "TOML"]),
    ],
)
def test_a_bad_file_is_refused_with_the_key(tmp_path: Path, text: str, words: list[str]) -> None:
    config = write(tmp_path / "c.toml", text)
    with pytest.raises(SettingsError) as caught:
        load_settings(config)
    message = str(caught.value)
    assert "\n" not in message
    assert all(word in message for word in words), message


def test_a_binary_configuration_is_refused(tmp_path: Path) -> None:
    config = tmp_path / "c.toml"
    config.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match=r"cannot read the configuration"):
        load_settings(config)


def test_a_missing_configuration_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="there is no configuration file"):
        load_settings(tmp_path / "none.toml")


def test_text_of_the_environment_becomes_what_the_setting_is(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"STORE": "papers", "TOP_K": "7", "TIMEOUT": "2", "INFER": "No", "PLAIN": "1", "COLOR": "never"}
    for name, text in given.items():
        monkeypatch.setenv(f"ASSISTANT_{name}", text)
    assert load_settings() == Settings(
        store=Path("papers"), top_k=7, timeout=2.0, infer=False, plain=True, color="never"
    )


def test_a_setting_that_nothing_knows_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"unknown setting 'topk' from the command line.*did you mean 'top_k'"):
        load_settings(flags={"topk": 3})


def test_a_bad_variable_names_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_TIMEOUT", "soon")
    with pytest.raises(SettingsError, match=r"'timeout' from the environment cannot be 'soon'"):
        load_settings()


def test_a_key_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_API_KEY", "sk-secret")
    settings = load_settings()
    assert settings.api_key == "sk-secret"
    assert "sk-secret" not in repr(settings)


def test_a_key_of_the_wrong_type_is_not_shown(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(write(tmp_path / "c.toml", "api_key = 12345"))
    assert "12345" not in str(caught.value)


def test_each_setting_names_the_layer_it_comes_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = write(tmp_path / "c.toml", "timeout = 5\nseed = 7\n")
    monkeypatch.setenv("ASSISTANT_TIMEOUT", "6")
    origins = setting_origins(config, {"top_k": 3, "llm": None})
    assert (origins["seed"], origins["timeout"]) == (str(config), "the environment")
    assert (origins["top_k"], origins["llm"]) == ("the command line", "default")


def test_settings_cannot_change() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().seed = 1  # type: ignore[misc]


class TestStorePlace:
    def test_named_store_wins(self, tmp_path: Path) -> None:
        assert Settings(store=tmp_path / "x").store_path == tmp_path / "x"

    def test_a_path_in_a_file_is_relative_to_it(self, tmp_path: Path) -> None:
        config = write(tmp_path / "deep" / "c.toml", "store = '../papers'")
        assert load_settings(config).store_path == tmp_path / "deep" / ".." / "papers"

    def test_local_store_with_a_library(self, tmp_path: Path) -> None:
        write(tmp_path / "store" / LIBRARY_FILE, "")
        assert default_store(tmp_path) == tmp_path / "store"

    def test_local_store_of_the_checkout(self, tmp_path: Path) -> None:
        write(tmp_path / "assistant" / "__init__.py", "")
        (tmp_path / "prompts").mkdir()
        (tmp_path / "store").mkdir()
        assert default_store(tmp_path) == tmp_path / "store"

    def test_some_other_store_folder_is_left_alone(self, tmp_path: Path) -> None:
        (tmp_path / "store").mkdir()
        place = default_store(tmp_path)
        assert place != tmp_path / "store"
        assert place.name == "library"
