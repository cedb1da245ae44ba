"""PyTorch's side of environment/benchmark: the same networks, weights and batch, trained as PyTorch users do.

A server: it reads one command a line from stdin, tab-separated, does it, and answers one line on stdout: `ok` and what was asked for, or
`error` and why. Between two commands it waits for input and uses no processor. It needs torch 2 or newer and numpy; with torchvision,
its loader augments by that.

    about                                          versions and threads
    open NAME GRAPH WEIGHTS DATA SIDE BATCH LAYOUT a network; LAYOUT is contiguous or channels-last
    losses NAME RATE COUNT                         of so many SGD steps on the first batch, by a copy of the network as it was opened
    steps NAME COUNT                               trains so many steps on the first batch; seconds
    evaluate NAME COUNT                            the first batch so many times, in evaluation mode; seconds
    epoch NAME WORKERS                             trains an epoch on all of DATA by a loader with worker processes; seconds
    close NAME
"""

import argparse
import json
import os
import re
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

try:
    import torchvision
    from PIL import Image
except (ImportError, RuntimeError):  # not there, or for another torch
    torchvision = None

MEAN = torch.tensor([0.4914, 0.4822, 0.4465]).reshape(3, 1, 1)
STD = torch.tensor([0.2023, 0.1994, 0.2010]).reshape(3, 1, 1)


class Graph(nn.Module):
    """A network of a layer or function for each line of a file, as Espalier writes its nodes: NAME = Op[field=value, ...][input, ...]."""

    def __init__(self, path):
        super().__init__()
        self.nodes, self.layers = [], nn.ModuleDict()
        for line in open(path):
            name, op, fields, inputs = re.fullmatch(r"(\S+) = (\w+)\[(.*?)\]\[(.*)\]\n", line).groups()
            fields = {key: value == "true" if value in ("true", "false") else int(value) for key, value in re.findall(r"(\w+)=(\w+)", fields)}
            self.nodes.append((name, op, fields, inputs.split(", ")))
        flat = set()
        for name, op, fields, inputs in self.nodes:
            if op in ("GlobalAvgPool", "Flatten", "Linear") or op in ("BatchNorm", "Relu") and inputs[0] in flat:
                flat.add(name)
            layer = self.layer(op, fields, inputs[0] in flat)
            if layer is not None:
                self.layers[name.replace(".", "/")] = layer
        taken = [name for node in self.nodes for name in node[3]]
        self.alone = {name for name in taken if taken.count(name) == 1}
        self.last = {name: place for place, node in enumerate(self.nodes) for name in node[3]}

    @staticmethod
    def layer(op, fields, flat):
        if op == "Conv2d":
            return nn.Conv2d(fields["in"], fields["out"], fields["kernel"], fields["stride"], fields["padding"], groups=fields["groups"], bias=fields["bias"])
        if op == "BatchNorm":
            return (nn.BatchNorm1d if flat else nn.BatchNorm2d)(fields["channels"])
        return nn.Linear(fields["in"], fields["out"]) if op == "Linear" else None

    def forward(self, images):
        values = {"input": images}
        for place, (name, op, fields, inputs) in enumerate(self.nodes):
            x = values[inputs[0]]
            key = name.replace(".", "/")
            if key in self.layers:
                x = self.layers[key](x)
            elif op == "Relu":
                x = F.relu(x, inplace=inputs[0] in self.alone)
            elif op == "Relu6":
                x = F.relu6(x, inplace=inputs[0] in self.alone)
            elif op == "MaxPool":
                x = F.max_pool2d(x, fields["kernel"], fields["stride"], fields["padding"])
            elif op == "AvgPool":
                x = x[:, :, ::fields["stride"], ::fields["stride"]] if fields["kernel"] == 1 else F.avg_pool2d(x, fields["kernel"], fields["stride"])
            elif op == "PadChannels":
                x = F.pad(x, (0, 0, 0, 0, fields["before"], fields["behind"]))
            elif op == "GlobalAvgPool":
                x = x.mean((2, 3))
            elif op == "Flatten":
                x = x.flatten(1)
            elif op == "Add":
                x = sum((values[other] for other in inputs[1:]), x)
            elif op == "Concat":
                x = torch.cat([values[other] for other in inputs], 1)
            else:
                raise ValueError(f"node {name}: no operation {op}")
            values[name] = x
            for other in set(inputs):
                if self.last[other] == place:
                    del values[other]
        return values[name]


