"""Writes the golden numbers beside this script; run with torch 2.13 (CPU): python generate_optim.py.

They add to optim.json and schedulers.json what those leave out: two parameter groups, every compound scheduler,
cycled momentum, the less common options, float32, L-BFGS on Rosenbrock's function, clipping, max-norm and averaged weights.
Each entry holds the spec in the workbench's own words beside the numbers that torch answered.
"""
import json
import pathlib

import torch
from torch.optim import lr_scheduler as S
from torch.optim.swa_utils import SWALR, AveragedModel, get_ema_avg_fn

HERE = pathlib.Path(__file__).parent
START = {"weight": [[0.5, -0.3, 0.8, 0.1], [-0.6, 0.2, 0.05, -0.9], [1.2, -1.1, 0.4, 0.0]], "bias": [0.1, -0.2, 0.3, 0.0]}


def start(dtype, tall=False):
    weight = torch.tensor(START["weight"], dtype=dtype)
    return [torch.nn.Parameter(w) for w in (weight.T.contiguous() if tall else weight, torch.tensor(START["bias"], dtype=dtype))]


def write_gradients(parameters, step):
    for p in parameters:
        index = torch.arange(p.numel(), dtype=torch.float64).view_as(p)
        p.grad = (0.7 * p.detach() + (0.1 * torch.sin(step + index)).to(p.dtype)).to(p.dtype)


def snake(name):
    return "".join("_" + c.lower() if c.isupper() else c for c in name)


def make_optimizer(spec, groups):
    options = {snake(k): v for k, v in spec.items() if k not in ("type", "others")}
    return getattr(torch.optim, spec["type"])(groups, **options)


SCHEDULERS = {name: getattr(S, name) for name in S.__all__ if name != "LRScheduler"} | {"SWALR": SWALR}
TORCH_NAMES = {"tMax": "T_max", "t0": "T_0", "tMult": "T_mult"}
EXPRESSIONS = {
    "power": lambda x: lambda e: x["base"] ** e,
    "inverse": lambda x: lambda e: 1 / (1 + x["decay"] * e),
    "constant": lambda x: lambda e: x["value"],
}


def make_scheduler(spec, optimizer):
    options = {TORCH_NAMES.get(k, snake(k)): v for k, v in spec.items() if k not in ("type", "monitor")}
    if "lr_lambda" in options:
        options["lr_lambda"] = EXPRESSIONS[options["lr_lambda"]["kind"]](options["lr_lambda"])
    if spec["type"] == "ChainedScheduler":
        return S.ChainedScheduler([make_scheduler(m, optimizer) for m in spec["schedulers"]])
    if spec["type"] == "SequentialLR":
        members = [make_scheduler(m, optimizer) for m in spec["schedulers"]]
        return S.SequentialLR(optimizer, members, spec["milestones"])
    return SCHEDULERS[spec["type"]](optimizer, **options)


def schedule_trace(spec, optimizer_spec, steps=50, metrics=None):
    weight, bias = start(torch.float64)
    optimizer = make_optimizer(optimizer_spec, [{"params": [weight]}, {"params": [bias], "lr": 0.03}])
    scheduler = make_scheduler(spec, optimizer)
    lrs, momenta = [], []
    for step in range(steps):
        groups = optimizer.param_groups
        lrs.append([g["lr"] for g in groups])
        momenta.append(groups[0].get("momentum", groups[0].get("betas", [None])[0]))
        optimizer.step()
        scheduler.step(*([metrics[step]] if metrics else []))
    return {"spec": spec, "optimizer": optimizer_spec, "lrs": lrs, "momenta": momenta} | ({"metrics": metrics} if metrics else {})


