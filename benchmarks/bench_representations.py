"""Autoencoders beside PCA on held-out digits, noise and anomalies; rows that nets make up, beside real ones.

Digits are scikit-learn's 1,797 of 8 x 8 pixels, clothes the 2,000 of Fashion-MNIST that ship. Nets have the
defaults of `fit_autoencoder` and `fit_gan` but for what a table says. Errors are mean squares of values that
are scaled by one mean and SD over all pixels, so that PCA of scaled values is PCA of pixels. Made rows are
rounded to whole grey levels within those of the data before they are judged, real ones have such levels
already; without that a forest tells any net's rows by their broken numbers alone. The fixed classifier is a
support vector machine that was fitted to the training digits. Seconds of the processor are those of all
threads together; two idle cores would take half of them at best. `--store FILE` keeps every part, and goes on
from it; `--parts` does some only, and the page says which are lacking; `--quick` does widths with few epochs.
"""

import json
import math
import sys
import time
import warnings
from functools import partial
from pathlib import Path

import numpy as np

from running import read_command, write

SEED, SEEDS, SPLITS = 2019, (1, 2, 3, 4, 5), (0, 1, 2)
WIDTHS = 2, 8, 16
NOISE = 0.5  # SD, of values whose own is 1
PARTITION = {"folds": 5, "repeats": 1}
NETS, EPOCHS = 10, 100  # of the stack
GANS = {"dense": {"epochs": 300}, "dcgan": {"width": 0.5, "epochs": 60}}
OWED = {
    "digits, 2 codes: error less that of PCA, upper end of the 95% interval": "<= 0",
    "digits, 8 codes: error less that of PCA, upper end of the 95% interval": "<= 0",
    "digits, 16 codes: error less that of PCA, upper end of the 95% interval": "<= 0",
    "noisy digits: error less that of PCA, upper end of the 95% interval": "<= 0",
    "a digit never seen: AUROC less that of PCA, 95% interval": "reported",
    "deep, 8 codes of digits: splits of 3 where net < logistic PCA < PCA": ">= 3",
    "deep, 30 codes of clothes: net, logistic PCA, PCA": "reported",
    "linear variational, 1 code: nats a row behind probabilistic PCA": "<= 0.1",
    "linear variational, 2 codes: nats a row behind probabilistic PCA": "<= 0.1",
    "VAE of digits: two-sample AUROC, five seeds": "reported",
    "dense GAN of digits: two-sample AUROC, five seeds": "reported",
    "DCGAN of digits: two-sample AUROC, five seeds": "reported",
    "two hills: GANs that make both, of five": ">= 4",
    "ring of eight hills: hills made, of eight, five seeds": "reported",
    "10 dense autoencoders: loop / stack, seconds of the processor": ">= 1x",
    "10 dense GANs: loop / stack, seconds of the processor": ">= 1x",
    "slowest net at its test setting, seconds of the processor": "<= 360 s",
}


# ---- what parts share ----


def digits():
    """Return images (1797, 8, 8) and their numbers."""
    import bineural as bn

    loaded = bn.load_images("digits")
    return loaded.images[..., 0], loaded.labels.to_numpy().astype(int)


def halves(n, seed, share=0.75):
    """Return rows trained on and tested on."""
    order = np.random.default_rng(seed).permutation(n)
    return order[: round(share * n)], order[round(share * n) :]


def flat(rows):
    return np.asarray(rows, np.float64).reshape(len(rows), -1)


def scaled_by(rows):
    """Return what scales rows by the mean and SD of all values of some rows."""
    mean, sd = np.mean(rows), np.std(rows, ddof=1)
    return lambda others: (flat(others) - mean) / sd


def clocked(fit, **noted):
    """Return (what was fitted, {"clock", "processor", "epochs"} and what is noted)."""
    begun = time.perf_counter(), time.process_time()
    nets = fit()
    clock, processor = time.perf_counter() - begun[0], time.process_time() - begun[1]
    print(noted, f"{clock:.1f} s, {processor:.1f} s of the processor", file=sys.stderr, flush=True)
    epochs = max(net.n_epochs_ for net in (nets if isinstance(nets, list) else [nets]))
    return nets, {"clock": clock, "processor": processor, "epochs": epochs, **noted}


