"""`make train-check`: a tiny network learns thirty texts of our own, from files to weights that kgraph reads with.

It goes the way of a real training : examples.py, train.py, export.py, each as a command; then the
weights take the place of those in a copy of the package, whose reader is asked. It needs the extra `train`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy
import pytest
from safetensors.numpy import save_file

ROOT = Path(__file__).parent.parent
TEXTS, CLAIMS = (ROOT / "tests" / "training" / name for name in ("texts.jsonl", "claims.jsonl"))
WIDTH, INNER = 32, 64  # of the tiny encoder
SHAPE = {
    "vocab_size": 30522, "hidden_size": WIDTH, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": INNER,
    "max_position_embeddings": 512, "layer_norm_eps": 1e-12,
}  # fmt: skip
MOST = 0.7  # of the claims that were taught are found, and of those that are found were taught
LEARN = "--without ^$ --passes 60 --rate 3e-3 --heads-rate 2e-3 --seed 5".split()


def run(script: str, *arguments: object, home: Path = ROOT) -> str:
    """What a script of this folder prints, with the kgraph of a checkout or a copy of it."""
    path = os.pathsep.join(filter(None, (str(home), os.environ.get("PYTHONPATH"))))
    command = [sys.executable, str(ROOT / "training" / script), *map(str, arguments)]
    done = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def write_encoder(folder: Path) -> Path:
    """An encoder that has learned nothing, in the form of a pretrained one: the same numbers every time."""
    chance = numpy.random.default_rng(1)
    ends = {"weight": numpy.ones(WIDTH, numpy.float32), "bias": numpy.zeros(WIDTH, numpy.float32)}
    tables = {"word": SHAPE["vocab_size"], "position": SHAPE["max_position_embeddings"], "token_type": 2}
    weights = {f"embeddings.{n}_embeddings.weight": _some(chance, int(size), WIDTH) for n, size in tables.items()}
    layer = "encoder.layer.0"
    for name, (out, into) in {
        **{f"attention.self.{part}": (WIDTH, WIDTH) for part in ("query", "key", "value")},
        "attention.output.dense": (WIDTH, WIDTH), "intermediate.dense": (INNER, WIDTH), "output.dense": (WIDTH, INNER),
    }.items():  # fmt: skip
        weights |= {
            f"{layer}.{name}.weight": _some(chance, out, into),
            f"{layer}.{name}.bias": numpy.zeros(out, numpy.float32),
        }
    for norm in ("embeddings.LayerNorm", f"{layer}.attention.output.LayerNorm", f"{layer}.output.LayerNorm"):
        weights |= {f"{norm}.{part}": values.copy() for part, values in ends.items()}
    folder.mkdir()
    save_file(weights, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(SHAPE), encoding="utf-8")
    return folder


def _some(chance: numpy.random.Generator, *shape: int) -> numpy.ndarray:
    return chance.normal(0, 0.1, shape).astype(numpy.float32)


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the examples and the encoder."""
    folder = tmp_path_factory.mktemp("training")
    made = run("examples.py", folder / "examples.jsonl", "--texts", TEXTS, "--claims", CLAIMS, "--workers", 1)
    assert made.startswith("30 texts, 29 windows, ") and "'claims': 55, 'met': 54" in made, made
    write_encoder(folder / "encoder")
    return folder


def train(work: Path, name: str) -> Path:
    """Learns from the beginning and gives the weights as kgraph runs them."""
    run("train.py", work / "examples.jsonl", work / f"{name}.pt", "--encoder", work / "encoder", *LEARN)
    run("export.py", work / f"{name}.pt", work / f"{name}.onnx", "--encoder", work / "encoder")
    return work / f"{name}.onnx"


def found_by(weights: Path, home: Path) -> list[Sequence[str]]:
    """What the reader of a copy of kgraph with these weights takes for claims in our texts."""
    shutil.copytree(ROOT / "kgraph", home / "kgraph", ignore=shutil.ignore_patterns("__pycache__", "encoder.onnx"))
    shutil.copyfile(weights, home / "kgraph" / "reading" / "claims" / "encoder" / "encoder.onnx")
    return [json.loads(line) for line in run("asked.py", TEXTS, CLAIMS, home=home).splitlines()]


def test_it_learns_and_the_same_seed_gives_the_same_weights(work: Path, tmp_path: Path) -> None:
    weights = train(work, "one")
    assert weights.read_bytes() == train(work, "two").read_bytes()
    found = found_by(weights, tmp_path)
    claims = wanted()
    right = [each for each in found if as_claim(*each[:4]) in claims]
    met = {as_claim(*each[:4]) for each in right}
    assert len(met) > MOST * len(claims), f"{len(met)} of {len(claims)} claims were found: {found}"
    assert len(right) > MOST * len(found), f"{len(right)} of {len(found)} are claims: {found}"
    words = {(*as_claim(claim[0], claim[1], claim[2], claim[3]), claim[4]) for claim in found}
    assert ("own-03", "ATTACKS", "Hamas", "Israel", "attacked") in words


def wanted() -> set[tuple[str, ...]]:
    """The claims of the annotation."""
    lines = CLAIMS.read_text(encoding="utf-8").splitlines()
    return {as_claim(e["id"], c["t"], c["a"][0], c["b"][0]) for e in map(json.loads, lines) for c in e["claims"]}


def as_claim(text: str, type: str, one: str, other: str) -> tuple[str, ...]:
    """A claim as it is compared: who meets whom has no direction."""
    return (text, type, *(sorted((one, other)) if type == "MEETS_WITH" else (one, other)))
