"""Lines to a server that break, for tests of what is broken off."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit


@contextmanager
def line_to(url: str, *, lasts: int, again: bool, then: Callable[[], object] | None = None) -> Iterator[str]:
    """The address of a line to a server that breaks after so many bytes, once or for good; something may be done then."""
    target, left, lock = urlsplit(url), [lasts], threading.Lock()
    listener = socket.create_server(("127.0.0.1", 0))

    def carry(source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                with lock:
                    left[0] -= len(data)
                    if left[0] < 0:
                        if then:
                            then()
                        left[0] = 1 << 40 if again else 0
                        break
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = listener.accept()
                try:
                    far = socket.create_connection((str(target.hostname), target.port or 7687))
                except OSError:
                    near.close()
                    continue
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=carry, args=ends, daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"{target.scheme}://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.close()
