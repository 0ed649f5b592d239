#!/usr/bin/python3
"""Every operation of networks by PyTorch (Debian's python3-torch), for tests/nn/operations_test.cpp.

    tests/reference/operations.py > tests/nn/operations_reference.json

Inputs and parameters follow from a formula that the C++ test has too, so that only outputs and
gradients are stored: element i of tensor t is 3 sin(0.7 i + 1.3 t + 0.2), in double. Parameters
count on after the inputs, in the order weight, bias, running_mean, running_var; the variance is
|that| + 0.1. The gradients are those of sum(output * w), w being the next tensor of the formula.
"""
import json
import sys

import torch
import torch.nn.functional as F


def tensor(t, shape):
    count = 1
    for n in shape:
        count *= n
    i = torch.arange(count, dtype=torch.float64)
    return (3 * torch.sin(0.7 * i + 1.3 * t + 0.2)).reshape(shape)


def convolution(x, p, s):
    left, right, top, bottom = s.get("padding", [0, 0, 0, 0])
    return F.conv2d(F.pad(x[0], (left, right, top, bottom)), p["weight"], p.get("bias"),
                    stride=s.get("stride", 1), dilation=s.get("dilation", 1),
                    groups=s.get("groups", 1))


def transposed_convolution(x, p, s):
    factor = s.get("factor", 2)
    kernel = s.get("kernel", factor)
    return F.conv_transpose2d(x[0], p["weight"], p.get("bias"), stride=factor,
                              padding=(kernel - factor) // 2)


def batch_norm(x, p, s, training=False):
    return F.batch_norm(x[0], p["running_mean"], p["running_var"], p["weight"], p["bias"],
                        training=training, momentum=s.get("momentum", 0.1),
                        eps=s.get("epsilon", 1e-5))


def max_pool(x, p, s):
    size = s.get("size", 2)
    return F.max_pool2d(x[0], size, s.get("stride", size), s.get("padding", 0))


OPERATIONS = {
    "input": lambda x, p, s: x[0],
    "convolution": convolution,
    "transposed_convolution": transposed_convolution,
    "batch_norm": batch_norm,
    "relu": lambda x, p, s: F.relu(x[0]),
    "relu6": lambda x, p, s: F.relu6(x[0]),
    "sigmoid": lambda x, p, s: torch.sigmoid(x[0]),
    "max_pool": max_pool,
    "average_pool": lambda x, p, s: F.avg_pool2d(x[0], s.get("size", 2)),
    "global_average_pool": lambda x, p, s: F.adaptive_avg_pool2d(x[0], 1),
    "upsample_bilinear": lambda x, p, s: F.interpolate(
        x[0], scale_factor=s.get("factor", 2), mode="bilinear", align_corners=False),
    "concatenate": lambda x, p, s: torch.cat(x, 1),
    "add": lambda x, p, s: x[0] + x[1],
    "multiply": lambda x, p, s: x[0] * x[1],
    "dropout": lambda x, p, s: F.dropout(x[0], s.get("probability", 0.5), training=False),
}

# operation, settings as in model.json, shapes of the inputs
CASES = [
    ("input", {"channels": 3}, [[2, 3, 4, 5]]),
    ("convolution", {"channels": 4, "kernel": 3, "padding": [1, 1, 1, 1]}, [[1, 3, 6, 6]]),
    ("convolution", {"channels": 2, "kernel": 1, "bias": False}, [[2, 5, 3, 4]]),
    ("convolution", {"channels": 4, "kernel": 3, "stride": 2, "padding": [0, 1, 0, 1]},
     [[1, 2, 8, 6]]),
    ("convolution", {"channels": 6, "kernel": 3, "padding": [1, 1, 1, 1], "groups": 6},
     [[1, 6, 5, 7]]),
    ("convolution", {"channels": 4, "kernel": 3, "padding": [2, 2, 2, 2], "dilation": 2,
                     "groups": 2}, [[2, 4, 6, 5]]),
    ("convolution", {"channels": 3, "kernel": 2, "stride": 2}, [[1, 1, 4, 6]]),
    ("convolution", {"channels": 2, "kernel": 7, "stride": 2, "padding": [3, 3, 3, 3],
                     "bias": False}, [[1, 2, 8, 6]]),
    ("convolution", {"channels": 2, "kernel": 3, "padding": [2, 2, 0, 0]}, [[1, 2, 5, 4]]),
    ("convolution", {"channels": 4, "kernel": 1, "stride": 2, "bias": False}, [[2, 3, 5, 4]]),
    ("transposed_convolution", {"channels": 3}, [[2, 4, 3, 5]]),
    ("transposed_convolution", {"channels": 1, "bias": False}, [[1, 2, 4, 4]]),
    ("transposed_convolution", {"channels": 2, "kernel": 4}, [[2, 3, 4, 5]]),
    ("transposed_convolution", {"channels": 5, "kernel": 4, "bias": False}, [[1, 1, 1, 2]]),
    ("transposed_convolution", {"channels": 1, "factor": 8, "kernel": 16}, [[1, 1, 2, 3]]),
    ("transposed_convolution", {"channels": 2, "factor": 4, "kernel": 8, "bias": False},
     [[1, 2, 3, 2]]),
    ("transposed_convolution", {"channels": 1, "factor": 4}, [[1, 2, 2, 2]]),
    ("batch_norm", {}, [[2, 3, 4, 5]]),
    ("batch_norm", {"epsilon": 0.5}, [[1, 1, 3, 2]]),
    ("relu", {}, [[2, 3, 4, 5]]),
    ("relu6", {}, [[2, 3, 4, 5]]),
    ("sigmoid", {}, [[2, 1, 4, 5]]),
    ("max_pool", {"size": 2}, [[2, 3, 4, 6]]),
    ("max_pool", {"size": 3}, [[1, 2, 7, 6]]),
    ("max_pool", {"size": 3, "stride": 2, "padding": 1}, [[1, 2, 8, 6]]),
    ("average_pool", {"size": 2}, [[2, 3, 4, 6]]),
    ("average_pool", {"size": 2}, [[1, 1, 5, 4]]),
    ("global_average_pool", {}, [[2, 3, 4, 5]]),
    ("upsample_bilinear", {"factor": 2}, [[2, 1, 3, 4]]),
    ("upsample_bilinear", {"factor": 4}, [[1, 3, 2, 3]]),
    ("concatenate", {}, [[2, 3, 4, 5], [2, 1, 4, 5], [2, 2, 4, 5]]),
    ("add", {}, [[2, 3, 4, 5], [2, 3, 4, 5]]),
    ("multiply", {}, [[2, 3, 4, 5], [2, 1, 4, 5]]),
    ("multiply", {}, [[2, 3, 4, 5], [2, 3, 4, 5]]),
    ("dropout", {"probability": 0.5}, [[2, 3, 4, 5]]),
]


def parameter_shapes(operation, s, shapes):
    channels = shapes[0][1]
    if operation == "convolution":
        weight = [s["channels"], channels // s.get("groups", 1), s["kernel"], s["kernel"]]
    elif operation == "transposed_convolution":
        kernel = s.get("kernel", s.get("factor", 2))
        weight = [channels, s["channels"], kernel, kernel]
    elif operation == "batch_norm":
        return {"weight": [channels], "bias": [channels], "running_mean": [channels],
                "running_var": [channels]}
    else:
        return {}
    return {"weight": weight, **({"bias": [s["channels"]]} if s.get("bias", True) else {})}


def numbers(values):
    return [float("%.8g" % v) for v in values.detach().flatten().tolist()]


def run(operation, settings, shapes, **more):
    x = [tensor(t, shape).requires_grad_() for t, shape in enumerate(shapes)]
    p = {}
    for name, shape in parameter_shapes(operation, settings, shapes).items():
        p[name] = tensor(len(x) + len(p), shape)
        if name == "running_var":
            p[name] = p[name].abs() + 0.1
        if not name.startswith("running"):
            p[name].requires_grad_()
    y = OPERATIONS[operation](x, p, settings, **more)
    (y * tensor(len(x) + len(p), y.shape)).sum().backward()
    leaves = x + [t for t in p.values() if t.requires_grad]
    return {"operation": operation, "settings": settings, "inputs": shapes,
            "shape": list(y.shape), "output": numbers(y),
            "gradients": [numbers(leaf.grad) for leaf in leaves]}, p


def main():
    lines = [json.dumps(run(*case)[0], separators=(",", ":")) for case in CASES]
    trained, p = run("batch_norm", {"momentum": 0.25}, [[2, 3, 4, 5]], training=True)
    trained["running_mean"] = numbers(p["running_mean"])
    trained["running_var"] = numbers(p["running_var"])
    sys.stdout.write('{"torch":%s,\n"cases":[\n%s\n],\n"batch_norm_in_training":\n%s}\n' % (
        json.dumps(torch.__version__), ",\n".join(lines),
        json.dumps(trained, separators=(",", ":"))))


if __name__ == "__main__":
    main()
