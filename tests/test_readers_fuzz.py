"""Readers meet damaged files: never a traceback, never a hang, never half a record."""

from __future__ import annotations

import contextlib
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.errors import AssistantError
from assistant.readers import FORMATS, read_source
from tests.mutations import FILES, check, damaged_file


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_the_undamaged_files_are_read(path: Path) -> None:
    records = list(read_source(str(path)))
    assert sum(record.paper is not None for record in records) >= 1
    for record in records:
        check(record)


@pytest.mark.parametrize("seed", range(10))
def test_damaged_files(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    for number in range(50):
        name, data, format = damaged_file(rng)
        path = tmp_path / f"{number}-{name}"
        path.write_bytes(data)
        with contextlib.suppress(AssistantError):
            for record in read_source(str(path), format=format):
                check(record)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.binary(max_size=300) | st.text(max_size=200).map(str.encode), format=st.sampled_from([None, *FORMATS]))
def test_any_bytes(tmp_path: Path, data: bytes, format: str | None) -> None:
    path = tmp_path / "any"
    path.write_bytes(data)
    with contextlib.suppress(AssistantError):
        for record in read_source(str(path), format=format):
            check(record)
