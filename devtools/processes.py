"""Child processes that never outlive the process that started them."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def die_with_parent(number: signal.Signals) -> Callable[[], None]:
    """For `preexec_fn`: the kernel signals the child when its parent ends, even by kill -9.

    Linux only. The signal comes when the starting *thread* ends: start from the main thread.
    """
    if not sys.platform.startswith("linux"):
        return lambda: None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def ask_the_kernel() -> None:
        libc.prctl(PR_SET_PDEATHSIG, number)
        # The parent may have ended before the line above.
        if os.getppid() != parent:
            os._exit(1)

    return ask_the_kernel


def stop_when_parent_ends(number: signal.Signals) -> None:
    """The same for this process itself."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, number)


def stop(process: subprocess.Popen[bytes], by: signal.Signals, patience: float) -> bool:
    """Ask a process to stop, then insist. False when it had to be killed, with all it started."""
    if process.poll() is not None:
        return True
    process.send_signal(by)
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        # Children have a session of their own, so their group is theirs alone.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return False
    return True


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
