"""What PyTorch says of the encoders: the values at every level for made weights and a made picture.

The four networks are written here after their papers in plain torch.nn, with torchvision's names.
Weights and picture follow from names and places by a formula (`made`), which the test in C++ has
too, so that no weights need be stored. Prints JSON; Debian's python3-torch runs it:

  /usr/bin/python3 tests/reference/encoders.py > tests/nn/encoder_levels.json
"""
import json
import math
from collections import OrderedDict

import numpy as np
import torch
from torch import nn

PICTURE = (2, 3, 64, 96)
SHOWN = 24  # values of each level that are written down


def made(name, count):
    """`count` numbers in 0 … 1 that follow from the name: FNV-1a, then a 32-bit mixing."""
    seed = 2166136261
    for byte in name.encode():
        seed = (seed ^ byte) * 16777619 % 2**32
    with np.errstate(over="ignore"):
        x = np.uint32(seed) + np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B9)
        x = (x ^ (x >> 16)) * np.uint32(0x7FEB352D)
        x = (x ^ (x >> 15)) * np.uint32(0x846CA68B)
        x = x ^ (x >> 16)
    return (x >> 8).astype(np.float64) / 2**24


def made_tensor(name, shape):
    count = int(np.prod(shape))
    u = made(name, count)
    if len(shape) == 4:  # a variance that keeps values at their size through ReLUs
        value = (2 * u - 1) * math.sqrt(6 / np.prod(shape[1:]))
    elif name.endswith("running_var") or name.endswith("weight"):
        value = 0.5 + u
    else:
        value = (2 * u - 1) * 0.3
    return torch.from_numpy(value.astype(np.float32).reshape(shape))


def vgg16():
    layers, before = [], 3
    for channels, count in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(count):
            layers += [nn.Conv2d(before, channels, 3, padding=1), nn.ReLU()]
            before = channels
        layers.append(nn.MaxPool2d(2))
    net = nn.Sequential(OrderedDict(features=nn.Sequential(*layers)))
    return net, [f"features.{i}" for i in (3, 8, 15, 22, 29, 30)]


