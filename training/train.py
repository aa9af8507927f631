"""Teaches the network of the reader `encoder`, from examples (examples.py) to a checkpoint.

    python training/train.py EXAMPLES.jsonl CHECKPOINT.pt --encoder FOLDER [--without REGEX] [--passes N] [--seed N]

Texts whose id fits --without are not learned from; after each pass the claims of those of them that fit --look are compared.
A run that was stopped goes on from its checkpoint. The same command on the same processor gives the same weights.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy
import torch
from examples import STATUSES, TYPES, Example, load_examples
from network import Heads, Network, load_encoder
from torch import Tensor
from torch.nn import functional

from kgraph.reading.claims.encoder.network import fitting
from kgraph.reading.claims.encoder.windows import USES
from kgraph.schema import load_schema

POSITIVE, OPTIONAL = 3.0, 0.6  # how much a claim counts, and one that a careful reader may leave out
PIECES = 2048  # of a batch


def tensors(example: Example) -> dict[str, Tensor]:
    """What the heads ask of a window."""
    numbers = {name: torch.tensor(getattr(example, name)) for name in "markers starts ends uses sentences".split()}
    pairs = torch.tensor(example.pairs)
    return numbers | {"first": pairs[:, 0], "second": pairs[:, 1]}


def targets(example: Example, allowed: Tensor) -> dict[str, Tensor]:
    """What there is to learn from a window."""
    index = {pair: n for n, pair in enumerate(example.pairs)}
    size = len(example.pairs)
    claims, weights = torch.zeros(size, len(TYPES)), torch.ones(size, len(TYPES))
    required = torch.full((size, len(TYPES)), -1.0)
    kinds = torch.tensor(example.kinds)
    pairs = torch.tensor(example.pairs)
    weights[~allowed[kinds[pairs[:, 0]], kinds[pairs[:, 1]]]] = 0
    for pair, type_ in example.open:
        weights[index[pair], type_] = 0
    rows, looks, statuses = [], [], []
    seen = set()
    for said in example.said:
        n = index[said.pair]
        claims[n, said.type] = 1
        weight = OPTIONAL if said.optional else POSITIVE
        weights[n, said.type] = max(float(weights[n, said.type]), weight)
        required[n, said.type] = max(float(required[n, said.type]), float(not said.optional))
        if n not in seen and said.words:
            seen.add(n)
            look = torch.zeros(len(example.pieces))
            look[list(said.words)] = 1 / len(said.words)
            status = torch.zeros(len(STATUSES))
            status[list(said.statuses)] = 1 / len(said.statuses)
            rows.append(n)
            looks.append(look)
            statuses.append(status)
    none = torch.zeros(0)
    return {
        "claims": claims,
        "weights": weights,
        "required": required,
        "rows": torch.tensor(rows, dtype=torch.long),
        "looks": torch.stack(looks) if looks else none,
        "statuses": torch.stack(statuses) if statuses else none,
    }


def loss_of(network: Network, batch: Sequence[Example], allowed: Tensor) -> Tensor:
    longest = max(len(example.pieces) for example in batch)
    pieces = torch.zeros(len(batch), longest, dtype=torch.long)
    mask = torch.zeros(len(batch), longest, dtype=torch.bool)
    for n, example in enumerate(batch):
        pieces[n, : len(example.pieces)] = torch.tensor(example.pieces)
        mask[n, : len(example.pieces)] = True
    with torch.autocast("cpu", torch.bfloat16):
        vectors = network.encoder(pieces, mask)
    total = torch.zeros(())
    for n, example in enumerate(batch):
        x = vectors[n, : len(example.pieces)].float()
        claims, required, status, look = network.heads(x, **tensors(example))
        goal = targets(example, allowed)
        losses = functional.binary_cross_entropy_with_logits(claims, goal["claims"], goal["weights"], reduction="sum")
        known = goal["required"] >= 0
        if known.any():
            losses = losses + 0.5 * functional.binary_cross_entropy_with_logits(
                required[known], goal["required"][known], reduction="sum"
            )
        if len(goal["rows"]):
            looked = look[goal["rows"]].log_softmax(1)
            losses = losses - 0.2 * (goal["looks"] * looked).sum()
            losses = losses - 0.3 * (goal["statuses"] * status[goal["rows"]].log_softmax(1)).sum()
        total = total + losses
    return total / len(batch)


def batches(examples: Sequence[Example], chance: random.Random) -> list[list[Example]]:
    """Windows of like length together, the batches in any order."""
    order = sorted(examples, key=lambda e: len(e.pieces) + chance.random() * 40)
    found, batch = list[list[Example]](), list[Example]()
    for example in order:
        if batch and (len(batch) + 1) * max(len(e.pieces) for e in [*batch, example]) > PIECES:
            found.append(batch)
            batch = []
        batch.append(example)
    found.append(batch)
    chance.shuffle(found)
    return found


def measure(network: Network, examples: Sequence[Example], allowed: Tensor) -> str:
    """Claims by text, type and actors: the best threshold, and what it brings, of those that the examples can hold."""
    network.eval()
    scored: dict[tuple[str, int, int, int], float] = {}
    right: dict[tuple[str, int, int, int], bool] = {}
    statuses, hits = 0, 0
    with torch.no_grad():
        for example in examples:
            x = network.encoder(torch.tensor([example.pieces]))[0]
            claims, _, status, _ = network.heads(x, **tensors(example))
            kinds = torch.tensor(example.kinds)
            pairs = torch.tensor(example.pairs)
            claims[~allowed[kinds[pairs[:, 0]], kinds[pairs[:, 1]]]] = -20
            for n, t in zip(*(claims > -3).nonzero(as_tuple=True), strict=True):
                key = _key(example, example.pairs[int(n)], int(t))
                scored[key] = max(scored.get(key, -9.0), float(claims[n, t]))
            for pair, type_ in example.open:
                right.setdefault(_key(example, pair, type_), False)
            index = {pair: n for n, pair in enumerate(example.pairs)}
            for said in example.said:
                key = _key(example, said.pair, said.type)
                right[key] = right.get(key, False) or not said.optional
                statuses += 1
                hits += int(status[index[said.pair]].argmax()) in said.statuses
    network.train()
    wanted = sum(right.values())
    best = (0.0, "")
    for least in numpy.arange(-2, 2.1, 0.25):
        found = [key for key, score in scored.items() if score >= least]
        good = sum(key in right for key in found)
        met = sum(right.get(key, False) for key in found)
        p, r = good / max(len(found), 1), met / max(wanted, 1)
        f = 2 * p * r / max(p + r, 1e-9)
        best = max(best, (f, f"at {least:+.2f} P {p:.3f} R {r:.3f} F1 {f:.3f}"))
    return f"{best[1]} of {wanted}; status {hits / max(statuses, 1):.3f}"


def _key(example: Example, pair: tuple[int, int], type_: int) -> tuple[str, int, int, int]:
    a, b = (example.locals[n] for n in pair)
    if load_schema()[TYPES[type_]].symmetric:
        a, b = sorted((a, b))
    return example.text, type_, a, b


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("examples", type=Path)
    options.add_argument("checkpoint", type=Path)
    options.add_argument("--encoder", type=Path, required=True)
    options.add_argument("--without", type=re.compile, default=re.compile("7$"))
    options.add_argument("--look", type=re.compile, default=re.compile("3$"))
    options.add_argument("--passes", type=int, default=8)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--rate", type=float, default=1e-4)
    options.add_argument("--heads-rate", type=float, default=5e-4)
    chosen = options.parse_args()
    torch.manual_seed(chosen.seed)
    torch.use_deterministic_algorithms(True)
    every = [*load_examples(chosen.examples)]
    known = [e for e in every if not chosen.without.search(e.text)]
    looked = [e for e in every if chosen.without.search(e.text) and chosen.look.search(e.text)]
    encoder = load_encoder(chosen.encoder)
    network = Network(encoder, Heads(encoder.pieces.embedding_dim, len(TYPES), len(STATUSES), len(USES)))
    allowed = torch.from_numpy(fitting())
    plain = [p for name, p in network.named_parameters() if name.startswith("encoder")]
    groups = [{"params": plain, "lr": chosen.rate}, {"params": network.heads.parameters(), "lr": chosen.heads_rate}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = chosen.passes * len(batches(known, random.Random(0)))
    warm = steps // 20
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda n: min((n + 1) / max(warm, 1), max(0.0, (steps - n) / max(steps - warm, 1)))
    )
    done = 0
    if chosen.checkpoint.exists():
        state = torch.load(chosen.checkpoint, weights_only=False)
        network.load_state_dict(state["network"])
        if "optimizer" in state:
            optimizer.load_state_dict(state["optimizer"])
            schedule.load_state_dict(state["schedule"])
        done = state["passes"]
    for number in range(done, chosen.passes):
        begun, sums = time.monotonic(), defaultdict[str, float](float)
        torch.manual_seed(chosen.seed * 1000 + number)
        network.train()
        for batch in batches(known, random.Random(chosen.seed * 1000 + number)):
            loss = loss_of(network, batch, allowed)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimizer.step()
            schedule.step()
            sums["loss"] += float(loss.detach()) * len(batch)
            sums["windows"] += len(batch)
        state = {"network": network.state_dict(), "passes": number + 1}
        state |= {"optimizer": optimizer.state_dict(), "schedule": schedule.state_dict()}
        torch.save(state, chosen.checkpoint.with_suffix(".part"))
        chosen.checkpoint.with_suffix(".part").replace(chosen.checkpoint)
        seen = measure(network, looked, allowed) if looked else ""
        took = time.monotonic() - begun
        loss = sums["loss"] / sums["windows"]
        print(f"pass {number + 1}: loss {loss:.3f} {seen} ({took:.0f} s)", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
