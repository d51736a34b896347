"""PyTorch で、この教材の2つのネットワークの1ステップの時間を測ります。

  python scripts/bench/peer.py fc 4 32 128

バッチサイズごとに1行の JSON を出します。データは乱数です(時間だけを測るため)。
"""
import json
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn.functional import cross_entropy


def build(name):
    if name == "fc":
        return nn.Sequential(
            nn.Flatten(), nn.Linear(3072, 128), nn.Sigmoid(), nn.Linear(128, 64), nn.Sigmoid(), nn.Linear(64, 10)
        )
    return nn.Sequential(
        nn.Conv2d(3, 6, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10),
    )  # fmt: skip


def measure(name, batch_size, warm_up=30, steps=200):
    torch.manual_seed(0)
    network = build(name)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.001, momentum=0.9)
    images = torch.rand(1000, 3, 32, 32) * 2 - 1
    labels = torch.randint(0, 10, (1000,))
    times = []
    for _ in range(warm_up + steps):
        start = time.perf_counter()
        index = torch.randint(0, 1000, (batch_size,))
        optimizer.zero_grad()
        loss = cross_entropy(network(images[index]), labels[index])
        loss.backward()
        optimizer.step()
        loss.item()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times[warm_up:])


for size in map(int, sys.argv[2:]):
    row = {"engine": f"PyTorch {torch.__version__}", "net": sys.argv[1], "batchSize": size, "ms": measure(sys.argv[1], size)}
    row["threads"] = torch.get_num_threads()
    print(json.dumps(row), flush=True)
