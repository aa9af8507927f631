"""The network of the reader `encoder`: a pretrained encoder, and heads that look at pairs of places in a window.

For a pair it sees the vectors of both markers and of the words behind them, the mean of the words between, how far apart the
places are and what sort of words they are; with that it looks for the words of the window that make a claim (`look`), and
what it saw there goes into the answer: for each type whether it is a claim, whether a careful reader would require it, and
for the pair the status of what is claimed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

DISTANCES = (1, 2, 4, 7, 12, 20, 40, 80)  # pieces between two places: the edges of the bins


@dataclass(frozen=True, slots=True)
class Shape:
    """The measures of an encoder, by the names of its config.json."""

    vocabulary: int
    width: int
    layers: int
    heads: int
    inner: int
    places: int
    epsilon: float


def shape_of(config: dict[str, object]) -> Shape:
    names = "vocab_size hidden_size num_hidden_layers num_attention_heads intermediate_size max_position_embeddings"
    return Shape(*(int(str(config[name])) for name in names.split()), float(str(config["layer_norm_eps"])))


class Layer(nn.Module):
    """One layer of a transformer as BERT has it."""

    def __init__(self, shape: Shape, dropout: float) -> None:
        super().__init__()
        self.heads = shape.heads
        self.joint = nn.Linear(shape.width, 3 * shape.width)
        self.out = nn.Linear(shape.width, shape.width)
        self.first = nn.LayerNorm(shape.width, shape.epsilon)
        self.inner = nn.Linear(shape.width, shape.inner)
        self.outer = nn.Linear(shape.inner, shape.width)
        self.second = nn.LayerNorm(shape.width, shape.epsilon)
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        size, length, width = x.shape
        q, k, v = self.joint(x).view(size, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
        seen = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        x = self.first(x + self.drop(self.out(seen.transpose(1, 2).reshape(size, length, width))))
        return self.second(x + self.drop(self.outer(functional.gelu(self.inner(x)))))


class Encoder(nn.Module):
    """Pieces → a vector each."""

    def __init__(self, shape: Shape, dropout: float = 0.1) -> None:
        super().__init__()
        self.pieces = nn.Embedding(shape.vocabulary, shape.width)
        self.places = nn.Embedding(shape.places, shape.width)
        self.norm = nn.LayerNorm(shape.width, shape.epsilon)
        self.layers = nn.ModuleList(Layer(shape, dropout) for _ in range(shape.layers))
        self.drop = nn.Dropout(dropout)

    def forward(self, pieces: Tensor, mask: Tensor | None = None) -> Tensor:
        places = torch.arange(pieces.shape[1], device=pieces.device)
        x = self.drop(self.norm(self.pieces(pieces) + self.places(places)))
        seen = None if mask is None else mask[:, None, None, :]
        for layer in self.layers:
            x = layer(x, seen)
        return x


def load_encoder(folder: Path, dropout: float = 0.1) -> Encoder:
    """A pretrained encoder of BERT's kind, from a folder with config.json and model.safetensors."""
    shape = shape_of(json.loads((folder / "config.json").read_text(encoding="utf-8")))
    given = load_file(folder / "model.safetensors")
    given = {name.removeprefix("bert."): value.float() for name, value in given.items()}
    encoder = Encoder(shape, dropout)
    state = {
        "pieces.weight": given["embeddings.word_embeddings.weight"],
        "places.weight": given["embeddings.position_embeddings.weight"],
        "norm.weight": given["embeddings.LayerNorm.weight"],
        "norm.bias": given["embeddings.LayerNorm.bias"],
    }
    state["places.weight"] = state["places.weight"] + given["embeddings.token_type_embeddings.weight"][0]
    for n in range(shape.layers):
        old, new = f"encoder.layer.{n}.", f"layers.{n}."
        for part in ("weight", "bias"):
            joint = [given[f"{old}attention.self.{name}.{part}"] for name in ("query", "key", "value")]
            state[f"{new}joint.{part}"] = torch.cat(joint)
            state[f"{new}out.{part}"] = given[f"{old}attention.output.dense.{part}"]
            state[f"{new}first.{part}"] = given[f"{old}attention.output.LayerNorm.{part}"]
            state[f"{new}inner.{part}"] = given[f"{old}intermediate.dense.{part}"]
            state[f"{new}outer.{part}"] = given[f"{old}output.dense.{part}"]
            state[f"{new}second.{part}"] = given[f"{old}output.LayerNorm.{part}"]
    encoder.load_state_dict(state)
    return encoder


