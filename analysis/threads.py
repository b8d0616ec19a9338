"""One thread for each matrix product: sums in one order, and no threads that wait for others."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_lock = threading.Lock()
_inside = 0
_limits: Any = None


@contextmanager
def one_thread() -> Iterator[None]:
    """Let BLAS use one thread, here and in threads that are started meanwhile.

    The sums are then the same on every machine, and where cores are shared small products are
    several times faster. To be entered first by the thread that lives longest: what another
    thread asks of OpenBLAS once the main one has asked is not heard.
    """
    global _inside, _limits
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    with _lock:
        if _inside == 0:
            _limits = threadpool_limits(1, user_api="blas")
        _inside += 1
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if _inside == 0:
                _limits.restore_original_limits()
