"""Learning handwritten digits: accuracy on held-out samples, and the seconds it takes.

Every contender gets the same split, the same sizes of layers, batches and number of epochs, and the same rule
of descent; each seed is another split and another beginning.
"""

from statistics import mean
from time import perf_counter
from typing import NamedTuple
from warnings import catch_warnings

import numpy as np

from bplib.errors import MissingExtra
from bplib.networks.data import digits
from bplib.networks.network import MLP
from bplib.networks.optim import SGD, Momentum, train

from .harness import Bar, Times, duration, number, show, shown
from .peers import installed, peer


class Recipe(NamedTuple):
    hidden: int
    epochs: int
    rate: float
    momentum: float
    batch: int
    accuracy: float  # the bars
    seconds: float


RECIPES = (
    Recipe(hidden=32, epochs=30, rate=0.3, momentum=0.0, batch=32, accuracy=0.970, seconds=0.5),
    Recipe(hidden=100, epochs=30, rate=0.1, momentum=0.9, batch=32, accuracy=0.977, seconds=1.0),
)

SEEDS = 5


def by_bplib():
    def learn(recipe, data, seed):
        optimiser = Momentum(recipe.rate, recipe.momentum) if recipe.momentum else SGD(recipe.rate)
        net = MLP((64, recipe.hidden, 10), rng=seed, dtype=data.x_train.dtype)
        train(
            net, data.x_train, data.t_train, epochs=recipe.epochs, batch_size=recipe.batch,
            optimiser=optimiser, rng=seed, progress=False,
        )  # fmt: skip
        return net.accuracy(data.x_test, data.t_test)

    return learn


def by_sklearn():
    MLPClassifier = peer("sklearn.neural_network").MLPClassifier

    def learn(recipe, data, seed):
        net = MLPClassifier(
            (recipe.hidden,), solver="sgd", alpha=0.0, batch_size=recipe.batch,
            learning_rate_init=recipe.rate, momentum=recipe.momentum, nesterovs_momentum=False,
            max_iter=recipe.epochs, n_iter_no_change=recipe.epochs, random_state=seed,
        )  # fmt: skip
        with catch_warnings(action="ignore"):  # that it could learn longer
            net.fit(data.x_train, data.t_train)
        return net.score(data.x_test, data.t_test)

    return learn


def by_pytorch():
    torch = peer("torch")

    def learn(recipe, data, seed):
        torch.manual_seed(seed)
        layers = torch.nn.Linear(64, recipe.hidden), torch.nn.ReLU(), torch.nn.Linear(recipe.hidden, 10)
        net, loss_of = torch.nn.Sequential(*layers), torch.nn.CrossEntropyLoss()
        optimiser = torch.optim.SGD(net.parameters(), lr=recipe.rate, momentum=recipe.momentum)
        x_train, t_train, x_test, t_test = map(torch.from_numpy, data)
        for _ in range(recipe.epochs):
            for batch in torch.randperm(len(x_train)).split(recipe.batch):
                optimiser.zero_grad()
                loss_of(net(x_train[batch]), t_train[batch]).backward()
                optimiser.step()
        return float((net(x_test).argmax(1) == t_test).float().mean())

    return learn


CONTENDERS = {"bplib": by_bplib, "scikit-learn": by_sklearn, "PyTorch": by_pytorch}


def run(quick):
    try:
        splits = [digits(seed, dtype=np.float32) for seed in range(2 if quick else SEEDS)]
    except MissingExtra as missing:
        print(f"\nLearning digits: not measured. {missing}")
        return []
    return [bar for recipe in RECIPES for bar in learn(recipe, splits)]


def learn(recipe, splits):
    """One table: the contenders take turns, seed by seed."""
    made, missing = installed(CONTENDERS)
    times, accuracies = Times({name: [] for name in made}), {name: [] for name in made}
    for seed, data in enumerate(splits):
        for name, contender in made.items():
            start = perf_counter()
            accuracies[name].append(contender(recipe, data, seed))
            times[name].append(perf_counter() - start)
    title = f"64-{recipe.hidden}-10" + (f" with momentum {recipe.momentum}" if recipe.momentum else "")
    rows = [
        [
            name,
            f"{mean(a):.4f}",
            f"{min(a):.4f}",
            duration(times.median(name)),
            number(times.ratio(name, "bplib")),
        ]
        for name, a in accuracies.items()
    ]
    show(
        f"Digits, {title}, {recipe.epochs} epochs, {len(splits)} seeds, float32",
        ["", "accuracy, mean", "least", "time, median", "× bplib"],
        rows + [[name, "not installed"] for name in missing],
    )
    return shown(
        [
            Bar(
                f"accuracy of {title}",
                mean(accuracies["bplib"]) if len(splits) == SEEDS else None,
                recipe.accuracy,
                at_least=True,
            ),
            Bar(f"seconds of {title}", times.median("bplib"), recipe.seconds),
        ]
    )
