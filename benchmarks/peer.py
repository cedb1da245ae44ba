"""PyTorch's side of environment/benchmark: the same networks, weights and batch, trained as PyTorch users do.

A server: it reads one command a line from stdin, tab-separated, does it, and answers one line on stdout: `ok` and what was asked for, or
`error` and why. Between two commands it waits for input and uses no processor. It needs torch 2 or newer and numpy; with torchvision,
its loader augments by that.

    about                                          versions and threads
    open NAME WEIGHTS DATA BATCH LAYOUT            a network; LAYOUT is contiguous or channels-last
    losses NAME RATE COUNT                         of so many SGD steps on the first batch, by a copy of the network as it was opened
    steps NAME COUNT                               trains so many steps on the first batch; seconds
    epoch NAME WORKERS                             trains an epoch on all of DATA by a loader with worker processes; seconds
    close NAME
"""

import argparse
import json
import os
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

SIDE = 32
MEAN = torch.tensor([0.4914, 0.4822, 0.4465]).reshape(3, 1, 1)
STD = torch.tensor([0.2023, 0.1994, 0.2010]).reshape(3, 1, 1)


class Basic(nn.Module):
    """conv, norm, relu, conv, norm, plus the input, relu. Option A where a stage begins: every second pixel, zero channels around."""

    def __init__(self, before, inner, out, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(before, inner, 3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(inner)
        self.conv2 = nn.Conv2d(inner, out, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out)
        self.added = out - before
        self.stride = stride

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        if self.stride == 2:
            half = self.added // 2
            x = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, half, self.added - half))
        return F.relu(y + x)


class CifarResNet(nn.Module):
    """Of any inner widths: they are read off the weights."""

    def __init__(self, weights):
        super().__init__()
        stem = weights["conv1.weight"].shape
        self.conv1 = nn.Conv2d(stem[1], stem[0], 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(stem[0])
        before = stem[0]
        for stage in (1, 2, 3):
            blocks = []
            while f"layer{stage}.{len(blocks)}.conv1.weight" in weights:
                name = f"layer{stage}.{len(blocks)}"
                inner = weights[name + ".conv1.weight"].shape[0]
                out = weights[name + ".conv2.weight"].shape[0]
                blocks.append(Basic(before, inner, out, 2 if stage > 1 and not blocks else 1))
                before = out
            setattr(self, f"layer{stage}", nn.Sequential(*blocks))
        self.linear = nn.Linear(before, weights["linear.weight"].shape[0])

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.linear(x.mean((2, 3)))


class Vgg(nn.Module):
    """VGG-16 with batch norm: max pools behind the 2nd, 4th, 7th and 10th convolution, then a mean, a hidden layer, the classifier."""

    def __init__(self, weights):
        super().__init__()
        for i in range(1, 14):
            shape = weights[f"conv{i}.weight"].shape
            setattr(self, f"conv{i}", nn.Conv2d(shape[1], shape[0], 3, padding=1, bias=False))
            setattr(self, f"bn{i}", nn.BatchNorm2d(shape[0]))
        hidden, last = weights["hidden.weight"].shape
        self.hidden = nn.Linear(last, hidden)
        self.hidden_bn = nn.BatchNorm1d(hidden)
        self.linear = nn.Linear(hidden, weights["linear.weight"].shape[0])

    def forward(self, x):
        for i in range(1, 14):
            x = F.relu(getattr(self, f"bn{i}")(getattr(self, f"conv{i}")(x)))
            if i in (2, 4, 7, 10):
                x = F.max_pool2d(x, 2)
        return self.linear(F.relu(self.hidden_bn(self.hidden(x.mean((2, 3))))))


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


def read_data(path):
    """Images of 32 x 32 x 3 bytes, then a byte for each label."""
    everything = np.fromfile(path, dtype=np.uint8)
    count = everything.size // (SIDE * SIDE * 3 + 1)
    return everything[:-count].reshape(count, SIDE, SIDE, 3), everything[-count:].astype(np.int64)


class Augmented(torch.utils.data.Dataset):
    """Image by image, by torchvision as its CIFAR10 does it, or by the same in numpy and torch where that isn't installed."""

    def __init__(self, pixels, labels):
        self.pixels = pixels
        self.labels = labels
        if torchvision:
            self.transform = torchvision.transforms.Compose([
                torchvision.transforms.RandomCrop(SIDE, padding=4), torchvision.transforms.RandomHorizontalFlip(),
                torchvision.transforms.ToTensor(), torchvision.transforms.Normalize(MEAN.flatten().tolist(), STD.flatten().tolist())])

    def __len__(self):
        return len(self.pixels)

    def __getitem__(self, i):
        image = self.transform(Image.fromarray(self.pixels[i])) if torchvision else self.without_torchvision(self.pixels[i])
        return image, int(self.labels[i])

    @staticmethod
    def without_torchvision(image):
        image = np.pad(image, ((4, 4), (4, 4), (0, 0)))
        top, left = torch.randint(0, 9, (2,)).tolist()
        image = image[top:top + SIDE, left:left + SIDE]
        if torch.rand(1).item() < 0.5:
            image = image[:, ::-1]
        tensor = torch.from_numpy(np.ascontiguousarray(image)).permute(2, 0, 1).contiguous().float().div(255)
        return tensor.sub_(MEAN).div_(STD)


class Opened:
    """A network in training, with what it trains on."""

    def __init__(self, weights, data, batch, layout, compiled, device):
        self.device = torch.device(device)
        self.weights = read_safetensors(weights)
        self.pixels, self.labels = read_data(data)
        self.batch = int(batch)
        self.format = {"contiguous": torch.contiguous_format, "channels-last": torch.channels_last}[layout]
        self.compiled = compiled
        self.model, self.sgd = self.build(0.001)
        self.x, self.y = self.first_batch()
        self.loader = None

    def build(self, rate):
        model = (Vgg if "hidden.weight" in self.weights else CifarResNet)(self.weights)
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
