"""Fits the scorer of marks and writes it as ONNX. Wants PyTorch and onnxscript, which Paperchain itself does not.

`python script/training/train_marks.py --fit FIT.npz... --prove PROVE.npz --out forms/models/marks.onnx`

The network sees one window (4 × 70 × 100, see forms/views.py) and says which of seven things lies in the box. It is small
on purpose: five layers of convolution, about 60,000 numbers, a few hundred kilobytes.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

CLASSES = ["empty", "ticked", "crossed", "filled", "cancelled", "doubtful", "beside"]


class Scorer(nn.Module):
    """Windows (uint8, n × 4 × 70 × 100) → scores of the seven classes (n × 7), before any softmax."""

    def __init__(self) -> None:
        super().__init__()
        sizes = [(4, 16, 2), (16, 32, 1), (32, 40, 2), (40, 56, 2), (56, 64, 1)]
        layers: list[nn.Module] = []
        for before, after, step in sizes:
            layers += [nn.Conv2d(before, after, 3, step, 1, bias=False), nn.BatchNorm2d(after), nn.ReLU()]
        self.body = nn.Sequential(*layers)
        self.narrow = nn.Conv2d(64, 12, 1)
        self.head = nn.Sequential(
            nn.Dropout(0.2), nn.Linear(12 * 9 * 13 + 64, 48), nn.ReLU(), nn.Linear(48, len(CLASSES))
        )

    def forward(self, windows: torch.Tensor) -> torch.Tensor:
        """See the class."""
        seen = self.body(windows.float() / 255.0)
        whole = seen.amax(dim=(2, 3))
        return self.head(torch.cat([self.narrow(seen).flatten(1), whole], 1))


def varied(windows: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """The windows a little moved, lighter or darker, softer, noisier; print and boxes stay where they are."""
    out = windows.float()
    page = out[:, :1]
    gain = torch.from_numpy(rng.uniform(0.75, 1.3, (len(out), 1, 1, 1)).astype(np.float32))
    page = (page * gain + torch.randn_like(page) * float(rng.uniform(0, 7))).clamp(0, 255)
    if rng.random() < 0.25:
        page = functional.avg_pool2d(page, 3, 1, 1)
    dx, dy = (int(v) for v in rng.integers(-1, 2, 2))
    page = torch.roll(page, (dy, dx), (2, 3))
    out = torch.cat([page, out[:, 1:]], 1)
    if rng.random() < 0.35:  # a hand leans either way
        out = out.flip(3)
    return out


def load(paths: list[Path]) -> tuple[torch.Tensor, torch.Tensor]:
    """Windows and classes of several files."""
    held = [np.load(path) for path in paths]
    views = np.concatenate([one["views"] for one in held])
    return torch.from_numpy(views), torch.from_numpy(np.concatenate([one["classes"] for one in held]))


def main() -> None:
    """Fits, prints how it does on the other set, writes the model."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--fit", type=Path, nargs="+", required=True)
    parser.add_argument("--prove", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=14)
    told = parser.parse_args()
    torch.manual_seed(3)
    rng = np.random.default_rng(3)
    windows, classes = load(told.fit)
    proof, proof_classes = load([told.prove])
    counts = torch.bincount(classes, minlength=len(CLASSES)).float()
    weights = (counts.sum() / counts.clamp(min=1)).pow(0.25)
    weights /= weights.mean()
    model = Scorer()
    steps = told.rounds * (len(windows) // 128)
    chooser = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=2e-3)
    plan = torch.optim.lr_scheduler.OneCycleLR(chooser, 4e-3, total_steps=steps + 1)
    for turn in range(told.rounds):
        model.train()
        order = torch.from_numpy(rng.permutation(len(windows)))
        total = 0.0
        for start in range(0, len(order) - 127, 128):
            chosen = order[start : start + 128]
            scores = model(varied(windows[chosen], rng))
            loss = functional.cross_entropy(scores, classes[chosen], weight=weights, label_smoothing=0.0)
            chooser.zero_grad()
            loss.backward()
            chooser.step()
            plan.step()
            total += float(loss.detach())
        report(turn, total / max(1, len(order) // 128), model, proof, proof_classes)
    model.eval()
    told.out.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        model, (torch.zeros(2, 4, 70, 100, dtype=torch.uint8),), str(told.out), input_names=["windows"],
        output_names=["scores"], dynamic_axes={"windows": {0: "n"}, "scores": {0: "n"}}, opset_version=17, dynamo=False,
    )  # fmt: skip


def report(turn: int, loss: float, model: nn.Module, proof: torch.Tensor, classes: torch.Tensor) -> None:
    """One line on the other set: how many of each class are taken for what would harm."""
    model.eval()
    with torch.no_grad():
        chances = torch.cat([model(proof[n : n + 512]).softmax(1) for n in range(0, len(proof), 512)])
    guess = chances.argmax(1)
    marked = chances[:, 1:3].sum(1)
    empty = classes == 0
    false = int(((marked > 0.99) & (empty | (classes >= 4))).sum())
    missed = int(((chances[:, 0] > 0.99) & ((classes == 1) | (classes == 2))).sum())
    unsure = int(((marked <= 0.99) & (chances[:, 0] <= 0.99) & (classes <= 2)).sum())
    plain = int((classes <= 2).sum())
    right = float((guess == classes).float().mean())
    sys.stdout.write(
        f"{turn}: loss {loss:.4f} right {right:.4f} false marks {false} missed {missed} unsure {unsure} of {plain}\n"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    main()