def stacked(template, images, runs, net):
    """Fit a net for each (rows, seed) as one stack; return them, and what `clocked` notes."""
    from bineural.nets.many import NetRun, fit_runs

    runs = [NetRun(rows, seed) for rows, seed in runs]
    fit = partial(fit_runs, template, images[..., None], np.zeros(len(images)), runs)
    return clocked(fit, net=f"{net}, {len(runs)} as one stack")


def paired(differences):
    """Return the mean of differences and its 95 % t interval: of seeds, or of digits left out."""
    from scipy.stats import t

    d = np.asarray(differences)
    half = t.ppf(0.975, len(d) - 1) * d.std(ddof=1) / math.sqrt(len(d))
    return float(d.mean()), float(d.mean() - half), float(d.mean() + half)


def pca_of(values, k):
    from sklearn.decomposition import PCA

    return PCA(k, random_state=0).fit(values)


def made_again(pca, values):
    return pca.inverse_transform(pca.transform(values))


# ---- codes ----


def measure_widths(quick=False):
    """Compare dense autoencoders with PCA of the same width on the same folds."""
    import bineural as bn

    images, rows = digits()[0], []
    for k in WIDTHS:
        begun = time.perf_counter(), time.process_time()
        net = bn.Autoencoder(n_codes=k, **({"epochs": 2} if quick else {}))
        compared = bn.compare_models({"net": net}, images, **PARTITION, seed=SEED, verbose=0)
        took = time.perf_counter() - begun[0], time.process_time() - begun[1]
        error = compared.table.set_index("model")["mse"]
        pair = compared.differences.query("measure == 'mse' and model == 'net'").iloc[0]
        rows.append([k, error["net"], error["pca"], error["null"]])
        rows[-1] += [float(pair[name]) for name in ("difference", "low", "high")] + list(took)
        print(rows[-1], file=sys.stderr, flush=True)
    return {"rows": rows}


def measure_noise():
    """Let nets and PCA clean digits that lie under noise; PCA has the width that does best on test rows."""
    import bineural as bn

    images, rows, fits, nets = digits()[0], [], [], {}
    parts = [halves(len(images), split) for split in SPLITS]
    for name, noise in {"net, 16": 0.0, "denoising net, 16": NOISE}.items():
        template = bn.Autoencoder(n_codes=16, noise=noise, verbose=0)
        runs = [(train, split + 1) for split, (train, _) in zip(SPLITS, parts)]
        nets[name], took = stacked(template, images, runs, f"dense, 16 codes, noise {noise}")
        fits.append(took)
    for split, (train, test) in zip(SPLITS, parts):
        scaled, values = scaled_by(images[train]), scaled_by(images[train])(images[train])
        clean = scaled(images[test])
        spoilt = clean + NOISE * np.random.default_rng(split).standard_normal(clean.shape)
        given = spoilt * np.std(images[train], ddof=1) + np.mean(images[train])
        errors = {"as they are": np.mean((spoilt - clean) ** 2)}
        left = {
            k: np.mean((made_again(pca_of(values, k), spoilt) - clean) ** 2)
            for k in (2, 4, 8, 12, 16, 24, 32)
        }
        errors |= {"PCA, 16": left[16], "PCA, best width": min(left.values())}
        for name, of_splits in nets.items():
            again = of_splits[split].reconstruct(given.reshape(-1, 8, 8, 1))
            errors[name] = np.mean((scaled(again) - clean) ** 2)
        rows.append({name: float(error) for name, error in errors.items()})
        print(rows[-1], file=sys.stderr, flush=True)
    return {"rows": rows, "fits": fits}


