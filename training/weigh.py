"""What frames and encoder are worth together: measured on texts from which neither learned, written into scores.yaml.

    python training/weigh.py --texts TEXTS.jsonl… --claims CLAIMS.jsonl… --frames-of REGEX --weighed REGEX [--write]

The shares of frames come from the texts whose id fits --frames-of, the regression from those that fit --weighed, which the
encoder must not have learned from. Printed is a table of reliability, by text out of fold, and what levels would bring.
"""

from __future__ import annotations

import argparse
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from multiprocessing import get_context
from pathlib import Path

import numpy
import yaml
from examples import Annotated, annotated, as_read, names_meant, parts

from kgraph.reading.claims import candidates_in
from kgraph.reading.claims.scores import WEIGHTS, features_of
from kgraph.reading.readers import find_reader
from kgraph.schema import load_schema

SHARED = 20  # hits of all frames together that each frame has beside its own
HARDNESS = 1.0  # how strongly the weights of the regression are drawn to nothing: the precision of their prior
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Seen:
    """A claim of a sentence as the readers see it, and whether it is right: a gold claim of its text has type and actors."""

    text: str
    claim: tuple[str, ...]
    frames: tuple[str, ...]
    likely: float | None
    required: float | None
    right: bool
    needed: frozenset[int]  # the required gold claims that it meets


def seen_in(entry: Annotated, readers: Sequence[str]) -> list[Seen]:
    read = as_read(entry)
    if read is None:
        return []
    (document, cast, names), (_, catalogue) = read, parts()
    gold = [*_gold(entry)]
    matches = defaultdict(list)
    for name in readers:
        for match in find_reader(name)(document, cast, catalogue):
            matches[match.trigger.sent.start].append(match)
    found = []
    for start in sorted(matches):
        for each in candidates_in(matches[start], cast, "encoder" in readers):
            one, other = (names[local] for local in each.ends)
            symmetric = load_schema()[each.type].symmetric
            hits = [
                (n, optional)
                for n, (type_, a, b, optional) in enumerate(gold)
                if type_ == each.type and ((one & a and other & b) or (symmetric and one & b and other & a))
            ]
            claim = (each.type, *(sorted(each.ends) if symmetric else each.ends))
            needed = frozenset(n for n, optional in hits if not optional)
            found.append(Seen(entry.id, claim, each.frames, each.likely, each.required, bool(hits), needed))
    return found


def _gold(entry: Annotated) -> Iterator[tuple[str, frozenset[str], frozenset[str], bool]]:
    for claim in entry.claims:
        yield claim["t"], names_meant(entry, claim, "a"), names_meant(entry, claim, "b"), bool(claim.get("o"))


def shares(seen: Sequence[Seen]) -> tuple[dict[str, float], float]:
    """For each frame the share of right claims, drawn towards that of all; and that of all."""
    counts = defaultdict[str, list[int]](lambda: [0, 0])
    for each in seen:
        for frame in each.frames:
            counts[frame][0] += each.right
            counts[frame][1] += 1
    prior = sum(r for r, _ in counts.values()) / max(1, sum(n for _, n in counts.values()))
    return {f: round((r + SHARED * prior) / (n + SHARED), 3) for f, (r, n) in sorted(counts.items())}, round(prior, 3)


def learn(rows: numpy.ndarray, right: numpy.ndarray, steps: int = 50) -> numpy.ndarray:
    """The weights of a logistic regression, by Newton's way; the first column is the bias and is not drawn to nothing."""
    weights = numpy.zeros(rows.shape[1])
    drawn = numpy.full(rows.shape[1], HARDNESS)
    drawn[0] = 1e-6
    for _ in range(steps):
        p = 1 / (1 + numpy.exp(-rows @ weights))
        slope = rows.T @ (p - right) + drawn * weights
        bend = (rows * (p * (1 - p))[:, None]).T @ rows + numpy.diag(drawn)
        weights -= numpy.linalg.solve(bend, slope)
    return weights


