"""`python -m assistant` and the console script."""

from __future__ import annotations

import os
import sys
import threading


def main() -> int:
    """Run the command line and return its exit code."""
    try:
        from assistant.cli import main as run

        code = run()
    except KeyboardInterrupt:  # while it was still being imported
        return 130
    # Threads of OpenVINO, or of a chat that is left while it still loads, abort or hang a process that unwinds; all
    # that is to be kept is saved by now.
    if "openvino" in sys.modules or any(thread.name == "loader" for thread in threading.enumerate()):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code


if __name__ == "__main__":
    sys.exit(main())