def schedules():
    sgd = {"type": "SGD", "lr": 0.1, "momentum": 0.9}
    adam = {"type": "Adam", "lr": 0.1}
    constant = {"type": "ConstantLR", "factor": 0.25, "totalIters": 4}
    linear = {"type": "LinearLR", "startFactor": 0.1, "endFactor": 0.8, "totalIters": 6}
    power = {"type": "LambdaLR", "lrLambda": {"kind": "power", "base": 0.97}}
    times = {"type": "MultiplicativeLR", "lrLambda": {"kind": "inverse", "decay": 0.01}}
    step = {"type": "StepLR", "stepSize": 7, "gamma": 0.5}
    multi = {"type": "MultiStepLR", "milestones": [3, 3, 11, 30], "gamma": 0.5}
    exponential = {"type": "ExponentialLR", "gamma": 0.95}
    polynomial = {"type": "PolynomialLR", "totalIters": 30, "power": 1.5}
    cosine = {"type": "CosineAnnealingLR", "tMax": 9, "etaMin": 0.002}
    restarts = {"type": "CosineAnnealingWarmRestarts", "t0": 4, "tMult": 2, "etaMin": 0.001}
    cyclic = {"type": "CyclicLR", "baseLr": 0.001, "maxLr": 0.1, "stepSizeUp": 6, "stepSizeDown": 9, "mode": "triangular2"}
    one = {"type": "OneCycleLR", "maxLr": 0.2, "totalSteps": 50, "pctStart": 0.25, "divFactor": 10, "finalDivFactor": 100}
    swa = {"type": "SWALR", "swaLr": 0.05, "annealEpochs": 6}
    leaves = [constant, linear, power, times, step, multi, exponential, polynomial, cosine, restarts, cyclic, swa]
    yield from (schedule_trace(spec, sgd) for spec in [*leaves, one])
    for spec in ({"annealStrategy": "linear"}, {"annealEpochs": 0}):
        yield schedule_trace(swa | spec, sgd)
    yield schedule_trace(cosine | {"tMax": 1}, sgd)
    yield schedule_trace(restarts | {"tMult": 1}, sgd)
    for spec in (cyclic, cyclic | {"mode": "exp_range", "gamma": 0.9}, one, one | {"threePhase": True, "annealStrategy": "linear"}):
        yield schedule_trace(spec, adam)
    for spec in (cyclic | {"cycleMomentum": False}, one | {"cycleMomentum": False, "pctStart": 0.0}):
        yield schedule_trace(spec, {"type": "Adagrad", "lr": 0.1})
    per_epoch = [spec for spec in leaves if spec is not cyclic]
    for first in per_epoch:
        for second in per_epoch:
            yield schedule_trace({"type": "SequentialLR", "schedulers": [first, second], "milestones": [5]}, sgd, steps=16)
    yield schedule_trace({"type": "SequentialLR", "schedulers": [linear, cosine, exponential], "milestones": [6, 20]}, sgd)
    yield schedule_trace({"type": "SequentialLR", "schedulers": [linear, cosine, step], "milestones": [0, 20]}, sgd)
    yield schedule_trace({"type": "SequentialLR", "schedulers": [cyclic, one], "milestones": [15]}, sgd)
    for pair in ([constant, exponential], [linear, step, cosine], [power, multi], [restarts, exponential], [times, polynomial]):
        yield schedule_trace({"type": "ChainedScheduler", "schedulers": pair}, sgd)
    sequential = {"type": "SequentialLR", "schedulers": [linear, exponential], "milestones": [8]}
    yield schedule_trace({"type": "ChainedScheduler", "schedulers": [sequential, step]}, sgd)
    yield schedule_trace({"type": "ChainedScheduler", "schedulers": [constant, sequential]}, sgd)
    plateau = {"type": "ReduceLROnPlateau", "monitor": "valLoss", "patience": 1, "factor": 0.3}
    wave = [1 + 0.5 * float(torch.sin(torch.tensor(0.4 * i, dtype=torch.float64))) for i in range(50)]
    for spec in ({}, {"mode": "max"}, {"thresholdMode": "abs", "threshold": 0.1}, {"mode": "max", "thresholdMode": "abs"}, {"cooldown": 3, "minLr": 0.004}, {"eps": 0.02}):
        yield schedule_trace(plateau | spec, sgd, metrics=wave)


def optimizer_trace(spec, dtype, scheduler=None, tall=False, steps=12):
    parameters = start(dtype, tall)[: 1 if spec["type"] == "Muon" else 2]
    optimizer = make_optimizer(spec, parameters)
    schedule = make_scheduler(scheduler, optimizer) if scheduler else None
    for step in range(1, steps + 1):
        write_gradients(parameters, step)
        optimizer.step()
        if schedule:
            schedule.step()
    return {
        "spec": spec,
        "dtype": str(dtype).removeprefix("torch."),
        "tall": tall,
        "steps": steps,
        "values": [p.detach().flatten().tolist() for p in parameters],
    } | ({"scheduler": scheduler} if scheduler else {})