def measure_anomalies():
    """Leave one digit out of training, and tell it in the test by what is lost of it."""
    import bineural as bn

    (images, number), rows = digits(), []
    train, test = halves(len(images), 0)
    runs = [(train[number[train] != digit], 1) for digit in range(10)]
    nets, took = stacked(
        bn.Autoencoder(n_codes=8, verbose=0), images, runs, "dense, 8 codes, a digit left out"
    )
    for digit, (net, (known, _)) in enumerate(zip(nets, runs)):
        scaled, odd = scaled_by(images[known]), number[test] == digit
        values = scaled(images[test])
        areas = {"net, 8": bn.auroc(odd, -net.score_samples(images[test][..., None]))}
        for k in (8, 16, 24):
            lost = np.mean((made_again(pca_of(scaled(images[known]), k), values) - values) ** 2, axis=1)
            areas[f"PCA, {k}"] = bn.auroc(odd, lost)
        areas["probabilistic PCA, 16"] = bn.auroc(
            odd, -pca_of(scaled(images[known]), 16).score_samples(values)
        )
        rows.append({name: float(area) for name, area in areas.items()})
        print(digit, rows[-1], file=sys.stderr, flush=True)
    return {"rows": rows, "fits": [took]}


def measure_deep():
    """Order deep autoencoder, logistic PCA and PCA, as Hinton and Salakhutdinov (2006) did, by pixels."""
    import bineural as bn

    clothes = bn.load_images("fashion_mnist_part").images / np.float32(255)
    sets = {"digits": (digits()[0] / np.float32(16), 8, SPLITS), "clothes": (clothes, 30, SPLITS[:1])}
    rows, fits = [], []
    for name, (images, k, splits) in sets.items():
        images = images.astype(np.float32)
        for split in splits:
            train, test = halves(len(images), split)
            truth = flat(images[test])
            row = {"set": name, "split": split, "codes": k}
            row["PCA"] = made_again(pca_of(flat(images[train]), k), truth)
            ways = {
                "logistic PCA": {"units": (), "likelihood": "bernoulli"},
                "deep": {"architecture": "deep"},
                "dense": {},
            }
            for way, options in ways.items():
                fit = partial(bn.fit_autoencoder, images[train], k, seed=split + 1, verbose=0, **options)
                net, took = clocked(fit, net=f"{way}, {k} codes of {name}")
                fits.append(took)
                row[way] = flat(net.reconstruct(images[test]))
            for way in ("PCA", *ways):
                row[way] = float(np.mean(np.sum((row[way] - truth) ** 2, axis=1)))
            rows.append(row)
            print(row, file=sys.stderr, flush=True)
    return {"rows": rows, "fits": fits}


def measure_linear():
    """Put the bound of linear variational autoencoders beside the likelihood of probabilistic PCA."""
    import bineural as bn
    from bineural.nets.many import NetRun, fit_runs

    X, rows = flat(digits()[0]) / 16, []
    for k in (1, 2):
        template = bn.Autoencoder(
            n_codes=k,
            variational=True,
            units=(),
            scaling=False,
            validation=None,
            epochs=300,
            batch_size=64,
            learning_rate=0.002,
        )
        begun = time.process_time()
        nets = fit_runs(template, X, np.zeros(len(X)), [NetRun(np.arange(len(X)), s) for s in SEEDS])
        busy = time.process_time() - begun
        bounds = [float(np.mean(net.score_samples(X, draws=50))) for net in nets]
        rows.append([k, float(pca_of(X, k).score(X)), bounds, busy])
        print(rows[-1], file=sys.stderr, flush=True)
    return {"rows": rows}


# ---- rows made up ----


def judge(made, images, number, train, test, machine):
    """Say how made digits do: told apart, sure of their class, classes made, nearest row of training."""
    import bineural as bn

    low, high = images.min(), images.max()
    made = np.clip(np.round(np.asarray(made, np.float64)), low, high).reshape(-1, 8, 8)
    area = bn.two_sample_auroc(images[test], made, seed=1)
    chances = machine.predict_proba(flat(made))
    counts = np.bincount(chances.argmax(axis=1), minlength=10)
    real = np.bincount(number[test], minlength=10)

    def nearest(rows):
        apart = [np.sqrt(np.sum((flat(images[train]) - row) ** 2, axis=1)).min() for row in flat(rows)]
        return float(np.median(apart))

    return {
        "auroc": area.auroc,
        "sure": float(np.mean(chances.max(axis=1) > 0.9)),
        "classes": int(np.sum(counts >= real / 4)),
        "nearest": nearest(made) / nearest(images[test]),
    }


