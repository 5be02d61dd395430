"""Makes init.json: what torch.nn.init writes for a seed, and where it leaves the generator.

    python test/golden/generate_init.py

Needs torch 2.13 (CPU). The tests never run it: they read the JSON. Specs are those of the workbench.
"""

import json
import re
from pathlib import Path

import torch
from torch import nn

SEED = 11
CASES = [
    ([6, 5], {"type": "uniform_", "a": -1, "b": 0.5}),
    ([6, 5], {"type": "normal_", "mean": 1, "std": 0.1}),
    ([3, 4], {"type": "normal_"}),
    ([6, 5], {"type": "trunc_normal_"}),
    ([6, 5], {"type": "trunc_normal_", "a": 1, "b": 3}),
    ([6, 5], {"type": "trunc_normal_", "a": -0.1, "b": 0.2}),
    ([6, 5], {"type": "constant_", "val": 0.1}),
    ([6, 5], {"type": "ones_"}),
    ([6, 5], {"type": "zeros_"}),
    ([6, 5], {"type": "eye_"}),
    ([5, 6], {"type": "eye_"}),
    ([6, 5], {"type": "xavier_uniform_", "gain": 5 / 3}),
    ([6, 5], {"type": "xavier_normal_"}),
    ([6, 5], {"type": "kaiming_uniform_", "nonlinearity": "tanh"}),
    ([6, 5], {"type": "kaiming_uniform_", "a": 0.2}),
    ([6, 5], {"type": "kaiming_uniform_", "nonlinearity": "relu", "mode": "fan_out"}),
    ([6, 5], {"type": "kaiming_normal_", "nonlinearity": "selu", "mode": "fan_out"}),
    ([6, 5], {"type": "kaiming_normal_", "nonlinearity": "linear"}),
    ([6, 5], {"type": "orthogonal_", "gain": 2}),
    ([5, 6], {"type": "orthogonal_"}),
    ([5, 5], {"type": "orthogonal_"}),
    ([6, 5], {"type": "sparse_", "sparsity": 0.3, "std": 0.5}),
]


def apply(tensor, spec):
    options = {k: v for k, v in spec.items() if k != "type"}
    getattr(nn.init, spec["type"])(tensor, **options)


def case(shape, spec):
    torch.manual_seed(SEED)
    weight = torch.empty(*shape)
    apply(weight, spec)
    return {"shape": shape, "spec": spec, "data": weight.flatten().tolist(), "next": torch.rand(1).item()}


def network():
    """Default draws of the whole model first, then the named functions, layer by layer."""
    weight, bias = {"type": "xavier_normal_", "gain": 5 / 3}, {"type": "normal_", "std": 0.1}
    torch.manual_seed(SEED)
    model = nn.Sequential(nn.Linear(12, 8), nn.Tanh(), nn.Linear(8, 3), nn.Linear(3, 2, bias=False))
    for layer in list(model)[:3:2]:
        apply(layer.weight, weight)
        apply(layer.bias, bias)
    return {
        "weight": weight,
        "bias": bias,
        "state": {name: tensor.flatten().tolist() for name, tensor in model.state_dict().items()},
        "next": torch.rand(1).item(),
    }


def main():
    document = {"torch": torch.__version__, "seed": SEED, "cases": [case(*c) for c in CASES], "network": network()}
    text = json.dumps(document, indent=1)
    text = re.sub(r"\[[^\[\]{}]*\]", lambda m: re.sub(r"\s+", " ", m[0]), text)
    (Path(__file__).parent / "init.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
