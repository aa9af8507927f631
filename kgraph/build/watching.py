"""What arrives in folders while somebody waits for it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from kgraph.articles.places import stamp_of


def watch(sources: Sequence[str | Path], *, pause: float = 2.0) -> Iterator[list[Path]]:
    """The files that arrive or change in some folders from now on, each once it is no longer being written."""
    return _arrivals(sources, _stamps(sources), pause)


def _arrivals(sources: Sequence[str | Path], seen: dict[Path, str], pause: float) -> Iterator[list[Path]]:
    last = seen
    while True:
        time.sleep(pause)
        now = _stamps(sources)
        arrived = [path for path, stamp in now.items() if stamp != seen.get(path) and stamp == last.get(path)]
        last = now
        if arrived:
            seen = seen | {path: now[path] for path in arrived}
            yield arrived


def _stamps(sources: Sequence[str | Path]) -> dict[Path, str]:
    """What each file differs in when somebody has written to it."""
    found = {}
    for source in map(Path, sources):
        for path in sorted(source.rglob("*")) if source.is_dir() else [source]:
            try:
                is_hidden = any(part.startswith(".") for part in path.relative_to(source).parts)
                if path.is_file() and not is_hidden and (stamp := stamp_of(str(path))):
                    found[path] = stamp
            except OSError:  # moved away meanwhile, or not for us to see: whoever builds names it
                continue
    return found
