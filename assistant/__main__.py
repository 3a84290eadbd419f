"""`python -m assistant` and the console script."""

from __future__ import annotations

import os
import sys


def main() -> int:
    """Run the command line and return its exit code."""
    try:
        from assistant.cli import main as run

        code = run()
    except KeyboardInterrupt:  # while it was still being imported
        return 130
    if "openvino" in sys.modules:  # its threads abort or hang one process in ten that unwinds; all is closed and saved
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code


if __name__ == "__main__":
    sys.exit(main())