def table(seen: Sequence[Seen], p: numpy.ndarray, wanted: int) -> Iterator[str]:
    """How often claims of each tenth were right, and what thresholds bring, once an article."""
    right = numpy.array([each.right for each in seen])
    for low in numpy.arange(0, 1, 0.1):
        fit = (p >= low) & (p < low + 0.1)
        if fit.any():
            said, were = p[fit].mean(), right[fit].mean()
            yield f"{low:.1f} to {low + 0.1:.1f}: {fit.sum():5d} claims, said {said:.3f}, right {were:.3f}"
    for least in numpy.arange(0.2, 0.95, 0.05):
        best = dict[tuple[str, ...], bool]()
        met = set[tuple[str, int]]()
        for each, score in zip(seen, p, strict=True):
            if score >= least:
                best[each.text, *each.claim] = each.right
                met |= {(each.text, n) for n in each.needed}
        precision, recall = sum(best.values()) / max(1, len(best)), len(met) / wanted
        f1 = 2 * precision * recall / max(1e-9, precision + recall)
        yield f"from {least:.2f}: P {precision:.3f} R {recall:.3f} F1 {f1:.3f}"


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--texts", nargs="+", type=Path, required=True)
    options.add_argument("--claims", nargs="+", type=Path, required=True)
    options.add_argument("--frames-of", type=re.compile, default=re.compile("[^7]$"))
    options.add_argument("--weighed", type=re.compile, required=True)
    options.add_argument("--write", action="store_true", help="write scores.yaml")
    chosen = options.parse_args()
    entries = list(annotated(chosen.texts, chosen.claims))
    written = [entry for entry in entries if chosen.frames_of.search(entry.id)]
    weighed = [entry for entry in entries if chosen.weighed.search(entry.id)]
    with get_context("spawn").Pool(2) as pool:
        by_frames, by_both = (
            list(chain.from_iterable(pool.starmap(seen_in, [(entry, readers) for entry in some], 4)))
            for some, readers in ((written, ("frames",)), (weighed, ("frames", "encoder")))
        )
    share, prior = shares(by_frames)
    names = [*dict.fromkeys(each.text for each in by_both)]
    fold = numpy.array([names.index(each.text) % FOLDS for each in by_both])
    of_frames = [max((share.get(frame, prior) for frame in each.frames), default=0.0) for each in by_both]
    features = [features_of(s, e.likely or 0.0, e.required) for s, e in zip(of_frames, by_both, strict=True)]
    rows = numpy.array([[*each.values()] for each in features])
    right = numpy.array([float(each.right) for each in by_both])
    p = numpy.zeros(len(by_both))
    for n in range(FOLDS):
        p[fold == n] = 1 / (1 + numpy.exp(-rows[fold == n] @ learn(rows[fold != n], right[fold != n])))
    share_of_each = numpy.array(of_frames)
    p = numpy.where(share_of_each > 0, numpy.maximum(p, (p + share_of_each) / 2), p)  # as scores.py has it
    wanted = sum(not optional for entry in weighed for *_, optional in _gold(entry))
    print(f"{len(by_frames)} claims of frames in {len(written)} texts, {prior:.3f} right")
    print(f"{len(by_both)} candidates in {len(weighed)} texts, {wanted} claims required")
    print("\n".join(table(by_both, p, wanted)))
    weights = dict(zip(WEIGHTS, (round(float(w), 4) for w in learn(rows, right)), strict=True))
    print(weights)
    if chosen.write:
        path = Path(__file__).parent.parent / "kgraph" / "reading" / "claims" / "scores.yaml"
        text = "# How surely claims are right, measured by training/weigh.py; see scores.py\n"
        data = {"weights": weights, "other_frames": prior, "frames": share}
        path.write_text(text + yaml.safe_dump(data, sort_keys=False), encoding="utf-8")


if __name__ == "__main__":
    main()
