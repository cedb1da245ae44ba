"""Makes the small checkpoints beside this file with PyTorch (2.13 was used): python make_checkpoints.py

Number i of the k-th tensor is ((7 i + 3 k) % 31 - 15) / 16, which every floating-point type holds exactly.
"""
import collections
import os

import torch

here = os.path.dirname(os.path.abspath(__file__))


def numbers(k, *shape):
    i = torch.arange(int(torch.tensor(shape).prod()) if shape else 1)
    return (((7 * i + 3 * k) % 31 - 15) / 16).reshape(shape)


def resnet8():
    """depth 8, stages 2, 3, 4, pruned to 1, 2, 3 inside the blocks; one channel, two classes"""
    shapes = {"conv1.weight": (2, 1, 3, 3)}

    def norm(name, width):
        for part in ("weight", "bias", "running_mean", "running_var", "num_batches_tracked"):
            shapes[name + "." + part] = () if part == "num_batches_tracked" else (width,)

    norm("bn1", 2)
    for stage, (before, inner, out) in enumerate([(2, 1, 2), (2, 2, 3), (3, 3, 4)], 1):
        shapes[f"layer{stage}.0.conv1.weight"] = (inner, before, 3, 3)
        norm(f"layer{stage}.0.bn1", inner)
        shapes[f"layer{stage}.0.conv2.weight"] = (out, inner, 3, 3)
        norm(f"layer{stage}.0.bn2", out)
    shapes["linear.weight"] = (2, 4)
    shapes["linear.bias"] = (2,)
    state, k = collections.OrderedDict(), 0
    for name, shape in shapes.items():
        if name.endswith("num_batches_tracked"):
            state[name] = torch.tensor(1000)
        else:
            state[name] = numbers(k, *shape)
            k += 1
    return state


def old_resnet8():
    """As it was trained on several GPUs: a prefix, no counters, in a dict with other things."""
    state = collections.OrderedDict(("module." + name, tensor) for name, tensor in resnet8().items() if "num_batches" not in name)
    optimizer = torch.optim.SGD([torch.nn.Parameter(numbers(0, 2, 3))], lr=0.1, momentum=0.9)
    return {"epoch": 3, "best_prec1": numbers(0, 1).double().numpy()[0], "state_dict": state, "optimizer": optimizer.state_dict()}


def mixed():
    """Every type and memory layout that may come."""
    shared = numbers(4, 6, 5)
    return {
        "half": numbers(0, 2, 3).half(),
        "bfloat16": numbers(1, 2, 3).bfloat16(),
        "double": numbers(2, 2, 3).double(),
        "channels_last": numbers(3, 2, 3, 2, 2).to(memory_format=torch.channels_last),
        "shared": shared,
        "transposed": shared.t(),
        "rows": shared[2:4],
        "column": shared[:, 3],
        "expanded": shared[0, :1].expand(4),
        "parameter": torch.nn.Parameter(numbers(5, 3)),
        "scalar": numbers(6),
        "empty": torch.zeros(0, 3),
    }


torch.save(old_resnet8(), os.path.join(here, "legacy.th"), _use_new_zipfile_serialization=False)
torch.save(resnet8(), os.path.join(here, "zip.pt"))
torch.save(mixed(), os.path.join(here, "mixed-protocol5.pt"), pickle_protocol=5)
torch.save(mixed(), os.path.join(here, "mixed-legacy.th"), pickle_protocol=4, _use_new_zipfile_serialization=False)
