#!/usr/bin/env python3
"""The same training steps in PyTorch, float32 with TF32 off: forward, backward and SGD with momentum on one batch of noise.
    python3 bench/pytorch.py [--networks resnet18,...] [--batch 128] [--rounds 5] [--steps 20] [--device cuda] [--out FILE]
Prints one JSON object, and writes it to FILE after every network; run it in the same sitting as `npm run bench` on the same card.
"""
import argparse
import json
import os
import time

import torch
from torch import nn
from torch.nn import functional as F


def conv_norm(inputs, outputs, kernel, stride):
    return nn.Sequential(nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(outputs))


class Block(nn.Module):
    """Residual: two 3x3 convolutions, or 1x1, 3x3 and 1x1 to four times the width."""

    def __init__(self, inputs, width, stride, bottleneck):
        super().__init__()
        outputs = 4 * width if bottleneck else width
        parts = [(width, 1, 1), (width, 3, stride), (outputs, 1, 1)] if bottleneck else [(width, 3, stride), (width, 3, 1)]
        body = []
        last = inputs
        for outs, kernel, by in parts:
            body += [conv_norm(last, outs, kernel, by), nn.ReLU()]
            last = outs
        self.body = nn.Sequential(*body[:-1])
        self.shortcut = conv_norm(inputs, outputs, 1, stride) if stride != 1 or inputs != outputs else nn.Identity()

    def forward(self, x):
        return F.relu(self.body(x) + self.shortcut(x))


def resnet(layers, widths, channels, bottleneck=False, imagenet=False, classes=10):
    if imagenet:
        stem = [nn.Conv2d(channels, widths[0], 7, 2, 3, bias=False), nn.BatchNorm2d(widths[0]), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
    else:
        stem = [conv_norm(channels, widths[0], 3, 1), nn.ReLU()]
    blocks = []
    inputs = widths[0]
    for stage, (count, width) in enumerate(zip(layers, widths)):
        for index in range(count):
            blocks.append(Block(inputs, width, 2 if stage > 0 and index == 0 else 1, bottleneck))
            inputs = 4 * width if bottleneck else width
    return nn.Sequential(*stem, *blocks, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, classes))


class Attention(nn.Module):
    """A token never attends to itself, and the temperature is learned."""

    def __init__(self, dim, heads, dim_head, tokens):
        super().__init__()
        self.heads = heads
        self.norm = nn.LayerNorm(dim)
        self.to_qkv = nn.Linear(dim, 3 * heads * dim_head, bias=False)
        self.temperature = nn.Parameter(torch.log(torch.tensor(dim_head**-0.5)))
        self.to_out = nn.Linear(heads * dim_head, dim)
        self.register_buffer("diagonal", torch.eye(tokens, dtype=torch.bool), persistent=False)

    def forward(self, x):
        n, tokens, _ = x.shape
        q, k, v = (part.view(n, tokens, self.heads, -1).transpose(1, 2) for part in self.to_qkv(self.norm(x)).chunk(3, -1))
        scores = q @ k.transpose(2, 3) * self.temperature.exp()
        mixed = scores.masked_fill(self.diagonal, -torch.finfo(scores.dtype).max).softmax(-1) @ v
        return self.to_out(mixed.transpose(1, 2).reshape(n, tokens, -1))


class Vit(nn.Module):
    """The ViT for small data: shifted patches, attention without the token itself."""

    def __init__(self, image, patch, dim, depth, heads, dim_head, mlp, classes=10, channels=3):
        super().__init__()
        self.patch = patch
        tokens = (image // patch) ** 2 + 1
        length = 5 * channels * patch**2
        self.embed = nn.Sequential(nn.LayerNorm(length), nn.Linear(length, dim))
        self.cls_token = nn.Parameter(torch.randn(1, 1, dim))
        self.pos_embedding = nn.Parameter(torch.randn(1, tokens, dim))
        self.attentions = nn.ModuleList(Attention(dim, heads, dim_head, tokens) for _ in range(depth))
        self.mlps = nn.ModuleList(
            nn.Sequential(nn.LayerNorm(dim), nn.Linear(dim, mlp), nn.GELU(), nn.Linear(mlp, dim)) for _ in range(depth)
        )
        self.head = nn.Sequential(nn.LayerNorm(dim), nn.Linear(dim, classes))

    def forward(self, images):
        n, _, height, width = images.shape
        padded = F.pad(images, (1, 1, 1, 1))
        moved = [padded[:, :, y : y + height, x : x + width] for y, x in [(1, 0), (1, 2), (0, 1), (2, 1)]]
        p = self.patch
        patches = torch.cat([images, *moved], 1).view(n, -1, height // p, p, width // p, p)
        tokens = self.embed(patches.permute(0, 2, 4, 3, 5, 1).reshape(n, (height // p) * (width // p), -1))
        x = torch.cat([self.cls_token.expand(n, -1, -1), tokens], 1) + self.pos_embedding
        for attention, mlp in zip(self.attentions, self.mlps):
            x = x + attention(x)
            x = x + mlp(x)
        return self.head(x[:, 0])


# Network, channels and side of its images, batch: those of `bench/cases.ts` on a GPU.
NETWORKS = {
    "resnet8": (lambda: resnet([1, 1, 1], [16, 32, 64], 1), 1, 28, 64),
    "resnet18": (lambda: resnet([2, 2, 2, 2], [64, 128, 256, 512], 3), 3, 32, 128),
    "vit-192x4": (lambda: Vit(32, 8, 192, 4, 3, 64, 576), 3, 32, 128),
    "resnet50": (lambda: resnet([3, 4, 6, 3], [64, 128, 256, 512], 3, bottleneck=True, imagenet=True), 3, 128, 64),
}


def measure(name, options):
    build, channels, side, batch = NETWORKS[name]
    batch = options.batch or batch
    cuda = options.device.startswith("cuda")
    torch.manual_seed(0)
    if cuda:
        torch.cuda.reset_peak_memory_stats()
    model = build().to(options.device)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    images = torch.rand(batch, channels, side, side, device=options.device)
    labels = torch.randint(10, (batch,), device=options.device)

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
    return {
        "network": name, "parameters": sum(p.numel() for p in model.parameters()), "batch": batch,
        "firstStepSeconds": first, "medianMilliseconds": 1000 * median, "imagesPerSecond": batch / median,
        "peakBytes": torch.cuda.max_memory_allocated() if cuda else None,
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--networks", default=",".join(NETWORKS), help="separated by commas")
    parser.add_argument("--batch", type=int, help="another batch than the bench's")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=20, help="steps a round")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--out", help="file for the result")
    options = parser.parse_args()
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    torch.backends.cudnn.benchmark = True
    device = torch.cuda.get_device_name() if options.device.startswith("cuda") else "CPU"
    result = {"torch": torch.__version__, "device": device, "networks": []}
    for name in options.networks.split(","):
        result["networks"].append(measure(name, options))
        if options.out:
            with open(options.out + ".draft", "w") as file:
                json.dump(result, file, indent=2)
            os.replace(options.out + ".draft", options.out)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
