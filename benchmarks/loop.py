"""The grid of benchmarks/runs-per-hour as a plain PyTorch loop: one run after another, with PyTorch's default number of threads.

Random images: only the time counts. The whole data set lies in memory as tensors and is augmented by the batch, which is faster than the
usual loader; evaluation before the first epoch and after every one, as on the other side.
"""

import argparse
import time

import torch
import torch.nn.functional as F
from torch import nn


class Block(nn.Module):
    def __init__(self, before, inner, out, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(before, inner, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(inner)
        self.conv2 = nn.Conv2d(inner, out, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(out)
        self.half = (out - before) // 2

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        if self.half:
            x = F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.half, self.half))
        return F.relu(y + x)


def network(depth, kept):
    layers, before = [nn.Conv2d(1, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU()], 16
    for out in (16, 32, 64):
        for _ in range((depth - 2) // 6):
            layers.append(Block(before, int(out * kept), out, 1 if out == before else 2))
            before = out
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


def augmented(images):
    """Crops of the images padded by 4, flipped by a coin."""
    n, side = len(images), images.shape[-1]
    padded = F.pad(images, (4, 4, 4, 4))
    rows = torch.randint(0, 9, (n, 1), device=images.device) + torch.arange(side, device=images.device)
    columns = torch.randint(0, 9, (n, 1), device=images.device) + torch.arange(side, device=images.device)
    columns = torch.where(torch.rand(n, 1, device=images.device) < 0.5, columns.flip(1), columns)
    return padded[torch.arange(n, device=images.device)[:, None, None], 0, rows[:, :, None], columns[:, None, :]][:, None]


def evaluate(model, x, y):
    model.eval()
    with torch.no_grad():
        return sum((model(a).argmax(1) == b).sum() for a, b in zip(x.split(250), y.split(250))).item()


def run(options):
    model = network(options.depth, options.kept).to(options.device)
    x, y = torch.rand(options.train, 1, 28, 28, device=options.device), torch.randint(0, 10, (options.train,), device=options.device)
    x_test, y_test = torch.rand(options.test, 1, 28, 28, device=options.device), torch.randint(0, 10, (options.test,), device=options.device)
    if options.channels_last:
        model, x_test = model.to(memory_format=torch.channels_last), x_test.contiguous(memory_format=torch.channels_last)
    sgd = torch.optim.SGD(model.parameters(), lr=0.001, momentum=0.9, weight_decay=1e-4)
    steps = options.epochs * ((options.train + 63) // 64)
    schedule = torch.optim.lr_scheduler.OneCycleLR(sgd, 0.1, total_steps=steps, pct_start=0.1, div_factor=100, final_div_factor=100)
    evaluate(model, x_test, y_test)
    for _ in range(options.epochs):
        model.train()
        for batch in torch.randperm(options.train, device=options.device).split(64):
            sgd.zero_grad()
            images = augmented(x[batch])
            if options.channels_last:
                images = images.contiguous(memory_format=torch.channels_last)
            F.cross_entropy(model(images), y[batch]).backward()
            sgd.step()
            schedule.step()
        evaluate(model, x_test, y_test)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, kind in (("runs", int), ("depth", int), ("kept", float), ("epochs", int), ("train", int), ("test", int)):
        parser.add_argument("--" + name, type=kind, required=True)
    parser.add_argument("--channels-last", action="store_true")
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"])
    options = parser.parse_args()
    torch.backends.cudnn.benchmark = True
    began = time.perf_counter()
    for _ in range(options.runs):
        run(options)
    print(f"PyTorch {torch.__version__}, {options.device}, {torch.get_num_threads()} threads: {options.runs} runs in {time.perf_counter() - began:.1f} s")


if __name__ == "__main__":
    main()