def measure_samples():
    """Make digits by variational autoencoders and adversarial nets of five seeds, and judge them."""
    from sklearn.svm import SVC

    import bineural as bn

    (images, number), rows, fits = digits(), [], []
    train, test = halves(len(images), 0)
    machine = SVC(gamma=0.001, probability=True, random_state=0).fit(flat(images[train]), number[train])
    right = float(machine.score(flat(images[test]), number[test]))
    given = images, number, train, test, machine
    values = flat(images[train])
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        drawn = rng.multivariate_normal(values.mean(axis=0), np.cov(values.T), len(test))
        rows.append({"who": "normal distribution", "seed": seed, **judge(drawn, *given)})
        again = images[rng.choice(train, len(test))]
        rows.append({"who": "training rows", "seed": seed, **judge(again, *given)})
    ways = {
        "VAE, 8 codes": bn.Autoencoder(n_codes=8, variational=True, verbose=0),
        "dense GAN": bn.GAN(verbose=0, **GANS["dense"]),
        "DCGAN": bn.GAN(architecture="dcgan", verbose=0, **GANS["dcgan"]),
    }
    for who, template in ways.items():
        nets, took = stacked(template, images, [(train, seed) for seed in SEEDS], who)
        fits.append(took)
        for seed, net in zip(SEEDS, nets):
            rows.append({"who": who, "seed": seed, **judge(bn.generate(net, len(test), seed=seed), *given)})
            print(rows[-1], file=sys.stderr, flush=True)
    return {"rows": rows, "fits": fits, "right": right}


def hills(kind, n, rng):
    """Return rows of two hills on a line, or of eight on a ring, and the middles of these."""
    angles = np.arange(8) * np.pi / 4
    ring = 2 * np.column_stack([np.cos(angles), np.sin(angles)])
    middles, sd = (np.array([[-2.0], [2.0]]), 0.5) if kind == "two hills" else (ring, 0.15)
    return middles[rng.integers(len(middles), size=n)] + sd * rng.standard_normal(
        (n, middles.shape[1])
    ), middles


def measure_hills():
    """Let dense GANs of five seeds find two hills on a line, and eight on a ring."""
    import bineural as bn

    rows, fits = [], []
    for kind in ("two hills", "ring of eight"):
        X, middles = hills(kind, 1000, np.random.default_rng(0))
        new, _ = hills(kind, 1000, np.random.default_rng(1))
        for seed in SEEDS:
            net, took = clocked(partial(bn.fit_gan, X, seed=seed, verbose=0), net=f"GAN, {kind}")
            fits.append(took)
            made = bn.generate(net, 1000, seed=seed)
            near = np.argmin([np.linalg.norm(made - middle, axis=1) for middle in middles], axis=0)
            share = np.bincount(near, minlength=len(middles)) / len(made)
            found = int(np.sum(share >= 0.25 / len(middles)))
            area = bn.two_sample_auroc(new, made, seed=1).auroc
            losses = {name: net.history_[name][-1] for name in ("discriminator", "generator")}
            rows.append({"kind": kind, "seed": seed, "found": found, "auroc": area, **losses})
            rows[-1]["spread"] = net.spread_
            print(rows[-1], file=sys.stderr, flush=True)
    return {"rows": rows, "fits": fits}


# ---- stacks ----


def measure_stacks():
    """Train ten seeds as one stack, and one after the other; the loop's compiled graph is shared too."""
    import bineural as bn
    from bineural.nets.many import NetRun, fit_runs
    from bineural.training.engine import clear_compiled

    images, rows = digits()[0][:, :, :, None], []
    templates = {
        "dense autoencoders": bn.Autoencoder(n_codes=8, epochs=EPOCHS, patience=None, verbose=0),
        "dense GANs": bn.GAN(epochs=EPOCHS, verbose=0),
    }
    for name, template in templates.items():
        runs = [NetRun(np.arange(len(images)), seed) for seed in range(1, NETS + 1)]
        nothing, seconds, nets = np.zeros(len(images)), [], []
        for groups in ([runs], [[run] for run in runs]):
            clear_compiled()
            begun = time.perf_counter(), time.process_time()
            nets.append([net for group in groups for net in fit_runs(template, images, nothing, group)])
            seconds.append([time.perf_counter() - begun[0], time.process_time() - begun[1]])
        rows.append([name, *seconds, nets[0][0].fitted_.members[0].how])
        print(rows[-1], file=sys.stderr, flush=True)
    return {"rows": rows}