class Heads(nn.Module):
    """The vectors of one window → what is claimed of each pair."""

    def __init__(self, width: int, types: int, statuses: int, uses: int, inner: int = 384, look: int = 96) -> None:
        super().__init__()
        self.one = nn.Linear(2 * width, inner)
        self.other = nn.Linear(2 * width, inner)
        self.one_way = nn.Linear(2 * width, inner)
        self.other_way = nn.Linear(2 * width, inner)
        self.between = nn.Linear(width, inner)
        self.apart = nn.Embedding(2 * (len(DISTANCES) + 1), inner)
        self.use_one, self.use_other = nn.Embedding(uses, inner), nn.Embedding(uses, inner)
        self.crossing = nn.Embedding(3, inner)
        self.norm = nn.LayerNorm(inner)
        self.query, self.key = nn.Linear(inner, look), nn.Linear(width, look)
        self.value = nn.Linear(width, inner)
        self.last = nn.Linear(2 * inner, inner)
        self.claims = nn.Linear(inner, types)
        self.required = nn.Linear(inner, types)
        self.status = nn.Linear(inner, statuses)
        self.drop = nn.Dropout(0.1)
        self.scale = look**-0.5
        for embedding in (self.apart, self.use_one, self.use_other, self.crossing):
            nn.init.normal_(embedding.weight, std=0.02)
        nn.init.constant_(self.claims.bias, -5.5)

    def forward(
        self,
        x: Tensor,  # pieces × width
        markers: Tensor,
        starts: Tensor,
        ends: Tensor,
        uses: Tensor,
        sentences: Tensor,
        first: Tensor,
        second: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """For each pair: claims and required by type, status, and how much each piece looks like what makes a claim."""
        sums = torch.cat([x.new_zeros(1, x.shape[1]), x.cumsum(0)])
        words = (sums[ends + 1] - sums[starts]) / (ends + 1 - starts)[:, None].to(x.dtype)
        places = torch.cat([x[markers], words], 1)
        low = torch.minimum(ends[first], ends[second]) + 1
        high = torch.maximum(markers[first], markers[second])
        high = torch.maximum(high, low)
        size = high - low
        mean = (sums[high] - sums[low]) / size.clamp(min=1)[:, None].to(x.dtype)
        bins = (size[:, None] > torch.tensor(DISTANCES, device=x.device)).sum(1)
        apart = bins + (len(DISTANCES) + 1) * (markers[first] < markers[second]).to(bins.dtype)
        crossing = (sentences[second] - sentences[first]).clamp(-1, 1) + 1
        pair = self.one(places)[first] + self.other(places)[second] + self.between(mean)
        pair = pair + self.one_way(places)[first] * self.other_way(places)[second]
        pair = pair + self.apart(apart) + self.use_one(uses)[first] + self.use_other(uses)[second]
        pair = self.drop(functional.gelu(self.norm(pair + self.crossing(crossing))))
        look = self.query(pair) @ self.key(x).T * self.scale
        seen = look.softmax(1) @ self.value(x)
        last = self.drop(functional.gelu(self.last(torch.cat([pair, seen], 1))))
        return self.claims(last), self.required(last), self.status(last), look


class Network(nn.Module):
    """Encoder and heads."""

    def __init__(self, encoder: Encoder, heads: Heads) -> None:
        super().__init__()
        self.encoder, self.heads = encoder, heads
