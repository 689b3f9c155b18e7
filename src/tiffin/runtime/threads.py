"""How the threads of a process share its interpreter, of which only one at a time has the use."""

import sys

TURN_S = 0.001
"""For so long a thread keeps the interpreter from others that wait for it; Python's own five milliseconds are too long.

Whoever asks the database gives the interpreter up at each question and waits for it after each answer: beside a thread
that computes, an act of twenty statements would wait a hundred milliseconds for nothing else.
"""


def take_short_turns() -> None:
    """Let threads of a process that serves people have the interpreter in short turns."""
    sys.setswitchinterval(TURN_S)