def read_safetensors(path):
    """8 bytes with the length of a JSON header, the header, the numbers."""
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        numbers = bytearray(file.read())
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        if entry["dtype"] != "F32":
            raise ValueError(f"{path}: {name} is of type {entry['dtype']}, not F32")
        tensors[name] = torch.frombuffer(numbers, dtype=torch.float32, count=(end - start) // 4, offset=start).reshape(entry["shape"]).clone()
    return tensors


def read_data(path, side):
    """Images of SIDE x SIDE x 3 bytes, then a byte for each label."""
    everything = np.fromfile(path, dtype=np.uint8)
    count = everything.size // (side * side * 3 + 1)
    return everything[:-count].reshape(count, side, side, 3), everything[-count:].astype(np.int64)


class Augmented(torch.utils.data.Dataset):
    """Image by image, by torchvision as its CIFAR10 does it, or by the same in numpy and torch where that isn't installed."""

    def __init__(self, pixels, labels):
        self.pixels = pixels
        self.labels = labels
        if torchvision:
            self.transform = torchvision.transforms.Compose([
                torchvision.transforms.RandomCrop(pixels.shape[1], padding=4), torchvision.transforms.RandomHorizontalFlip(),
                torchvision.transforms.ToTensor(), torchvision.transforms.Normalize(MEAN.flatten().tolist(), STD.flatten().tolist())])

    def __len__(self):
        return len(self.pixels)

    def __getitem__(self, i):
        image = self.transform(Image.fromarray(self.pixels[i])) if torchvision else self.without_torchvision(self.pixels[i])
        return image, int(self.labels[i])

    @staticmethod
    def without_torchvision(image):
        side = image.shape[0]
        image = np.pad(image, ((4, 4), (4, 4), (0, 0)))
        top, left = torch.randint(0, 9, (2,)).tolist()
        image = image[top:top + side, left:left + side]
        if torch.rand(1).item() < 0.5:
            image = image[:, ::-1]
        tensor = torch.from_numpy(np.ascontiguousarray(image)).permute(2, 0, 1).contiguous().float().div(255)
        return tensor.sub_(MEAN).div_(STD)


class Opened:
    """A network in training, with what it trains on."""

    def __init__(self, graph, weights, data, side, batch, layout, compiled, device):
        self.device = torch.device(device)
        self.graph = graph
        # A module's name may not have a dot.
        self.weights = {"layers." + re.sub(r"\.(?=.*\.)", "/", name): tensor for name, tensor in read_safetensors(weights).items()}
        self.pixels, self.labels = read_data(data, int(side))
        self.batch = int(batch)
        self.format = {"contiguous": torch.contiguous_format, "channels-last": torch.channels_last}[layout]
        self.compiled = compiled
        self.model, self.sgd = self.build(0.001)
        self.x, self.y = self.first_batch()
        self.loader = None

    def build(self, rate):
        model = Graph(self.graph)
        # Batch norm counts its batches; the files don't, and nothing depends on it.
        left = model.load_state_dict(self.weights, strict=False)
        wrong = left.unexpected_keys + [name for name in left.missing_keys if not name.endswith("num_batches_tracked")]
        if wrong:
            raise ValueError(f"these weights don't fit the network: {wrong}")
        model = model.to(self.device, memory_format=self.format).train()
        sgd = torch.optim.SGD(model.parameters(), lr=rate, momentum=0.9, weight_decay=1e-4)
        return (torch.compile(model) if self.compiled else model), sgd

    def first_batch(self):
        images = torch.from_numpy(self.pixels[:self.batch].copy()).permute(0, 3, 1, 2).contiguous().float().div(255).sub(MEAN).div(STD)
        labels = torch.from_numpy(self.labels[:self.batch].copy())
        return images.contiguous(memory_format=self.format).to(self.device), labels.to(self.device)

    def wait(self):
        if self.device.type == "cuda":
            torch.cuda.synchronize()

    def losses(self, rate, count):
        model, sgd = self.build(float(rate))
        return [self.step(model, sgd, self.x, self.y)[1].item() for _ in range(int(count))]

    @staticmethod
    def step(model, sgd, x, y):
        sgd.zero_grad()
        logits = model(x)
        loss = F.cross_entropy(logits, y)
        loss.backward()
        sgd.step()
        return logits, loss

    def steps(self, count):
        self.wait()
        began = time.perf_counter()
        for _ in range(int(count)):
            self.step(self.model, self.sgd, self.x, self.y)
        self.wait()
        return time.perf_counter() - began

    def evaluate(self, count):
        self.model.eval()
        with torch.inference_mode():
            self.wait()
            began = time.perf_counter()
            correct = sum((self.model(self.x).argmax(1) == self.y).sum() for _ in range(int(count))).item()
            seconds = time.perf_counter() - began
        self.model.train()
        return seconds if correct >= 0 else None

    def epoch(self, workers):
        if self.loader is None:
            # Workers that stay alive spare PyTorch the start of new ones at every epoch, which a short epoch would overstate.
            workers = int(workers)
            self.loader = torch.utils.data.DataLoader(Augmented(self.pixels, self.labels), batch_size=self.batch, shuffle=True,
                                                      num_workers=workers, persistent_workers=workers > 0,
                                                      pin_memory=self.device.type == "cuda")
        began = time.perf_counter()
        loss_sum, correct = 0.0, 0
        for x, y in self.loader:
            x, y = x.to(self.device, non_blocking=True), y.to(self.device, non_blocking=True)
            if self.format == torch.channels_last:
                x = x.contiguous(memory_format=torch.channels_last)
            logits, loss = self.step(self.model, self.sgd, x, y)
            loss_sum += loss.item()
            correct += (logits.argmax(1) == y).sum().item()
        return time.perf_counter() - began


def about(device):
    on = f" on {torch.cuda.get_device_name()}" if device == "cuda" else ""
    vision = f"torchvision {torchvision.__version__}" if torchvision else "no torchvision"
    return f"PyTorch {torch.__version__}{on}, {vision}, {torch.get_num_threads()} threads, Python {sys.version.split()[0]}"


def answer(command, arguments, opened, options):
    if command == "about":
        return about(options.device)
    if command == "open":
        opened[arguments[0]] = Opened(*arguments[1:], options.compile, options.device)
        return ""
    if command == "close":
        del opened[arguments[0]]
        return ""
    network = opened[arguments[0]]
    if command == "losses":
        return " ".join(repr(loss) for loss in network.losses(*arguments[1:]))
    if command == "steps":
        return repr(network.steps(*arguments[1:]))
    if command == "evaluate":
        return repr(network.evaluate(*arguments[1:]))
    if command == "epoch":
        return repr(network.epoch(*arguments[1:]))
    raise ValueError(f"no command '{command}'")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--compile", action="store_true", help="torch.compile every network")
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    options = parser.parse_args()
    torch.backends.cudnn.benchmark = True
    torch.set_num_threads(options.threads)
    # What others print must not get between the answers.
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    opened = {}
    for line in sys.stdin:
        command, *arguments = line.rstrip("\n").split("\t")
        try:
            reply = "ok\t" + answer(command, arguments, opened, options)
        except Exception as problem:  # noqa: BLE001 whatever it is, the other side hears of it
            reply = "error\t" + f"{type(problem).__name__}: {problem}".replace("\n", " ")
        replies.write(reply + "\n")
        replies.flush()


if __name__ == "__main__":
    main()
