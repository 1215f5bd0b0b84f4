"""What a PyTorch user does today: the full empirical tangent kernel by vmap(jacrev) and a contraction per parameter,
block against block; memory forces to compute the Jacobians of the second block anew for every pair of blocks.

    apt-get install python3-torch libopenblas0-pthread
    python3 functorch_ntk.py NETWORK N BLOCK [WIDTH]      NETWORK: mlp | lenet | resnet9 | resnet18
Prints one line of JSON, or what is missing. A small kernel is computed first, outside the timing. All cores are used.
"""
import json, os, resource, sys, time, warnings
warnings.filterwarnings("ignore")
try:
    import torch
    import torch.nn as nn
    import torch.nn.functional as F
except ImportError:
    sys.exit("this Python has no PyTorch")
try:
    from torch.func import functional_call, jacrev, vmap
except ImportError:
    try:
        from functorch import jacrev, make_functional_with_buffers, vmap
        functional_call = None
    except ImportError:
        sys.exit("this PyTorch has no functorch")

OUTPUTS = 10


class Block(nn.Module):
    """relu(bn(conv(relu(bn(conv x)))) + shortcut x)"""

    def __init__(self, before, channels, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(before, channels, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(channels)
        same = stride == 1 and before == channels
        self.shortcut = nn.Identity() if same else nn.Sequential(
            nn.Conv2d(before, channels, 1, stride, bias=False), nn.BatchNorm2d(channels))

    def forward(self, x):
        y = F.relu(self.norm1(self.conv1(x)))
        return F.relu(self.norm2(self.conv2(y)) + self.shortcut(x))


def resnet(blocks, width):
    layers = [nn.Conv2d(3, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU()]
    before = width
    for stage in range(4):
        for block in range(blocks):
            layers.append(Block(before, width << stage, 2 if stage > 0 and block == 0 else 1))
            before = width << stage
    return nn.Sequential(*layers, nn.AvgPool2d(4), nn.Flatten(), nn.Linear(before, OUTPUTS))


def lenet():
    return nn.Sequential(nn.Conv2d(3, 6, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
                         nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, OUTPUTS))


def mlp(width):
    return nn.Sequential(nn.Flatten(), nn.Linear(3072, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, OUTPUTS))


NETWORKS = {
    "mlp": lambda width: mlp(width or 1024),
    "lenet": lambda width: lenet(),
    "resnet9": lambda width: resnet(1, width or 64),
    "resnet18": lambda width: resnet(2, width or 64),
}
if len(sys.argv) < 4 or sys.argv[1] not in NETWORKS:
    sys.exit("usage: functorch_ntk.py NETWORK N BLOCK [WIDTH], NETWORK one of " + ", ".join(NETWORKS))
name, n, block = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
torch.set_num_threads(len(os.sched_getaffinity(0)))
torch.manual_seed(0)
net = NETWORKS[name](int(sys.argv[4]) if len(sys.argv) > 4 else 0).eval()
if functional_call:
    params, buffers = dict(net.named_parameters()), dict(net.named_buffers())
    one = lambda p, b, x: functional_call(net, (p, b), (x[None],))[0]
else:
    f, params, buffers = make_functional_with_buffers(net)
    one = lambda p, b, x: f(p, b, x[None])[0]


def jacobian(x):
    """For every parameter (examples * outputs, size)."""
    j = vmap(jacrev(one), (None, None, 0))(params, buffers, x)
    return [v.detach().flatten(2).flatten(0, 1) for v in (j.values() if isinstance(j, dict) else j)]


def kernel(x):
    """The upper blocks of the kernel; those below the diagonal stay zero."""
    theta = torch.zeros(OUTPUTS * len(x), OUTPUTS * len(x))
    for i in range(0, len(x), block):
        left = jacobian(x[i:i + block])
        for k in range(i, len(x), block):
            tile = sum(a @ b.T for a, b in zip(left, jacobian(x[k:k + block])))
            theta[OUTPUTS * i:OUTPUTS * i + tile.shape[0], OUTPUTS * k:OUTPUTS * k + tile.shape[1]] = tile
    return theta


x = torch.randn(n, 3, 32, 32)
kernel(torch.randn(min(n, block, 8), 3, 32, 32))
start = time.perf_counter()
theta = kernel(x)
seconds = time.perf_counter() - start
print(json.dumps({
    "peer": "functorch", "network": name, "n": n, "block": block, "outputs": OUTPUTS,
    "parameters": sum(p.numel() for p in net.parameters()), "seconds": seconds,
    "ms_per_pair": 1e3 * seconds / (n * (n + 1) / 2), "trace": theta.diagonal().sum().item(),
    "peak_rss_bytes": 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, "torch": torch.__version__,
    "threads": torch.get_num_threads()}))
