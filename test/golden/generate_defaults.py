"""Makes defaults.json: argument names and defaults of everything in torch that the run spec offers, by introspection.

    python test/golden/generate_defaults.py

Needs torch 2.13 (CPU). The tests never run it: they read the JSON. An entry is a list of [name, default] in torch's order; [name]
alone has none and must be given. Parameters, modules and tensors that a class acts on are left out.
"""

import inspect
import json
from pathlib import Path

import torch
from torch import nn, optim
from torch.optim import lr_scheduler, swa_utils

ACTED_ON = {"self", "params", "parameters", "optimizer", "tensor", "args", "kwargs", "model"}
LAYERS = ["Linear", "Dropout", "AlphaDropout", "BatchNorm1d", "LayerNorm", "RMSNorm"]


def arguments(target):
    named = [p for p in inspect.signature(target).parameters.values() if p.name not in ACTED_ON]
    return [[p.name] if p.default is p.empty else [p.name, p.default] for p in named]


def signatures(module, names):
    return {name: arguments(getattr(module, name)) for name in names}


def losses():
    return sorted(name for name in nn.modules.loss.__all__ if name.endswith("Loss"))


def inits():
    return sorted(name for name in dir(nn.init) if name.endswith("_") and not name.startswith("_"))


def document():
    optimizers = [name for name in optim.__all__ if isinstance(getattr(optim, name), type) and name != "Optimizer"]
    schedulers = [name for name in lr_scheduler.__all__ if name != "LRScheduler"]
    return {
        "optimizers": signatures(optim, sorted(optimizers)),
        "schedulers": signatures(lr_scheduler, sorted(schedulers)) | signatures(swa_utils, ["SWALR"]),
        "activations": signatures(nn, sorted(nn.modules.activation.__all__)),
        "layers": signatures(nn, LAYERS),
        "losses": signatures(nn, losses()),
        "init": signatures(nn.init, inits()),
        "averaging": {
            "AveragedModel": arguments(swa_utils.AveragedModel),
            "get_ema_multi_avg_fn": arguments(swa_utils.get_ema_multi_avg_fn),
        },
        "clipping": signatures(nn.utils, ["clip_grad_norm_", "clip_grad_value_"]),
    }


def main():
    parts = [f' "torch": {json.dumps(torch.__version__)}']
    for group, entries in document().items():
        lines = [f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in entries.items()]
        parts.append(f" {json.dumps(group)}: {{\n" + ",\n".join(lines) + "\n }")
    (Path(__file__).parent / "defaults.json").write_text("{\n" + ",\n".join(parts) + "\n}\n")


if __name__ == "__main__":
    main()
