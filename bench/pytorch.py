#!/usr/bin/env python3
"""The same training step in PyTorch, float32 with TF32 off: ResNet-18 with the CIFAR stem, SGD with momentum, batch 128 of noise.
    python3 bench/pytorch.py [--batch 128] [--rounds 5] [--steps 20] [--device cuda]
Prints one JSON object; run it in the same sitting as `npm run bench` on the same card.
"""
import argparse
import json
import time

import torch
from torch import nn
from torch.nn import functional as F


class Block(nn.Module):
    def __init__(self, inputs, width, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.downsample = None
        if stride != 1:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, width, 1, stride, bias=False), nn.BatchNorm2d(width))

    def forward(self, x):
        residual = x if self.downsample is None else self.downsample(x)
        y = F.relu(self.bn1(self.conv1(x)))
        return F.relu(self.bn2(self.conv2(y)) + residual)


def resnet18(classes=10):
    layers = [nn.Conv2d(3, 64, 3, 1, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU()]
    inputs = 64
    for stage, width in enumerate([64, 128, 256, 512]):
        layers += [Block(inputs, width, 1 if stage == 0 else 2), Block(width, width, 1)]
        inputs = width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, classes))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=20, help="steps a round")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    options = parser.parse_args()
    cuda = options.device.startswith("cuda")
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    torch.backends.cudnn.benchmark = True
    torch.manual_seed(0)
    model = resnet18().to(options.device)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    images = torch.rand(options.batch, 3, 32, 32, device=options.device)
    labels = torch.randint(10, (options.batch,), device=options.device)

    def timed(steps):
        start = time.perf_counter()
        for _ in range(steps):
            optimizer.zero_grad(set_to_none=True)
            F.cross_entropy(model(images), labels).backward()
            optimizer.step()
        if cuda:
            torch.cuda.synchronize()
        return (time.perf_counter() - start) / steps

    first = timed(1)
    times = sorted(timed(options.steps) for _ in range(options.rounds))
    median = times[len(times) // 2]
    result = {
        "torch": torch.__version__, "device": torch.cuda.get_device_name() if cuda else "CPU",
        "network": "resnet18", "parameters": sum(p.numel() for p in model.parameters()), "batch": options.batch,
        "firstStepSeconds": first, "medianMilliseconds": 1000 * median, "imagesPerSecond": options.batch / median,
        "peakBytes": torch.cuda.max_memory_allocated() if cuda else None,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
