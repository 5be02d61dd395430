"""Trains standard nets in PyTorch: one JSON request a line on stdin, one JSON answer a line on stdout."""

import gzip
import json
import sys
import time

try:
    import torch
except ImportError as error:
    sys.exit(f'{error} ({sys.executable})')

threads, variant, images_path = int(sys.argv[1]), sys.argv[2], sys.argv[3]
torch.set_num_threads(threads)
if variant == 'flush':
    torch.set_flush_denormal(True)

IMAGES = 16384
opener = gzip.open if images_path.endswith('.gz') else open
with opener(images_path, 'rb') as file:
    file.read(16)
    raw = torch.frombuffer(bytearray(file.read(IMAGES * 784)), dtype=torch.uint8)
inputs = ((raw.reshape(IMAGES, 784).float() / 255 - 0.1307) / 0.3081).contiguous()
labels = torch.randint(0, 10, (IMAGES,))
models = {}
print(json.dumps({'ready': True, 'torch': torch.__version__}), flush=True)


def build(request):
    widths = request['widths']
    layers = []
    for i, (a, b) in enumerate(zip(widths, widths[1:])):
        if i > 0:
            layers.append(torch.nn.ReLU())
        layers.append(torch.nn.Linear(a, b))
    model = torch.nn.Sequential(*layers)
    fused = {} if variant == 'eager' else {'fused': True}
    if request['optimizer'] == 'SGD':
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1, **fused)
    else:
        optimizer = torch.optim.Adam(model.parameters(), **fused)
    return model, optimizer


def run(model, optimizer, batch, steps):
    loss_function = torch.nn.CrossEntropyLoss()
    order = torch.randperm(IMAGES)
    begin = time.perf_counter()
    at = 0
    for _ in range(steps):
        if at + batch > IMAGES:
            at = 0
        chosen = order[at : at + batch]
        at += batch
        loss = loss_function(model(inputs[chosen]), labels[chosen])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return time.perf_counter() - begin


for line in sys.stdin:
    request = json.loads(line)
    key = request['name']
    if key not in models:
        models.clear()
        models[key] = build(request)
        run(*models[key], request['batch'], min(request['steps'], 20))
    seconds = run(*models[key], request['batch'], request['steps'])
    print(json.dumps({'seconds': seconds, 'steps': request['steps']}), flush=True)
