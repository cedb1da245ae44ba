"""Writes sgd-golden.csv: what torch.optim.SGD does to four weights over 200 steps of one cycle. Run with any PyTorch: python sgd-golden.py"""
import math
import torch

STEPS = 200
inputs = torch.tensor([[math.sin(3 * i + j) for j in range(4)] for i in range(8)], dtype=torch.float32)
targets = torch.tensor([math.cos(i) for i in range(8)], dtype=torch.float32)

print("torch", torch.__version__)
with open("sgd-golden.csv", "w") as out:
    out.write("case,step,w0,w1,w2,w3\n")
    for case, cycle, nesterov in (("constant", False, False), ("cycled", True, False), ("nesterov", False, True)):
        weights = torch.nn.Parameter(torch.tensor([0.5, -0.25, 1.0, 2.0]))
        optimizer = torch.optim.SGD([weights], lr=0.1, momentum=0.9, weight_decay=0.05, nesterov=nesterov)
        scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.1, total_steps=STEPS, pct_start=0.1, div_factor=100,
                                                        final_div_factor=100, cycle_momentum=cycle)
        for step in range(STEPS):
            optimizer.zero_grad()
            ((inputs @ weights - targets) ** 2).mean().backward()
            optimizer.step()
            if step + 1 < STEPS:
                scheduler.step()
            if (step + 1) % 10 == 0:
                out.write(f"{case},{step + 1}," + ",".join(repr(value) for value in weights.tolist()) + "\n")
