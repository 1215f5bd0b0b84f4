"""What a PyTorch user does today: the Jacobian of every example by vmap(jacrev), of LeNet with 10 outputs.

    apt-get install python3-torch libopenblas0-pthread
    python3 functorch_jacobian.py N      N: number of images 32x32x3
Prints "ready", or what is missing; then, for every line read, the seconds of one run. All cores are used.
"""
import os, sys, time, warnings
warnings.filterwarnings("ignore")
try:
    import torch
    import torch.nn as nn
except ImportError:
    sys.exit(print("this Python has no PyTorch"))
try:
    from torch.func import functional_call, jacrev, vmap
except ImportError:
    try:
        from functorch import jacrev, make_functional_with_buffers, vmap
        functional_call = None
    except ImportError:
        sys.exit(print("this PyTorch has no functorch"))
torch.set_num_threads(len(os.sched_getaffinity(0)))
torch.manual_seed(0)

net = nn.Sequential(nn.Conv2d(3, 6, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
                    nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)).eval()
x = torch.randn(int(sys.argv[1]), 3, 32, 32)
if functional_call:
    params, buffers = dict(net.named_parameters()), dict(net.named_buffers())
    one = lambda p, b, x: functional_call(net, (p, b), (x[None],))[0]
else:
    f, params, buffers = make_functional_with_buffers(net)
    one = lambda p, b, x: f(p, b, x[None])[0]
jacobian = vmap(jacrev(one), (None, None, 0))
print("ready", flush=True)
for _ in sys.stdin:
    start = time.perf_counter()
    result = jacobian(params, buffers, x)
    print(time.perf_counter() - start, flush=True)
    del result
