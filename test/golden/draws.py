"""Writes draws.json: numbers drawn by torch (2.13.0, CPU) that our generators must draw too.

Run: python draws.py > draws.json
"""
import json

import torch
from torch.utils.data import DataLoader, TensorDataset, random_split

golden = {"torch": torch.__version__}


def seeded(seed, draw):
    torch.manual_seed(seed)
    return draw()


golden["uniform -0.05..0.05 seed7"] = seeded(7, lambda: torch.empty(40).uniform_(-0.05, 0.05).tolist())
golden["uniform 0.5..0.50001 seed7"] = seeded(7, lambda: torch.empty(300).uniform_(0.5, 0.50001).tolist())
golden["randn seed0 size20"] = seeded(0, lambda: torch.randn(20).tolist())
golden["seed0: randn(3), randn(16), normal_(5, 0.5) x3, rand(2)"] = seeded(
    0,
    lambda: [
        torch.randn(3).tolist(),
        torch.randn(16).tolist(),
        torch.empty(3).normal_(5, 0.5).tolist(),
        torch.rand(2).tolist(),
    ],
)
golden["int64 seed3"] = seeded(
    3, lambda: [str(torch.empty((), dtype=torch.int64).random_().item()) for _ in range(4)]
)
golden["rand seed-1"] = seeded(-1, lambda: torch.rand(4).tolist())
golden["rand seed2**40+9"] = seeded(2**40 + 9, lambda: torch.rand(4).tolist())
golden["rand seed1 after 1999"] = seeded(1, lambda: torch.rand(2002)[1999:].tolist())
order = seeded(0, lambda: torch.randperm(60000))
golden["randperm60000 seed0: first 8, last 8"] = order[:8].tolist() + order[-8:].tolist()

def loader_epochs(n, shuffle, epochs):
    """What DataLoader visits in each epoch, and one draw afterwards that shows where the generator stands."""
    loader = DataLoader(TensorDataset(torch.arange(n)), batch_size=4, shuffle=shuffle)
    return [[i for (batch,) in loader for i in batch.tolist()] for _ in range(epochs)] + [torch.rand(2).tolist()]


golden["DataLoader(10, shuffle) seed5, 2 epochs, rand(2)"] = seeded(5, lambda: loader_epochs(10, True, 2))
golden["DataLoader(10) seed5, 2 epochs, rand(2)"] = seeded(5, lambda: loader_epochs(10, False, 2))
parts = random_split(range(10), [7, 3], torch.Generator().manual_seed(7))
golden["random_split(10, [7, 3]) seed7"] = [part.indices for part in parts]
levels = torch.arange(256, dtype=torch.uint8).float().div(255)
golden["Normalize(0.1307, 0.3081) of 0..255"] = levels.sub(torch.tensor(0.1307)).div(torch.tensor(0.3081)).tolist()

print(json.dumps(golden))
