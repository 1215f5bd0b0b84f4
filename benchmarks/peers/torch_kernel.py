"""An independent full empirical tangent kernel, in float64, by plain automatic differentiation: one backward pass per
example and output, and the products of the gradients.

    apt-get install python3-torch libopenblas0-pthread
    python3 torch_kernel.py ZOO NETWORK [WIDTH]      NETWORK: lenet | resnet9
ZOO is graphs/src/test/resources/reference/zoo.json, which lists the layers of each network in running order, and its logits
for weights and an image given by formulas. The network is built from its description, filled with those weights, and
its logits are compared with the file's before anything else. WIDTH is that of resnet9, 64 in the file.

The kernel is of four images 32x32x3, x_i[h, w, c] = sin((0.3 + 0.05 i) h + (0.2 + 0.03 i) w + c), of which the first is
that of the file; of all 10 outputs; over all trainable parameters, among them scale and shift of batch norms but not
their statistics, in inference mode. Rows and columns are example-major, then output. Prints one line of JSON,
its numbers with all digits that distinguish them.
"""
import json, math, sys
import torch
import torch.nn as nn
import torch.nn.functional as F

EXAMPLES = 4


class Formulas:
    """Makes layers one after another in running order; the position L of a layer enters its weights."""

    def __init__(self):
        self.made = []

    def conv(self, inputs, outputs, size, stride, pad, bias):
        layer = nn.Conv2d(inputs, outputs, size, stride, pad, bias=bias)
        o, i, a, b = torch.meshgrid(*(torch.arange(float(n)) for n in layer.weight.shape), indexing="ij")
        angle = 1 + len(self.made) + 0.7 * o + 1.3 * i * (1 + 0.01 * o) + 2.1 * a + 3.7 * b
        self.fill(layer.weight, math.sqrt(2 / (inputs * size * size)) * math.sqrt(2) * torch.sin(angle))
        return self.add(layer)

    def linear(self, inputs, outputs):
        layer = nn.Linear(inputs, outputs)
        o, i = torch.meshgrid(torch.arange(float(outputs)), torch.arange(float(inputs)), indexing="ij")
        angle = 1 + len(self.made) + 0.7 * o + 1.3 * i * (1 + 0.01 * o)
        self.fill(layer.weight, math.sqrt(1 / inputs) * math.sqrt(2) * torch.sin(angle))
        return self.add(layer)

    def norm(self, channels):
        layer = nn.BatchNorm2d(channels, eps=1e-5)
        c, at = torch.arange(float(channels)), len(self.made)
        self.fill(layer.weight, 1 + 0.1 * torch.sin(at + c))
        self.fill(layer.bias, 0.1 * torch.cos(at + c))
        self.fill(layer.running_mean, 0.05 * torch.sin(at + 2 * c))
        self.fill(layer.running_var, 1 + 0.2 * torch.cos(at + 3 * c) ** 2)
        self.made.append(["batch_norm", [channels]])
        return layer

    def add(self, layer):
        if layer.bias is not None:
            self.fill(layer.bias, 0.1 * torch.cos(len(self.made) + 0.5 * torch.arange(float(len(layer.bias)))))
        kind = "linear" if isinstance(layer, nn.Linear) else "conv"
        self.made.append([kind, list(layer.weight.shape)])
        return layer

    @staticmethod
    def fill(parameter, values):
        with torch.no_grad():
            parameter.copy_(values)


class LeNet(nn.Module):
    """Twice 5 x 5 convolution, relu, 2 x 2 maximum; then 120, 84 and 10 outputs."""

    def __init__(self, make):
        super().__init__()
        self.conv1 = make.conv(3, 6, 5, 1, 0, True)
        self.conv2 = make.conv(6, 16, 5, 1, 0, True)
        self.fc1 = make.linear(400, 120)
        self.fc2 = make.linear(120, 84)
        self.fc3 = make.linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc3(F.relu(self.fc2(F.relu(self.fc1(x.flatten(1))))))


