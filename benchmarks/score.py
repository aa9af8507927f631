"""How well articles are read, in figures: claims, actors, status and roles, per folder, per relation type, per status.

    python benchmarks/score.py [FOLDER...] [--model NAME] [--trust sure|likely|all] [--list]

Without a folder: tests/gold, and the annotated articles beside the checkout where there are any, with the part that is
held out apart. Of that part only sums are printed, never what is wrong or missed there, so that nothing is tuned to it.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from scoring import STATUSES, Counts, Scores, scores

from kgraph.build import build
from kgraph.folder import Folder
from kgraph.lookup import actor_lines, actors, claims
from kgraph.schema import load_schema
from kgraph.trust import DEFAULT, LEVELS, least

ROOT = Path(__file__).parent.parent
BESIDE = ROOT.parent / "shared" / "gold"


@dataclass(frozen=True, slots=True)
class Part:
    """Some gold files that get a line of their own."""

    name: str
    files: tuple[Path, ...]
    held_out: bool = False


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folders", nargs="*", type=Path)
    options.add_argument("--model", help="a spaCy model that is installed, instead of the pinned one")
    options.add_argument("--trust", choices=LEVELS, default=DEFAULT, help="how surely claims must be right")
    options.add_argument("--list", action="store_true", help="print what is wrong and what is missed, too")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        parts = parts_of(chosen.folders) if chosen.folders else all_parts(Path(place))
        results = [(part, scores(part.files, read(part.files, chosen.model, chosen.trust))) for part in parts]
    print("\n".join(table(results)))
    shown = [result for part, result in results if not part.held_out]
    print("\n".join(details(sum((result.total for result in shown), Counter()))))
    if chosen.list:
        print("\n".join(f"{miss.article}: {miss.what}: {miss.label}" for result in shown for miss in result.misses))


def all_parts(place: Path) -> Iterator[Part]:
    yield from parts_of([ROOT / "tests" / "gold"])
    yield from parts_of([BESIDE / name for name in ("seed", "dev", "real", "windows") if (BESIDE / name).is_dir()])
    if (BESIDE / "train").is_dir():
        yield Part("gold/train (held out)", tuple(unlearned(BESIDE / "train", place)), True)


def unlearned(folder: Path, place: Path) -> Iterator[Path]:
    """The annotated texts from which nothing is learned, those whose id ends in 7, as gold files in `place`."""
    sentences = {text["id"]: text["sents"] for text in entries_of(sorted(folder.glob("texts/*.jsonl")))}
    for entry in entries_of(sorted(folder.glob("*.jsonl"))):
        if entry["id"].endswith("7"):
            text = " ".join(sentences[entry["id"]]).replace(" ¶", "\n\n").lstrip("¶ ")
            (place / f"{entry['id']}.txt").write_text(text, encoding="utf-8")
            gold = place / f"{entry['id']}.yaml"
            gold.write_text(yaml.safe_dump(as_gold(entry), allow_unicode=True), encoding="utf-8")
            yield gold


def entries_of(paths: Iterable[Path]) -> Iterator[dict[str, Any]]:
    """What files of JSON lines hold."""
    for path in paths:
        with path.open(encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def as_gold(entry: dict[str, Any]) -> dict[str, Any]:
    """A training annotation as the content of a gold file."""
    claims, needed = list[dict[str, Any]](), set[str]()
    for claim in entry["claims"]:
        relation = load_schema()[claim["t"]]
        ends = zip(("a", "b") if relation.symmetric else relation.key_roles, "ab", strict=True)
        gold: dict[str, Any] = {"type": claim["t"], "status": claim["st"], "words": claim["w"]}
        for role, side in ends:
            if claim.get(side):
                gold[role] = [claim[side][0], *(claim.get("alt") or {}).get(side, ())]
                needed |= set() if claim.get("o") else {claim[side][0]}
        gold |= {role: filler[0] for role, filler in (claim.get("r") or {}).items()}
        claims.append(gold | ({"optional": True} if claim.get("o") else {}))
    actors = [
        {"name": name, "kind": kind, "also": also, "optional": name not in needed}
        for name, kind, *also in entry["actors"]
    ]
    return {"article": f"{entry['id']}.txt", "actors": actors, "claims": claims}


def parts_of(folders: list[Path]) -> Iterator[Part]:
    """One part a folder; two where some of its files are held out."""
    for folder in folders:
        files = sorted(folder.glob("*.yaml"))
        if not files:
            raise SystemExit(f"score: {folder}: no gold files (*.yaml)")
        for held_out in (False, True):
            some = tuple(path for path in files if is_held_out(path) == held_out)
            if some:
                yield Part(f"{folder.parent.name}/{folder.name}{' (held out)' if held_out else ''}", some, held_out)


def is_held_out(path: Path) -> bool:
    """Windows whose number ends in 0, 1 or 2, and real articles whose name begins after m."""
    return (path.parent.name == "windows" and path.stem[-1] in "012") or (
        path.parent.name == "real" and path.name > "n"
    )


def read(files: tuple[Path, ...], model: str | None = None, trust: str = DEFAULT) -> list[dict[str, Any]]:
    """What kgraph says about the articles of some gold files: the lines of `kgraph claims` and `kgraph actors`."""
    with tempfile.TemporaryDirectory() as place:
        graph = Path(place, "score.kg")
        build(graph, [article_of(path) for path in files], model=model)
        with Folder(graph).read() as db:
            lines = [*(claim.as_json() for claim in claims(db, trust=least(trust))), *actor_lines(db, actors(db))]
    return lines


def article_of(gold: Path) -> Path:
    """The article of a gold file: the text or page of the same name beside it."""
    return next(path for path in sorted(gold.parent.glob(f"{gold.stem}.*")) if path.suffix != ".yaml")


# Printing. -----------------------------------------------------------------------------------------------------------


def table(results: list[tuple[Part, Scores]]) -> Iterator[str]:
    """A line a folder: precision, recall and F1 with the counts behind them, and where F1 lies in 95 of 100 draws."""
    yield f"{'':28}{'articles':>8}  {'precision':15}{'recall':15}{'F1':5}{'95 %':13}{'status':7}{'roles':7}"
    for part, result in results:
        low, high = result.interval()
        yield (
            f"{part.name:28}{len(result.counts):8}  {figures(result.total, 'claims'):35}{low:.2f} - {high:.2f}  "
            f"{result.share('status'):.2f}   {result.share('further roles'):.2f}"
        )
    for name in ("types ignored", "actors"):
        yield f"\n{name}"
        for part, result in results:
            low, high = result.interval(name)
            yield f"{part.name:28}{len(result.counts):8}  {figures(result.total, name):35}{low:.2f} - {high:.2f}"


def figures(counts: Counts, part: str) -> str:
    found, right, required, hit = (counts[part, what] for what in ("found", "right", "required", "hit"))
    precision, recall = right / found if found else 0.0, hit / required if required else 0.0
    f1 = 2 * precision * recall / (precision + recall) if right and hit else 0.0
    return f"{precision:.2f} {f'{right}/{found}':10}{recall:.2f} {f'{hit}/{required}':10}{f1:.2f}"


def details(counts: Counts) -> Iterator[str]:
    """A line a relation type and a line a status, over all articles that are not held out."""
    yield f"\n{'relation type':28}{'':8}  {'precision':15}{'recall':15}F1"
    for kind in load_schema():
        yield f"{kind:36}  {figures(counts, f'type {kind}')}"
    yield f"\n{'status':28}{'':8}  {'right where found':20}recall of claims that gold has as such"
    for status in STATUSES:
        share, of, hit, required = (counts[f"status {status}", what] for what in ("share", "of", "hit", "required"))
        right, recall = share / of if of else 0.0, hit / required if required else 0.0
        yield f"{status:36}  {right:.2f} {f'{share}/{of}':15}{recall:.2f} {hit}/{required}"


if __name__ == "__main__":
    main()