def measure_others():
    """Time one fit each of the nets that no other part fits."""
    import bineural as bn

    images = digits()[0]
    train, _ = halves(len(images), 0)
    shares = (images[train] / 16).astype(np.float32)
    given = {"architecture": "convolutional", "seed": 1, "verbose": 0}
    ways = {
        "convolutional, 8 codes of digits": partial(bn.fit_autoencoder, images[train], 8, **given),
        "Boltzmann machine, 64 hidden units": partial(bn.fit_rbm, shares, 64, seed=1, verbose=0),
    }
    return {"fits": [clocked(fit, net=name)[1] for name, fit in ways.items()]}


# ---- the page ----

PARTS = {
    "widths": measure_widths,
    "linear": measure_linear,
    "noise": measure_noise,
    "anomalies": measure_anomalies,
    "hills": measure_hills,
    "stacks": measure_stacks,
    "others": measure_others,
    "samples": measure_samples,
    "deep": measure_deep,
}


def table(heads, rows):
    """Write a table of cells that are texts."""
    return "\n".join([f"| {' | '.join(cells)} |" for cells in (heads, ["---"] * len(heads), *rows)])


def between(mean, low, high):
    return f"{mean:.4f} [{low:.4f}, {high:.4f}]"


def widths_part(answer, measured):
    rows = []
    for k, net, pca, null, difference, low, high, _clock, busy in answer["rows"]:
        measured[f"digits, {k} codes: error less that of PCA, upper end of the 95% interval"] = high
        cells = [f"{x:.4f}" for x in (net, pca, null)] + [between(difference, low, high)]
        rows.append([str(k), *cells, f"{busy:.0f}"])
    heads = ["codes", "net", "PCA", "column means", "net less PCA, 95% interval", "processor, s"]
    about = "Dense autoencoders, five folds trained as one stack; corrected t interval of the difference."
    return f"## Digits: held-out error\n\n{about}\n\n{table(heads, rows)}"


def noise_part(answer, measured):
    names = list(answer["rows"][0])
    rows = [[str(i), *(f"{row[name]:.4f}" for name in names)] for i, row in enumerate(answer["rows"])]
    gain = paired([row["denoising net, 16"] - row["PCA, best width"] for row in answer["rows"]])
    measured["noisy digits: error less that of PCA, upper end of the 95% interval"] = gain[2]
    about = f"Noise of SD {NOISE:g}, the values' own being 1; three splits, distance from the clean digits. "
    about += (
        "The best width of PCA is taken by the test rows, which favours it: the denoising net less that, "
        f"{between(*gain)}."
    )
    return f"## Noisy digits\n\n{about}\n\n{table(['split', *names], rows)}"


def anomalies_part(answer, measured):
    names = list(answer["rows"][0])
    rows = [[str(i), *(f"{row[name]:.3f}" for name in names)] for i, row in enumerate(answer["rows"])]
    means = {name: np.mean([row[name] for row in answer["rows"]]) for name in names}
    rows.append(["mean", *(f"{means[name]:.3f}" for name in names)])
    lines = ["The net less each, over ten digits (95% t interval of the mean):", ""]
    for name in names[1:]:
        gain = paired([row[names[0]] - row[name] for row in answer["rows"]])
        lines.append(f"- {name}: {between(*gain)}")
        if name == "PCA, 8":
            measured["a digit never seen: AUROC less that of PCA, 95% interval"] = between(*gain)
    about = (
        "AUROC of telling, among test rows, the one digit that training rows lacked, by what is lost of it."
    )
    head = f"## A digit never seen\n\n{about}\n\n{table(['without', *names], rows)}"
    return "\n".join([head, "", *lines])


