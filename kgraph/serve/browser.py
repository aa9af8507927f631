"""Opens an address in the browser so that nobody else sees it: all users of a machine can read all command lines."""

from __future__ import annotations

import html
import os
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click

SECONDS = 60.0  # for a browser to start in; then what leads to the address goes away
PAGE = """<!doctype html>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url={address}">
<title>kgraph explore</title>
"""


@contextmanager
def leading_to(address: str) -> Iterator[Path]:
    """A page that leads to an address, which only its owner can read; it goes away at the end."""
    with TemporaryDirectory(prefix="kgraph-", ignore_cleanup_errors=True) as folder:  # which is its owner's, too
        path = Path(folder, "explore.html")
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(opened, "w", encoding="utf-8") as page:
            page.write(PAGE.format(address=html.escape(address)))
        yield path


@contextmanager
def shown(address: str, seconds: float = SECONDS) -> Iterator[None]:
    """Opens an address while something else goes on; what leads to it is gone at the end at the latest."""
    enough = threading.Event()

    def open_and_wait() -> None:
        with leading_to(address) as path:
            threading.Thread(
                target=_open, args=(path,), daemon=True
            ).start()  # a browser of text ends when one leaves it
            enough.wait(seconds)

    opening = threading.Thread(target=open_and_wait)
    opening.start()
    try:
        yield
    finally:
        enough.set()
        opening.join()


def _open(path: Path) -> None:
    if "BROWSER" in os.environ or click.launch(path.as_uri()):
        webbrowser.open(path.as_uri())
