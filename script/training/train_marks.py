"""Fits the scorer of marks and writes it as ONNX. Wants PyTorch and onnx, which Paperchain itself does not.

`python script/training/train_marks.py --fit FIT.npz... --watch CALIBRATE.npz --out forms/models/marks.onnx [--closer]`

The network sees one window (4 × 70 × 100, see forms/views.py) and says which of seven things lies in the box. It is small
on purpose: five layers of convolution, 140,000 numbers, half a megabyte. `--closer`: the larger one, six layers and 444,000 numbers, that
looks again where the small one is not sure. After a few rounds most windows teach nothing more;
from then on those are shown less often and count for more, which comes to the same and takes a third of the time.
"""

import argparse
import copy
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from soft_labels import CLASSES
from soft_labels import load as loaded
from torch import nn
from torch.nn import functional

ALL_ROUNDS = 2
KEPT = 0.12
"""The share of windows already understood that is still shown in each later round."""
UNDERSTOOD = 0.03
BATCH = 128
EARLY = 5 / 9
"""The share of rounds after which the network is kept aside, to be the one half of the mean that is written in the end."""


@dataclass(frozen=True)
class Shape:
    """Layers of convolution (signs in, signs out, step), signs that are kept with their places, numbers in the layer before the last."""

    layers: tuple[tuple[int, int, int], ...]
    narrow: int
    hidden: int
    forgets: float


QUICK = Shape(((4, 16, 2), (16, 32, 1), (32, 40, 2), (40, 56, 2), (56, 64, 1)), 12, 48, 0.1)
CLOSER = Shape(((4, 24, 2), (24, 48, 1), (48, 72, 2), (72, 96, 1), (96, 112, 2), (112, 112, 1)), 16, 64, 0.15)


class Scorer(nn.Module):
    """Windows (uint8, n × 4 × 70 × 100) → scores of the seven classes (n × 7), before any softmax."""

    def __init__(self, shape: Shape = QUICK, folded: bool = False) -> None:
        """`folded`: with each layer's normalisation inside its weights, as a written network has it."""
        super().__init__()
        layers: list[nn.Module] = []
        for before, after, step in shape.layers:
            norm = [] if folded else [nn.BatchNorm2d(after)]
            layers += [nn.Conv2d(before, after, 3, step, 1, bias=folded), *norm, nn.ReLU()]
        self.body = nn.Sequential(*layers)
        last = shape.layers[-1][1]
        self.narrow = nn.Conv2d(last, shape.narrow, 1)
        self.head = nn.Sequential(
            nn.Dropout(shape.forgets), nn.Linear(shape.narrow * 9 * 13 + last, shape.hidden),
            nn.ReLU(), nn.Linear(shape.hidden, len(CLASSES)),
        )  # fmt: skip

    def forward(self, windows: torch.Tensor) -> torch.Tensor:
        """See the class."""
        seen = self.body(windows.float() / 255.0)
        whole = seen.amax(dim=(2, 3))
        return self.head(torch.cat([self.narrow(seen).flatten(1), whole], 1))


