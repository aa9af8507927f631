"""A checkpoint (train.py) → encoder.onnx, the network as kgraph runs it: whole numbers of eight bits, one window at a time.

    python training/export.py CHECKPOINT.pt OUTPUT.onnx --encoder FOLDER

The weights keep seven bits, so that no processor's sums overflow and all give the same; what is multiplied with them is
rounded window by window, so no window depends on its neighbours.
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
from pathlib import Path

import onnx
import torch
from examples import STATUSES, TYPES
from network import Heads, Network, load_encoder
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from kgraph.reading.claims.encoder.windows import USES

NAMES = "pieces markers starts ends uses sentences first second".split()
RESULTS = "claims required status look".split()


class One(nn.Module):
    """The network over one window."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, pieces: Tensor, *places: Tensor) -> tuple[Tensor, ...]:
        vectors = self.network.encoder(pieces[None])[0]
        result: tuple[Tensor, ...] = self.network.heads(vectors, *places)
        return result


def export(network: Network, path: Path, whole: bool = True) -> None:
    """Writes a network; with `whole` in numbers of eight bits."""
    network.eval()
    pieces = torch.arange(1000, 1040)
    three = torch.tensor([2, 9, 20])
    example = (pieces, three, three + 1, three + 2, torch.tensor([0, 1, 2]), torch.tensor([0, 0, 1]))
    first, second = torch.tensor([0, 1, 0, 2]), torch.tensor([1, 0, 2, 1])
    axes = {"pieces": {0: "size"}, **{name: {0: "places"} for name in NAMES[1:6]}}
    axes |= {name: {0: "pairs"} for name in (*NAMES[6:], *RESULTS[:3])} | {"look": {0: "pairs", 1: "size"}}
    with tempfile.TemporaryDirectory() as folder, torch.no_grad():
        full = Path(folder) / "full.onnx"
        torch.onnx.export(
            One(network),
            (*example, first, second),
            str(full),
            input_names=NAMES,
            output_names=RESULTS,
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
        if whole:
            quantize_dynamic(
                full, path, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8,
                op_types_to_quantize=["MatMul", "Gemm", "Gather"],
            )  # fmt: skip
        else:
            path.write_bytes(full.read_bytes())
    model = onnx.load(path)
    model.doc_string = model.producer_version = ""
    onnx.save(model, path)


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("checkpoint", type=Path)
    options.add_argument("output", type=Path)
    options.add_argument("--encoder", type=Path, required=True)
    options.add_argument("--full", action="store_true", help="in full precision, to compare")
    chosen = options.parse_args()
    encoder = load_encoder(chosen.encoder)
    network = Network(encoder, Heads(encoder.pieces.embedding_dim, len(TYPES), len(STATUSES), len(USES)))
    network.load_state_dict(torch.load(chosen.checkpoint, weights_only=False)["network"])
    export(network, chosen.output, not chosen.full)
    data = chosen.output.read_bytes()
    print(f"{chosen.output}: {len(data) / 1e6:.1f} MB, SHA-256 {hashlib.sha256(data).hexdigest()}")


if __name__ == "__main__":
    main()