def deep_part(answer, measured):
    ways = ["deep", "dense", "logistic PCA", "PCA"]
    rows = [
        [row["set"], str(row["split"]), str(row["codes"]), *(f"{row[way]:.3f}" for way in ways)]
        for row in answer["rows"]
    ]
    kept = [
        row["deep"] < row["logistic PCA"] < row["PCA"] for row in answer["rows"] if row["set"] == "digits"
    ]
    measured["deep, 8 codes of digits: splits of 3 where net < logistic PCA < PCA"] = float(sum(kept))
    clothes = next(row for row in answer["rows"] if row["set"] == "clothes")
    told = ", ".join(f"{clothes[way]:.2f}" for way in ("deep", "logistic PCA", "PCA"))
    measured["deep, 30 codes of clothes: net, logistic PCA, PCA"] = told
    about = (
        "Squared error of a test image, summed over pixels from 0 to 1. Hinton and Salakhutdinov (2006) had "
        "3.00, 8.01 and 13.87 on MNIST, with 60,000 images to learn from; here it is 1,348 and 1,500."
    )
    return f"## Deep autoencoders\n\n{about}\n\n{table(['set', 'split', 'codes', *ways], rows)}"


def linear_part(answer, measured):
    rows = []
    for k, exact, bounds, busy in answer["rows"]:
        behind = exact - np.array(bounds)
        name = f"linear variational, {k} code{'s' * (k > 1)}: nats a row behind probabilistic PCA"
        measured[name] = float(behind.max())
        cells = (
            f"{exact:.4f}",
            f"{np.mean(bounds):.4f}",
            f"{np.std(bounds, ddof=1):.4f}",
            f"{behind.max():.4f}",
        )
        rows.append([str(k), *cells, f"{busy:.1f}"])
    heads = [
        "codes",
        "probabilistic PCA",
        "bound, mean of five seeds",
        "SD",
        "furthest behind",
        "processor, s",
    ]
    about = (
        "Log likelihood of digits over 16, nats a row, all 1,797 rows; five seeds as one stack, 300 epochs."
    )
    return f"## Linear variational autoencoders\n\n{about}\n\n{table(heads, rows)}"


def samples_part(answer, measured):
    rows = []
    for who in dict.fromkeys(row["who"] for row in answer["rows"]):
        of_seeds = [row for row in answer["rows"] if row["who"] == who]

        def told(name, of_seeds=of_seeds):
            values = [row[name] for row in of_seeds]
            return f"{np.mean(values):.3f} ({min(values):.3f} to {max(values):.3f})"

        rows.append([who, *map(told, ("auroc", "sure", "classes", "nearest"))])
        short = {"VAE, 8 codes": "VAE"}.get(who, who)
        if short in ("VAE", "dense GAN", "DCGAN"):
            measured[f"{short} of digits: two-sample AUROC, five seeds"] = told("auroc")
    heads = ["rows by", "two-sample AUROC", "share that the classifier is sure of", "classes made", "nearest"]
    gans = "; ".join(f"{name}: {settings}" for name, settings in GANS.items())
    about = (
        "As many made rows as there are test rows, 449; five seeds, mean (lowest to highest). "
        f"The classifier reads {answer['right']:.3f} of the test rows right; it is sure where it gives a "
        "class more than 0.9. A class is made where it comes at least a quarter as often as in the test. "
        "Nearest: median distance to the nearest row of training, over that of real test rows (0 is copied). "
        f"Settings of adversarial nets: {gans.replace('{', '').replace('}', '')}."
    )
    return f"## Digits made up\n\n{about}\n\n{table(heads, rows)}"