def varied(windows: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """The windows a little moved, lighter or darker, softer, grainier, thinner or fatter; print and boxes stay where they are.

    Scanners differ more than a generator thinks of: what is learnt must not hang on one kind of paper or one weight of line.
    """
    out = _zoomed(windows.float(), rng)
    page, count = _specked(out[:, :1], rng), len(out)

    def each(low: float, high: float, often: float = 1.0) -> torch.Tensor:
        """A number for each window; 0 for those that are left as they are."""
        values = rng.uniform(low, high, count) * (rng.random(count) < often)
        return torch.from_numpy(values.astype(np.float32)).view(count, 1, 1, 1)

    if rng.random() < 0.5:
        soft = functional.avg_pool2d(page, 3, 1, 1, count_include_pad=False)
        page = page + each(0.0, 0.8, 0.4) * (soft - page)
    elif rng.random() < 0.5:
        fat = functional.max_pool2d(page, 3, 1, 1)
        thin = -functional.max_pool2d(-page, 3, 1, 1)
        page = page + each(0.0, 0.45, 0.3) * (fat - page) + each(0.0, 0.45, 0.3) * (thin - page)
    page = page * each(0.6, 1.3)
    grain = functional.interpolate(torch.randn(count, 1, 35, 50), size=page.shape[2:], mode="bilinear")
    page = page + torch.randn_like(page) * each(0, 7) + grain.abs() * each(0, 16, 0.3)
    dx, dy = (int(v) for v in rng.integers(-1, 2, 2))
    page = torch.roll(page.clamp(0, 255), (dy, dx), (2, 3))
    out = torch.cat([page, out[:, 1:]], 1)
    if rng.random() < 0.35:  # a hand leans either way
        out = out.flip(3)
    return out


ZOOM, LEAN, ASIDE = 0.13, 0.03, 0.012
"""How much larger or smaller a window is shown, leant (radians), and the page moved against its blank (shares of the window)."""


def _zoomed(windows: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """Most windows as they are; some larger or smaller, as other forms print their boxes, the page a little off its blank and leant."""
    count = len(windows)
    zoom = np.where(rng.random(count) < 0.5, np.exp(rng.uniform(-ZOOM, ZOOM, count)), 1.0)

    def seen(layers: torch.Tensor, lean: np.ndarray, across: np.ndarray, down: np.ndarray) -> torch.Tensor:
        high, wide = windows.shape[2:]
        turn = np.zeros((count, 2, 3), np.float32)
        turn[:, 0, 0], turn[:, 0, 1], turn[:, 0, 2] = zoom, -lean * high / wide, across
        turn[:, 1, 0], turn[:, 1, 1], turn[:, 1, 2] = lean * wide / high, zoom, down
        where = functional.affine_grid(torch.from_numpy(turn), list(layers.shape), align_corners=False)
        return functional.grid_sample(layers, where, align_corners=False)

    still = np.zeros(count)
    some = rng.random(count) < 0.4
    page = seen(
        windows[:, :1],
        rng.normal(0, LEAN / 2, count) * some,
        rng.normal(0, ASIDE / 2, count) * some,
        rng.normal(0, ASIDE / 2, count) * some,
    )
    return torch.cat([page, seen(windows[:, 1:], still, still, still)], 1)


def _specked(page: torch.Tensor, rng: np.random.Generator) -> torch.Tensor:
    """Specks of dirt on some windows, in the box or beside it: a fifth to most of a millimetre across, fewer the larger."""
    high, wide = page.shape[2:]
    rows = torch.arange(high, dtype=torch.float32).view(1, high, 1)
    columns = torch.arange(wide, dtype=torch.float32).view(1, 1, wide)
    for n in np.flatnonzero(rng.random(len(page)) < 0.15):
        many = int(rng.integers(1, 6))
        y, x = rng.uniform(0, high, many), rng.uniform(0, wide, many)
        inside = (np.abs(y - high / 2) < high * 0.2) & (np.abs(x - wide / 2) < wide * 0.2)
        largest = np.where(inside, 1.3, 2.2)
        radius = np.minimum(rng.lognormal(-0.1, 0.4, many), largest)
        away = torch.sqrt(
            (rows - torch.from_numpy(y.astype(np.float32)).view(-1, 1, 1)) ** 2
            + (columns - torch.from_numpy(x.astype(np.float32)).view(-1, 1, 1)) ** 2
        )
        dark = (torch.from_numpy(radius.astype(np.float32)).view(-1, 1, 1) + 0.5 - away).clamp(0, 1).amax(0)
        page[n, 0] = torch.maximum(page[n, 0], dark * float(rng.uniform(120, 255)))
    return page


def load(paths: list[Path]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor, np.ndarray]:
    """Windows of several files, their first and second class, the share of the second, and what is lost of each at least.

    A window that is half one thing and half another is understood when the network says so.
    """
    views, first, second, share = (torch.from_numpy(one) for one in loaded(paths))
    least = torch.special.entr(torch.stack([share, 1 - share])).sum(0)
    return views, first, second, share, least.numpy()


def likeliest(path: Path) -> tuple[torch.Tensor, torch.Tensor]:
    """Windows of a file and the class that each is called most."""
    views, first, second, share, _ = load([path])
    return views, torch.where(share > 0.5, second, first)


def chosen(losses: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Which windows to show in a round, and how much each counts."""
    understood = losses < UNDERSTOOD
    shown = ~understood | (rng.random(len(losses)) < KEPT)
    counts = np.where(understood, 1.0 / KEPT, 1.0)
    order = rng.permutation(np.nonzero(shown)[0])
    return order, counts.astype(np.float32)


def going_on_from(path: Path, shape: Shape) -> Scorer:
    """The network of an earlier run, to be fitted further. Raises ValueError for one of another shape."""
    held = {one.name: torch.from_numpy(numpy_helper.to_array(one).copy()) for one in onnx.load(path).graph.initializer}
    model = Scorer(shape, folded=True)
    wanted = model.state_dict()
    named = {name: held[name] for name in wanted if name in held}
    # Folded layers lose their names; they stand in order.
    rest = [
        value for name, value in held.items() if name not in wanted and value.dtype.is_floating_point and value.ndim
    ]
    missing = [name for name in wanted if name not in named]
    if [tuple(wanted[name].shape) for name in missing] != [tuple(value.shape) for value in rest]:
        raise ValueError(f"{path.name} is a network of another shape")
    model.load_state_dict(named | dict(zip(missing, rest, strict=True)))
    return model


def asked_for() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--fit", type=Path, nargs="+", required=True)
    parser.add_argument("--watch", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument(
        "--on-from",
        type=Path,
        help="a network of an earlier run, to be fitted further with smaller steps; the network halfway is written",
    )
    parser.add_argument("--closer", action="store_true", help="the larger network, which looks again")
    parser.add_argument(
        "--bf16", action="store_true", help="reckon in 16 bits: 2.5 times as fast on a processor that can"
    )
    return parser.parse_args()


def main() -> None:
    """Fits, prints how it does on windows that it is not fitted on, writes the model."""
    told = asked_for()
    shape = CLOSER if told.closer else QUICK
    torch.manual_seed(told.seed)
    rng = np.random.default_rng(told.seed)
    windows, classes, others, shares, least = load(told.fit)
    watched, watched_classes = likeliest(told.watch)
    losses = np.full(len(windows), 9.0, np.float32)
    model = Scorer(shape) if told.on_from is None else going_on_from(told.on_from, shape)
    model.to(memory_format=torch.channels_last)
    fastest = 3e-3 if told.on_from is None else 1e-3
    report(-1, 0.0, 0, model, watched, watched_classes)
    slow = copy.deepcopy(model)
    early = slow
    chooser = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=2e-3)
    for turn in range(told.rounds):
        order, counts = chosen(losses, rng)
        if turn < ALL_ROUNDS:
            order, counts = rng.permutation(len(windows)), np.ones(len(windows), np.float32)
        model.train()
        total, shown = 0.0, 0
        for start in range(0, len(order) - 15, BATCH):
            done = (turn + start / len(order)) / told.rounds
            for group in chooser.param_groups:
                group["lr"] = fastest * min(1.0, 0.1 + done * told.rounds * 2) * 0.5 * (1 + np.cos(np.pi * done)) + 1e-5
            some = order[start : start + BATCH]
            shown_so = varied(windows[some], rng).contiguous(memory_format=torch.channels_last)
            with torch.autocast("cpu", torch.bfloat16, enabled=told.bf16):
                scores = model(shown_so)
            either = [
                functional.cross_entropy(scores.float(), one[some], reduction="none") for one in (classes, others)
            ]
            each = torch.lerp(*either, shares[some])
            losses[some] = each.detach().numpy() - least[some]
            weight = torch.from_numpy(np.minimum(counts[some], 4.0))
            loss = (each * weight).sum() / weight.sum()
            chooser.zero_grad()
            loss.backward()
            chooser.step()
            total += float(each.detach().sum())
            shown += len(some)
            with torch.no_grad():
                for kept, now in zip(slow.state_dict().values(), model.state_dict().values(), strict=True):
                    if kept.dtype.is_floating_point:
                        kept.lerp_(now, 0.01)
                    else:
                        kept.copy_(now)
        report(turn, total / shown, shown, slow, watched, watched_classes)
        write(slow, told.out)
        if turn + 1 == max(1, round(told.rounds * EARLY)):
            early = copy.deepcopy(slow)
    both = mean_of(early, slow)
    if told.on_from is not None:
        # Halfway between what it was and what it has become it does better than either, on windows of both kinds.
        both = mean_of(going_on_from(told.on_from, shape), both)
    report(told.rounds, 0.0, 0, both, watched, watched_classes)
    write(both, told.out)


def mean_of(one: nn.Module, other: nn.Module) -> nn.Module:
    """The network halfway between two of one run.

    On the proving set it does as well as the last, on scans made by others better: the last rounds learn the generator by heart. The two
    must have layers of one shape, both folded or neither.
    """
    both = copy.deepcopy(one)
    with torch.no_grad():
        for kept, last in zip(both.state_dict().values(), other.state_dict().values(), strict=True):
            if kept.dtype.is_floating_point:
                kept.lerp_(last, 0.5)
    return both


def write(model: nn.Module, out: Path) -> None:
    """Writes the network as it is now."""
    model = copy.deepcopy(model).to(memory_format=torch.contiguous_format).eval()
    out.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        model, (torch.zeros(2, 4, 70, 100, dtype=torch.uint8),), str(out), input_names=["windows"],
        output_names=["scores"], dynamic_axes={"windows": {0: "n"}, "scores": {0: "n"}}, opset_version=17, dynamo=False,
    )  # fmt: skip


def report(turn: int, loss: float, shown: int, model: nn.Module, watched: torch.Tensor, classes: torch.Tensor) -> None:
    """One line: how many windows of each class would be taken for what would harm."""
    model.eval()
    with torch.no_grad():
        chances = torch.cat([model(watched[n : n + 512]).softmax(1) for n in range(0, len(watched), 512)])
    marked = chances[:, 1:3].sum(1)
    empty = classes == 0
    false = int(((marked > 0.999) & (empty | (classes >= 4))).sum())
    missed = int(((chances[:, 0] > 0.99) & ((classes == 1) | (classes == 2))).sum())
    unsure = int(((marked <= 0.999) & (chances[:, 0] <= 0.99) & (classes <= 2)).sum())
    plain = int((classes <= 2).sum())
    likelihood = float(-chances[torch.arange(len(classes)), classes].clamp(min=1e-9).log().mean())
    sys.stdout.write(
        f"{turn}: shown {shown} loss {loss:.4f}; watched {likelihood:.4f}, false marks {false}, missed {missed}, unsure {unsure} of {plain}\n"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    main()