def optimizers():
    plain = [
        {"type": "SGD", "lr": 0.1, "momentum": 0.9, "nesterov": True, "weightDecay": 0.01},
        {"type": "SGD", "lr": 0.1, "momentum": 0.9, "dampening": 0.3},
        {"type": "Adam", "lr": 0.01, "betas": [0.3, 0.7], "amsgrad": True, "weightDecay": 0.1},
        {"type": "AdamW", "lr": 0.01, "weightDecay": 0.1},
        {"type": "NAdam", "lr": 0.01, "momentumDecay": 0.1},
        {"type": "RAdam", "lr": 0.01, "weightDecay": 0.1, "betas": [0.8, 0.9]},
        {"type": "Adamax", "lr": 0.01, "weightDecay": 0.1},
        {"type": "Adagrad", "lr": 0.1, "lrDecay": 0.1, "initialAccumulatorValue": 0.1},
        {"type": "Adadelta", "weightDecay": 0.01},
        {"type": "RMSprop", "lr": 0.01, "momentum": 0.9, "centered": True, "weightDecay": 0.01},
        {"type": "Rprop", "lr": 0.05, "etas": [0.3, 1.5], "stepSizes": [0.01, 0.1]},
        {"type": "ASGD", "lr": 0.1, "t0": 3, "lambd": 0.01, "weightDecay": 0.1},
        {"type": "Adafactor", "lr": 0.1, "weightDecay": 0.01, "eps": [0.05, 0.01], "d": 1.5, "beta2Decay": -0.5},
    ]
    for dtype in (torch.float64, torch.float32):
        torch.set_default_dtype(dtype)
        for spec in plain:
            yield optimizer_trace(spec, dtype, steps=50)
            yield optimizer_trace(spec | {"maximize": True}, dtype)
        one = {"type": "OneCycleLR", "maxLr": 0.05, "totalSteps": 12}
        for spec in ({"type": "SGD"}, {"type": "RMSprop"}, {"type": "AdamW"}, {"type": "NAdam"}, {"type": "RAdam"}, {"type": "Adamax"}):
            yield optimizer_trace(spec, dtype, scheduler=one)
        for name in ("ASGD", "Rprop", "NAdam"):
            yield optimizer_trace({"type": name, "lr": 0.1}, dtype, scheduler={"type": "LinearLR", "startFactor": 0.1, "totalIters": 8})
        for tall in (False, True):
            yield optimizer_trace({"type": "Muon", "lr": 0.05, "adjustLrFn": "match_rms_adamw"}, dtype, tall=tall)
            yield optimizer_trace({"type": "Muon", "lr": 0.05, "nesterov": False, "weightDecay": 0, "nsSteps": 3}, dtype, tall=tall)
    torch.set_default_dtype(torch.float32)


def rosenbrock(size, options, dtype, steps=6):
    x = torch.nn.Parameter(torch.tensor([(-1.2, 1.0)[i % 2] for i in range(size)], dtype=dtype))
    optimizer = torch.optim.LBFGS([x], **{snake(k): v for k, v in options.items()})
    evaluations = 0

    def closure():
        nonlocal evaluations
        evaluations += 1
        optimizer.zero_grad()
        loss = (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()
        loss.backward()
        return loss

    trace = []
    for _ in range(steps):
        loss = optimizer.step(closure).item()
        trace.append({"loss": loss, "x": x.detach().tolist(), "evaluations": evaluations})
    return {"size": size, "options": options, "trace": trace}


def lbfgs():
    wolfe = {"lineSearchFn": "strong_wolfe"}
    for size in (2, 10):
        for options in ({"lr": 0.001}, wolfe, wolfe | {"lr": 0.1, "maxIter": 4}, wolfe | {"historySize": 2, "maxEval": 7}, wolfe | {"lr": 30, "maxIter": 3}):
            yield rosenbrock(size, options, torch.float64)


def others():
    torch.set_default_dtype(torch.float64)
    parameters = start(torch.float64)
    write_gradients(parameters, 1)
    grads = [p.grad.clone() for p in parameters]

    def clipped(clip, limit):
        for p, g in zip(parameters, grads):
            p.grad = g.clone()
        norm = clip(parameters, limit)
        return {"limit": limit, "norm": None if norm is None else norm.item(), "grads": [p.grad.flatten().tolist() for p in parameters]}

    def averaged(**options):
        layer = torch.nn.Linear(4, 3)
        layer.weight.data = start(torch.float64)[0].data.clone()
        model = AveragedModel(layer, **options)
        for _ in range(4):
            model.update_parameters(layer)
            layer.weight.data = layer.weight.data * 0.5 + 0.1
        return model.module.weight.flatten().tolist()

    return {
        "clip_grad_norm_": [clipped(torch.nn.utils.clip_grad_norm_, limit) for limit in (0.5, 100.0)],
        "clip_grad_value_": [clipped(torch.nn.utils.clip_grad_value_, limit) for limit in (0.2,)],
        "renorm": {"limit": 1.1, "weight": torch.renorm(parameters[0].detach(), 2, 0, 1.1).flatten().tolist()},
        "SWA": averaged(),
        "EMA": {"decay": 0.8, "weight": averaged(avg_fn=get_ema_avg_fn(0.8))},
    }


def write(name, numbers):
    document = {"torch": torch.__version__, "numbers": numbers}
    (HERE / f"{name}.json").write_text(json.dumps(document, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    write("optim-schedules", list(schedules()))
    write("optim-options", list(optimizers()))
    write("optim-lbfgs", list(lbfgs()))
    write("optim-clip-average", others())
