"""Cuts the cases of the app's parity check out of traces-float32.json: losses only, a few KB.

    python test/golden/cut_parity.py > electron/trainer/assets/parity.json
"""

import json
from pathlib import Path

NAMES = [
    "1 hidden, SGD",
    "2 hidden, SGD nesterov",
    "1 hidden, Adam",
    "4 hidden, Adam amsgrad",
    "2 hidden, AdamW groups",
    "4 hidden, RMSprop centered",
    "1 hidden, Adafactor",
    "1 hidden, Rprop",
]

traces = json.loads((Path(__file__).parent / "traces-float32.json").read_text())
cases = {case["name"]: case for case in traces["cases"]}
rows = [
    {
        "name": name,
        "spec": cases[name]["spec"],
        "losses": [float(f"{loss:.8g}") for loss in cases[name]["losses"]],
    }
    for name in NAMES
]
print('{ "torch": ' + json.dumps(traces["torch"]) + ', "cases": [')
print(",\n".join(json.dumps(row, separators=(",", ":")) for row in rows))
print("] }")