class Residual(nn.Module):
    """A block of ResNet: `kernels` and `widths` of its convolutions, the stride in one of them."""

    def __init__(self, before, widths, kernels, stride, strided):
        super().__init__()
        self.count = len(widths)
        after = before
        for i, (width, kernel) in enumerate(zip(widths, kernels), 1):
            step = stride if i == strided else 1
            conv = nn.Conv2d(after, width, kernel, step, kernel // 2, bias=False)
            setattr(self, f"conv{i}", conv)
            setattr(self, f"bn{i}", nn.BatchNorm2d(width))
            after = width
        self.downsample = None
        if stride != 1 or before != after:
            self.downsample = nn.Sequential(
                nn.Conv2d(before, after, 1, stride, bias=False), nn.BatchNorm2d(after))

    def forward(self, x):
        y = x
        for i in range(1, self.count + 1):
            y = getattr(self, f"bn{i}")(getattr(self, f"conv{i}")(y))
            if i < self.count:
                y = torch.relu(y)
        return torch.relu(y + (x if self.downsample is None else self.downsample(x)))


def resnet(blocks, bottleneck):
    parts = OrderedDict(conv1=nn.Conv2d(3, 64, 7, 2, 3, bias=False), bn1=nn.BatchNorm2d(64),
                        relu=nn.ReLU(), maxpool=nn.MaxPool2d(3, 2, 1))
    before = 64
    for stage, count in enumerate(blocks):
        width = 64 << stage
        widths, kernels, strided = (([width, width, 4 * width], [1, 3, 1], 2) if bottleneck else
                                    ([width, width], [3, 3], 1))
        layer = []
        for i in range(count):
            layer.append(Residual(before, widths, kernels, 2 if stage and not i else 1, strided))
            before = widths[-1]
        parts[f"layer{stage + 1}"] = nn.Sequential(*layer)
    return nn.Sequential(parts), ["relu", "layer1", "layer2", "layer3", "layer4"]


class ConvNormRelu(nn.Sequential):
    def __init__(self, before, after, kernel, stride=1, groups=1, tensorflow=False):
        one_sided = tensorflow and stride == 2
        conv = nn.Conv2d(before, after, kernel, stride, 0 if one_sided else kernel // 2,
                         groups=groups, bias=False)
        super().__init__(conv, nn.BatchNorm2d(after), nn.ReLU6())
        self.one_sided = one_sided

    def forward(self, x):
        return super().forward(nn.functional.pad(x, (0, 1, 0, 1)) if self.one_sided else x)


class InvertedResidual(nn.Module):
    def __init__(self, before, after, stride, expansion, tensorflow):
        super().__init__()
        wide = before * expansion
        parts = [ConvNormRelu(before, wide, 1)] if expansion != 1 else []
        parts += [ConvNormRelu(wide, wide, 3, stride, wide, tensorflow),
                  nn.Conv2d(wide, after, 1, bias=False), nn.BatchNorm2d(after)]
        self.conv = nn.Sequential(*parts)
        self.sums = stride == 1 and before == after

    def forward(self, x):
        return x + self.conv(x) if self.sums else self.conv(x)


def mobilenet_v2(tensorflow=False):
    layers, before = [ConvNormRelu(3, 32, 3, 2, tensorflow=tensorflow)], 32
    for expansion, channels, count, stride in ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2),
                                               (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2),
                                               (6, 320, 1, 1)):
        for i in range(count):
            layers.append(InvertedResidual(before, channels, stride if i == 0 else 1, expansion,
                                           tensorflow))
            before = channels
    layers.append(ConvNormRelu(before, 1280, 1))
    net = nn.Sequential(OrderedDict(features=nn.Sequential(*layers)))
    return net, [f"features.{i}" for i in (1, 3, 6, 13, 17, 18)]


def measured(net, levels):
    net.eval()
    state = net.state_dict()
    for name, tensor in state.items():
        if not name.endswith("num_batches_tracked"):
            tensor.copy_(made_tensor(name, tuple(tensor.shape)))
    values = {}
    for name in levels:
        net.get_submodule(name).register_forward_hook(
            lambda _module, _input, output, name=name: values.__setitem__(name, output))
    picture = torch.from_numpy(
        (4 * made("picture", int(np.prod(PICTURE))) - 2).astype(np.float32).reshape(PICTURE))
    with torch.no_grad():
        net(picture)
    described = []
    for name in levels:
        value = values[name].contiguous().double().flatten().numpy()
        places = (made("places of " + name, SHOWN) * value.size).astype(np.int64)
        described.append({
            "node": name,
            "shape": list(values[name].shape),
            "largest": float(np.abs(value).max()),
            "magnitude": float(np.abs(value).sum()),
            # A sum in which every value counts, each with its own weight.
            "projection": float((value * (2 * made("projection", value.size) - 1)).sum()),
            "places": places.tolist(),
            "values": [float(v) for v in value[places]],
        })
    return {"parameters": sum(p.numel() for p in net.parameters()), "levels": described}


def main():
    torch.set_num_threads(1)
    networks = {
        "vgg16": vgg16(),
        "resnet18": resnet((2, 2, 2, 2), bottleneck=False),
        "resnet50": resnet((3, 4, 6, 3), bottleneck=True),
        "mobilenet_v2": mobilenet_v2(),
        "mobilenet_v2_tf": mobilenet_v2(tensorflow=True),
    }
    found = {"torch": torch.__version__, "picture": PICTURE}
    found["encoders"] = {name: measured(*network) for name, network in networks.items()}
    text = json.dumps(found)
    print(text.replace(', {"node"', ',\n  {"node"').replace('"levels": [', '"levels": [\n  '))


if __name__ == "__main__":
    main()
