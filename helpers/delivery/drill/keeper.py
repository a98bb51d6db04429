"""Starts Python again whenever it ends with an error, as a cluster does with a container.

`python -m helpers.delivery.drill.keeper ARGUMENT...` starts `python ARGUMENT...`; it ends when
that ends well, or when it is told to.
"""

import signal
import subprocess
import sys
import time

PAUSE = 0.3  # seconds between an end and the next start


class Keeper:
    """Keeps one program running until `end` is called."""

    def __init__(self, command: list[str]) -> None:
        self.command, self.ending = command, False
        self.program = subprocess.Popen(command)

    def end(self, *_: object) -> None:
        """End the program and do not start it again."""
        self.ending = True
        self.program.terminate()

    def keep(self) -> int:
        """Wait, and start again after each end with an error; gives the last exit code."""
        while self.program.wait() and not self.ending:
            time.sleep(PAUSE)
            if not self.ending:
                self.program = subprocess.Popen(self.command)
        return 0 if self.ending else self.program.returncode


def main() -> int:
    """Keep the program that the command line names."""
    keeper = Keeper([sys.executable, *sys.argv[1:]])
    signal.signal(signal.SIGTERM, keeper.end)
    return keeper.keep()


if __name__ == "__main__":
    sys.exit(main())
