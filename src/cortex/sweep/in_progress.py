"""Points that a process has begun and not ended; an interruption takes them back."""

from contextlib import suppress
from threading import RLock

from cortex.io.store import PointStore


class InProgress:
    """What runs in this process: noted in the store, and taken back through no fault of a point.

    Parameters
    ----------
    store : PointStore
        Where the points are noted.

    Notes
    -----
    Threads begin and end points; a signal handler, which may strike inside `withdraw`, withdraws.
    """

    def __init__(self, store: PointStore) -> None:
        self.store = store
        self._keys: set[str] = set()
        self._lock = RLock()
        self._is_closed = False

    def begin(self, key: str) -> bool:
        """Note that a point begins; False once all were withdrawn: then it must not begin."""
        with self._lock:
            if not self._is_closed:
                self.store.begin(key)
                self._keys.add(key)
            return not self._is_closed

    def end(self, key: str) -> None:
        """Forget a point whose record is in the store."""
        with self._lock:
            self._keys.discard(key)

    def withdraw(self) -> None:
        """Take back every point begun, and let none begin: what ends them is not their fault."""
        with self._lock, suppress(OSError):
            self._is_closed = True
            while self._keys:
                self.store.withdraw(self._keys.pop())