class Block(nn.Module):
    """relu(norm(conv(relu(norm(conv x)))) + x), with x projected where the shape changes."""

    def __init__(self, make, before, channels, stride):
        super().__init__()
        self.body = nn.Sequential(
            make.conv(before, channels, 3, stride, 1, False), make.norm(channels), nn.ReLU(),
            make.conv(channels, channels, 3, 1, 1, False), make.norm(channels))
        self.shortcut = nn.Sequential()
        if stride != 1 or before != channels:
            self.shortcut = nn.Sequential(make.conv(before, channels, 1, stride, 0, False), make.norm(channels))

    def forward(self, x):
        return F.relu(self.body(x) + self.shortcut(x))


class ResNet9(nn.Module):
    """A convolution, one block in each of four stages of w, 2w, 4w, 8w channels, the mean over pixels, 10 outputs."""

    def __init__(self, make, width):
        super().__init__()
        self.first = nn.Sequential(make.conv(3, width, 3, 1, 1, False), make.norm(width), nn.ReLU())
        channels = [width, width, 2 * width, 4 * width, 8 * width]
        self.stages = nn.Sequential(*(Block(make, channels[k], channels[k + 1], min(k, 1) + 1) for k in range(4)))
        self.last = make.linear(8 * width, 10)

    def forward(self, x):
        return self.last(self.stages(self.first(x)).mean((2, 3)))


def build(name, width):
    make = Formulas()
    net = LeNet(make) if name == "lenet" else ResNet9(make, width)
    return net.eval(), make.made


def image(i):
    c, h, w = torch.meshgrid(torch.arange(3.0), torch.arange(32.0), torch.arange(32.0), indexing="ij")
    return torch.sin((0.3 + 0.05 * i) * h + (0.2 + 0.03 * i) * w + c)


def shape_in_file(layer):
    kind, about = layer
    if kind == "conv":
        return [kind, [about["out"], about["in"] // about["groups"], about["k"], about["k"]]]
    return [kind, [about["channels"]] if kind == "batch_norm" else [about["out"], about["in"]]]


def check(zoo, name):
    """Parameters, layers and logits against the file's, at the file's width."""
    expected = zoo["models"][name]
    net, made = build(name, 64)
    if sum(p.numel() for p in net.parameters()) != expected["parameters"]:
        sys.exit("the network has not as many parameters as the one in the file")
    if made != [shape_in_file(layer) for layer in expected["layers"]]:
        sys.exit("the layers are not those in the file")
    logits = net(image(0)[None])[0]
    wanted = torch.tensor(expected["logits"])
    error = ((logits - wanted).abs().max() / wanted.abs().max()).item()
    if not error <= 1e-9:
        sys.exit("the logits differ from the file's by %g of the largest" % error)
    return error


def gradients(net, x):
    """(examples * outputs, parameters), row by row."""
    parameters = list(net.parameters())
    rows = []
    for example in x:
        for output in range(10):
            parts = torch.autograd.grad(net(example[None])[0, output], parameters)
            rows.append(torch.cat([part.flatten() for part in parts]))
    return torch.stack(rows)


if len(sys.argv) < 3 or sys.argv[2] not in ("lenet", "resnet9"):
    sys.exit("usage: torch_kernel.py ZOO lenet|resnet9 [WIDTH]")
torch.set_default_dtype(torch.float64)
name, width = sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 64
with open(sys.argv[1]) as file:
    logits_error = check(json.load(file), name)
net, made = build(name, width)
x = torch.stack([image(i) for i in range(EXAMPLES)])
jacobian = gradients(net, x)
theta = jacobian @ jacobian.T
print(json.dumps({
    "network": name, **({"width": width} if name == "resnet9" else {}), "examples": EXAMPLES, "outputs": 10,
    "parameters": jacobian.shape[1], "layers": made, "logits_error": logits_error, "logits": net(x).flatten().tolist(),
    "trace": theta.trace().item(), "frobenius": theta.norm().item(), "kernel": theta.flatten().tolist(), "torch": torch.__version__}))
