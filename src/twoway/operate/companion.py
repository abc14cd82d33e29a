"""The worker that `serve` and `demo` start beside themselves. It goes when they go, however they go."""

import subprocess
import sys
from contextlib import suppress
from time import monotonic

PATIENCE = 30  # seconds for the letter in hand


class Companion:
    """One child `twoway worker`. It reads our end of a pipe: when that closes, it finishes its letter and ends."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._going = False

    def keep_alive(self) -> None:
        """Start it, or start it again when it has died; at most once in five seconds."""
        alive = self._process is not None and self._process.poll() is None
        if alive or self._going or (self._process is not None and monotonic() - self._started < 5):
            return
        self._close_pipe()
        self._started = monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "twoway", "worker", "--with-parent"], stdin=subprocess.PIPE, stdout=sys.stderr
        )

    def ask_to_go(self) -> None:
        """The worker ends after the letter in hand."""
        self._going = True
        self._close_pipe()
        if self._process is not None:
            self._process.terminate()  # one that is still starting does not look at its pipe yet

    def wait(self) -> None:
        """Until it has gone; it is made to go when it takes too long."""
        self.ask_to_go()
        if self._process is None:
            return
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def forget(self) -> None:
        """In a web process, which has inherited the pipe: it must not keep the worker alive."""
        self._going = True
        self._close_pipe()

    def _close_pipe(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()
