"""Ctrl-C and SIGTERM: at once where nothing is lost by it, at the end of a write that is under way."""

from __future__ import annotations

# ruff: noqa: PT012  what happens between the signal and the end of the block is what is tested
import os
import signal
import threading

import pytest

from assistant.interruption import Terminated, ending_on_sigterm, finishing


def raise_signal(number: signal.Signals) -> None:
    os.kill(os.getpid(), number)


def test_sigterm_unwinds_with_its_exit_code() -> None:
    done: list[str] = []
    with pytest.raises(Terminated) as caught, ending_on_sigterm():
        try:
            raise_signal(signal.SIGTERM)
        finally:
            done.append("cleaned up")
    assert caught.value.code == 143
    assert done == ["cleaned up"]


def test_the_handler_before_comes_back() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with ending_on_sigterm():
        assert signal.getsignal(signal.SIGTERM) is not before
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.parametrize(("number", "error"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, Terminated)])
def test_a_write_is_finished_first(number: signal.Signals, error: type[BaseException]) -> None:
    done: list[str] = []
    with pytest.raises(error), ending_on_sigterm(), finishing():
        raise_signal(number)
        done.append("written")
    assert done == ["written"]


def test_the_second_signal_does_not_wait() -> None:
    done: list[str] = []
    with pytest.raises(KeyboardInterrupt), finishing():
        raise_signal(signal.SIGINT)
        raise_signal(signal.SIGINT)
        done.append("written")
    assert done == []


def test_an_error_inside_is_not_hidden() -> None:
    with pytest.raises(ValueError, match="inside"), finishing():
        raise_signal(signal.SIGINT)
        raise ValueError("inside")


def test_other_threads_are_left_alone() -> None:
    done: list[str] = []

    def work() -> None:
        with ending_on_sigterm(), finishing():
            done.append("worked")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == ["worked"]
