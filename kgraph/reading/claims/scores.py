"""How surely a claim is right: from the frames that gave it and what the encoder says of it to one figure.

scores.yaml holds what was measured on texts from which nothing was learned (training/weigh.py; docs/reading.md): for each
frame the share of its claims that were right, drawn towards the share of all where it had few; and the weights of a logistic
regression over that share and the encoder's logits, which gives the share of claims of such a kind that were right. Where the
encoder thinks less of a frame's claim than the frame's own share, the score lies half way: it has seen few texts of the kind
for which frames were written, and contradicts them there too often (docs/reading.md).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from kgraph.errors import KnowledgeError

FLOOR = 0.3  # what is less sure is not kept
_LEAST, _MOST = 0.002, 0.998  # a logit stays finite


@dataclass(frozen=True, slots=True)
class Scores:
    """What scores.yaml holds."""

    frames: Mapping[str, float]
    other_frames: float  # one that was never seen
    weights: Mapping[str, float]


@cache
def load_scores() -> Scores:
    """The figures that kgraph comes with. Raises KnowledgeError where the file is not as it should be."""
    try:
        data = yaml.safe_load(files("kgraph.reading.claims").joinpath("scores.yaml").read_text(encoding="utf-8"))
        frames = {str(name): float(share) for name, share in data["frames"].items()}
        return Scores(frames, float(data["other_frames"]), {name: float(data["weights"][name]) for name in WEIGHTS})
    except (KeyError, TypeError, ValueError, AttributeError, yaml.YAMLError) as error:
        raise KnowledgeError(
            f"claims/scores.yaml: {error!r}; it needs frames, other_frames and the weights {', '.join(WEIGHTS)}"
        ) from error


WEIGHTS = ("bias", "likely", "required", "frame", "frame_share", "frame_likely")


def score_of(frames: Sequence[str], likely: float | None, required: float | None) -> float:
    """How surely a claim is right, from 0 to 1; `likely` is None where the encoder was not asked."""
    share = max((share_of(frame) for frame in frames), default=0.0)
    if likely is None:
        return round(share, 3)
    weights = load_scores().weights
    total = sum(weights[feature] * value for feature, value in features_of(share, likely, required).items())
    weighed = 1 / (1 + math.exp(-total))
    return round(max(weighed, (weighed + share) / 2 if share else 0.0), 3)


def share_of(frame: str) -> float:
    """In what share of its claims a frame was right."""
    return load_scores().frames.get(frame, load_scores().other_frames)


def features_of(share: float, likely: float, required: float | None) -> dict[str, float]:
    """What the regression weighs; a share of 0 stands for no frame."""
    seen = _logit(likely)
    return {
        "bias": 1.0,
        "likely": seen,
        "required": 0.0 if required is None else _logit(required),
        "frame": float(share > 0),
        "frame_share": _logit(share) if share else 0.0,
        "frame_likely": seen if share else 0.0,
    }


def _logit(share: float) -> float:
    bounded = min(max(share, _LEAST), _MOST)
    return math.log(bounded / (1 - bounded))
