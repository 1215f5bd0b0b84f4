"""The convolutional tangent kernel of infinite width (3 x 3 convolutions, stride 1, zero padding, ReLU, W_std = sqrt(2),
no biases) with plain PyTorch operations, float32: one covariance tensor of all pairs of positions for each layer, as an
implementation that works operation by operation does it. Images of 32 x 32 x 3.

    apt-get install python3-torch
    python3 torch_cntk.py gap|flatten|myrtle N BLOCK [DEPTH]
Prints one line of JSON. BLOCK images with BLOCK images at a time. All cores are used.
"""
import json, math, resource, sys, time
import torch

stack, n, block = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
depth = int(sys.argv[4]) if len(sys.argv) > 4 else 5
if stack == "myrtle":
    PLAN = ["conv", "relu", "conv", "relu", "pool", "conv", "relu", "pool", "conv", "relu", "pool", "pool", "pool"]
else:
    PLAN = ["conv", "relu"] * depth


def along(k, p, q):
    """The sum of the three shifts that move the axes p and q together."""
    out = k.clone()
    size = k.shape[p]
    for to, start in ((0, 1), (1, 0)):
        part = k.narrow(p, start, size - 1).narrow(q, start, size - 1)
        out.narrow(p, to, size - 1).narrow(q, to, size - 1).add_(part)
    return out


def conv(k):
    return (2 / 9) * along(along(k, 2, 4), 3, 5)


def pool(k):
    sides = [length for side in k.shape[2:] for length in (side // 2, 2)]
    return k.reshape(*k.shape[:2], *sides).mean((3, 5, 7, 9))


def relu(k, deviations):
    cosine = (k / deviations).clamp(-1, 1)
    rest = math.pi - torch.acos(cosine)
    return deviations * ((1 - cosine * cosine).sqrt() + rest * cosine) / (2 * math.pi), rest / (2 * math.pi)


def deviations_of(x):
    """The square root of K(x, x)[p, p] before every ReLU."""
    k = torch.einsum("nhwc,nijc->nhwij", x, x)[:, None] / 3
    found = []
    for layer in PLAN:
        if layer == "conv":
            k = conv(k)
        elif layer == "pool":
            k = pool(k)
        else:
            s = torch.einsum("nhwhw->nhw", k[:, 0]).sqrt()
            found.append(s)
            k, _ = relu(k, s[:, None, :, :, None, None] * s[:, None, None, None])
    return found


x = torch.randn(n, 32, 32, 3, generator=torch.Generator().manual_seed(0))
s = [torch.cat(parts) for parts in zip(*(deviations_of(x[i:i + 4]) for i in range(0, n, 4)))]
start, pairs, trace = time.perf_counter(), 0, 0.0
for i in range(0, n, block):
    for j in range(i, n, block):
        k = torch.einsum("nhwc,mijc->nmhwij", x[i:i + block], x[j:j + block]) / 3
        theta, layer_of = torch.zeros_like(k), 0
        for layer in PLAN:
            if layer == "conv":
                k = conv(k)
                theta = k + conv(theta)
            elif layer == "pool":
                k, theta = pool(k), pool(theta)
            else:
                a, b = s[layer_of][i:i + block], s[layer_of][j:j + block]
                k, slope = relu(k, a[:, None, :, :, None, None] * b[None, :, None, None])
                theta, layer_of = theta * slope, layer_of + 1
        both = 2 * (k + theta)
        tile = both.mean((2, 3, 4, 5)) if stack == "gap" else torch.einsum("nmhwhw->nm", both) / (both.shape[2] * both.shape[3])
        pairs += tile.numel()
        if i == j:
            trace += float(tile.trace())
seconds = time.perf_counter() - start
print(json.dumps({
    "peer": "torch", "stack": stack, "n": n, "block": block, "seconds": seconds, "ms_per_pair": 1e3 * seconds / pairs,
    "trace": trace, "peak_rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
}))