def hills_part(answer, measured):
    rows = []
    for kind in ("two hills", "ring of eight"):
        of_seeds = [row for row in answer["rows"] if row["kind"] == kind]
        found = [row["found"] for row in of_seeds]
        if kind == "two hills":
            measured["two hills: GANs that make both, of five"] = float(sum(n == 2 for n in found))
        else:
            measured["ring of eight hills: hills made, of eight, five seeds"] = ", ".join(map(str, found))
        rows += [
            [kind, str(row["seed"]), str(row["found"])]
            + [f"{row[name]:.3f}" for name in ("auroc", "discriminator", "generator", "spread")]
            for row in of_seeds
        ]
    heads = [
        "data",
        "seed",
        "hills made",
        "two-sample AUROC",
        "discriminator's loss",
        "generator's",
        "spread",
    ]
    about = (
        "1,000 rows; dense GANs with their defaults. A hill is made where it gets a quarter of its share or "
        "more. The losses' optimum is 1.386 and 0.693."
    )
    return f"## Hills\n\n{about}\n\n{table(heads, rows)}"


def stacks_part(answer, measured):
    rows = []
    for name, stack, loop, how in answer["rows"]:
        measured[f"10 {name}: loop / stack, seconds of the processor"] = loop[1] / stack[1]
        seconds = [f"{x:.1f}" for x in (*stack, *loop)]
        rows.append([name, *seconds, f"{loop[0] / stack[0]:.2f}", f"{loop[1] / stack[1]:.2f}", how])
    heads = ["ten", "stack, s", "processor, s", "loop, s", "processor, s", "loop / stack", "processor", "way"]
    about = (
        f"Ten seeds on all digits, {EPOCHS} epochs, each way from a graph that is not compiled yet. Tracing is "
        "five seconds of a stack of GANs, whose step is vectorised, and one of a loop; from then on an epoch of "
        "ten takes .17 s of the processor in the stack and .20 in the loop: in both, products and updates of "
        "18,000 to 34,000 weights, and no dispatch that a stack could save."
    )
    return f"## Stacks of seeds\n\n{about}\n\n{table(heads, rows)}"


def seconds_part(answers, measured):
    """Write the most that a fit of each net took, whichever part it was in."""
    fits = [fit for answer in answers.values() for fit in answer.get("fits", ())]
    if not fits:
        return None
    most = {}
    for fit in fits:
        name = fit["net"]
        if fit["processor"] > most.get(name, {"processor": -1})["processor"]:
            most[name] = fit
    slowest = max(fit["processor"] for fit in most.values())
    if set(PARTS) <= set(answers):
        measured["slowest net at its test setting, seconds of the processor"] = slowest
    rows = [
        [name, str(fit["epochs"]), f"{fit['clock']:.1f}", f"{fit['processor']:.1f}"]
        for name, fit in most.items()
    ]
    about = (
        "The most that a fit, or a stack of them, took, compiling and all; by the clock of a machine that "
    )
    about += "had other work too."
    return f"## Seconds\n\n{about}\n\n{table(['net', 'epochs', 's', 'processor, s'], rows)}"


WRITERS = {
    "widths": widths_part,
    "noise": noise_part,
    "anomalies": anomalies_part,
    "deep": deep_part,
    "linear": linear_part,
    "samples": samples_part,
    "hills": hills_part,
    "stacks": stacks_part,
}


def write_page(answers):
    """Write the results of the parts that were measured, and say which were not."""
    measured = dict.fromkeys(OWED, "not yet")
    parts = [writer(answers[name], measured) for name, writer in WRITERS.items() if name in answers]
    parts += filter(None, [seconds_part(answers, measured)])
    lacking = [name for name in PARTS if name not in answers]
    about = " ".join(__doc__.split("\n\n")[1].split(" `--store")[0].split())
    about += f" Not measured yet: {', '.join(lacking)}." if lacking else ""
    write("bench_representations", "Representations and generators", about, parts, measured)


def main():
    store = {"help": "keep every part in this file, and go on from it"}
    parts = {"nargs": "*", "default": list(PARTS), "help": f"some of: {', '.join(PARTS)}"}
    command = read_command(__doc__, store=store, parts=parts)
    warnings.simplefilter("ignore")
    if command.quick:
        print(widths_part(measure_widths(quick=True), {}))
        return
    store = Path(command.store) if command.store else None
    answers = json.loads(store.read_text()) if store and store.exists() else {}
    for name in command.parts:
        if name not in answers:
            answers[name] = PARTS[name]()
            if store:
                with store.open("w") as file:
                    json.dump(answers, file)
    write_page(answers)


if __name__ == "__main__":
    main()
