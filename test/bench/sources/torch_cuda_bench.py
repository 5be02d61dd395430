"""Trains nets in PyTorch on a GPU: one JSON request a line on stdin, one JSON answer a line on stdout.

torch_cuda_bench.py VARIANT IMAGES SECONDS [--device cpu]

VARIANT  eager    as a tutorial writes it
         fused    the optimizer's fused kernels
         compile  torch.compile over model and loss, fused optimizer
         graph    the whole step, batch selection and optimizer included, as one CUDA graph
IMAGES   the training images of MNIST as IDX file, plain or gzipped
SECONDS  about how long a measurement lasts
--device cpu: eager, fused and compile without a GPU, to try the script

All images lie on the device as float32, and the host waits for nothing within a measurement.
"""

import argparse
import gzip
import json
import sys
import time

parser = argparse.ArgumentParser()
parser.add_argument('variant', choices=['eager', 'fused', 'compile', 'graph'])
parser.add_argument('images')
parser.add_argument('seconds', type=float)
parser.add_argument('--device', choices=['cuda', 'cpu'], default='cuda')
arguments = parser.parse_args()

try:
    import torch
except ImportError as error:
    sys.exit(f'no PyTorch: {error} ({sys.executable})')
if arguments.device == 'cuda' and not torch.cuda.is_available():
    sys.exit(f'no CUDA: PyTorch {torch.__version__} sees no GPU ({sys.executable})')
if arguments.device == 'cpu' and arguments.variant == 'graph':
    sys.exit('no CUDA: CUDA graphs need a GPU')

device = torch.device(arguments.device)
IMAGES = 60_000
opener = gzip.open if arguments.images.endswith('.gz') else open
with opener(arguments.images, 'rb') as file:
    file.read(16)
    raw = torch.frombuffer(bytearray(file.read(IMAGES * 784)), dtype=torch.uint8)
inputs = ((raw.reshape(IMAGES, 784).float() / 255 - 0.1307) / 0.3081).to(device)
labels = torch.randint(0, 10, (IMAGES,), device=device)
loss_function = torch.nn.CrossEntropyLoss()


def synchronize():
    if device.type == 'cuda':
        torch.cuda.synchronize()


def build(request):
    widths = request['widths']
    layers = []
    for i, (a, b) in enumerate(zip(widths, widths[1:])):
        if i > 0:
            layers.append(torch.nn.ReLU())
        layers.append(torch.nn.Linear(a, b))
    model = torch.nn.Sequential(*layers).to(device)
    options = {} if arguments.variant == 'eager' else {'fused': True}
    if request['optimizer'] == 'SGD':
        return model, torch.optim.SGD(model.parameters(), lr=0.1, **options)
    if arguments.variant == 'graph':
        options['capturable'] = True
    return model, torch.optim.Adam(model.parameters(), **options)


def stepping(request):
    """A function that takes so many steps on shuffled batches."""
    model, optimizer = build(request)
    batch = request['batch']
    order = torch.randperm(IMAGES, device=device)
    forward = lambda x, y: loss_function(model(x), y)
    if arguments.variant == 'compile':
        forward = torch.compile(forward)
    if arguments.variant == 'graph':
        return graphed(model, optimizer, forward, order, batch)
    at = 0

    def run(steps):
        nonlocal at
        for _ in range(steps):
            if at + batch > IMAGES:
                at = 0
            chosen = order[at : at + batch]
            at += batch
            loss = forward(inputs[chosen], labels[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    return run


def graphed(model, optimizer, forward, order, batch):
    """The counter lives on the GPU, so that a step is one launch."""
    counter = torch.zeros((), dtype=torch.long, device=device)
    lanes = torch.arange(batch, device=device)

    def step():
        chosen = order[(counter + lanes) % IMAGES]
        counter.add_(batch)
        optimizer.zero_grad(set_to_none=True)
        forward(inputs[chosen], labels[chosen]).backward()
        optimizer.step()

    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(3):
            step()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step()

    def run(steps):
        for _ in range(steps):
            graph.replay()

    return run


def timed(run, steps):
    synchronize()
    begin = time.perf_counter()
    run(steps)
    synchronize()
    return time.perf_counter() - begin


def steps_for(run):
    """As many steps as last about as long as asked for."""
    steps = 1
    while True:
        seconds = timed(run, steps)
        if seconds >= arguments.seconds / 4:
            return max(1, round(steps * arguments.seconds / seconds))
        steps = min(steps * 4, max(steps + 1, round(steps * arguments.seconds / max(seconds, 1e-6))))


name = torch.cuda.get_device_name(device) if device.type == 'cuda' else 'cpu'
print(json.dumps({'ready': True, 'torch': torch.__version__, 'device': name}), flush=True)
known = {}
for line in sys.stdin:
    request = json.loads(line)
    key = request['name']
    if key not in known:
        known.clear()
        run = stepping(request)
        run(10)
        known[key] = run, steps_for(run)
    run, steps = known[key]
    print(json.dumps({'seconds': timed(run, steps), 'steps': steps}), flush=True)
