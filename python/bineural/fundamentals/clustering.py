"""k-means knows no classes: clusters of raw columns, and of the features that a net has learnt to see.

Each net learns from the training rows of its fold; what is clustered are rows that it never saw.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bineural._typing import Figure, Labels, PathLike, RowsLike, Seed
from bineural.checks import checked, label, list_of, whole
from bineural.errors import DroppedWarning, InputError
from bineural.figures.canvas import COLOURS, FIGURE_FILE, new_figure, plain_axes, write_figure
from bineural.inputs.outcomes import is_missing, match_event, plain_values
from bineural.inputs.preparation import Preparation
from bineural.inputs.problem import read_problem
from bineural.messages import listed, number_of
from bineural.nets.estimators import NetClassifier
from bineural.splitting.making import make_folds
from bineural.splitting.r_random import R_SEED
from bineural.tables.rows import label_text, take_rows

SPACES = ("raw", "standardised", "learnt")
DRAWN = {"raw": "Raw columns", "learnt": "Learnt features"}
MARKERS = "o^sDvP"  # one for two classes, whose colours differ
STARTS = 10  # k-means is begun so often, and its tightest clusters are kept


@dataclass(eq=False, repr=False)
class FeatureClusters:
    """Clusters of raw columns and of learnt features, as `cluster_features` returns them.

    Attributes
    ----------
    table : pandas.DataFrame
        Columns fold, columns ("raw", "standardised" as the net takes them, "learnt"), n_rows, ari (adjusted
        Rand index of clusters and classes: 1 the same, 0 chance) and silhouette (of the classes: how far
        apart they lie in these columns, from -1 to 1).
    points : pandas.DataFrame
        Columns columns ("raw", "learnt"), class, cluster, pc1, pc2: the rows of the first fold on their first
        two principal components.
    classes : list of str
        Of the rows that were clustered; there are as many clusters.
    unseen_classes : list of str
        Those that no net learnt; empty where all were.
    accuracy : float
        Of the nets for the rows that were clustered; NaN for unseen classes.
    seed : int

    Examples
    --------
    >>> import bineural as bn
    >>> iris = bn.load_dataset("iris")
    >>> clusters = bn.fundamentals.cluster_features("species ~ .", iris, units=[8], epochs=5, folds=2, seed=1)
    >>> clusters.table.shape, clusters.points["class"].nunique()
    ((6, 5), 3)
    """

    table: object
    points: object
    classes: list
    unseen_classes: list
    accuracy: float
    seed: int

    def __repr__(self):
        """Say how well clusters agree with classes, in each kind of columns, and how often features won."""
        k, ari = len(self.classes), self.table.pivot(index="fold", columns="columns", values="ari")
        apart = self.table.groupby("columns")["silhouette"].mean()
        learnt = f"accuracy {self.accuracy:.3f}"
        if self.unseen_classes:
            learnt = f"classes that no net learnt: {', '.join(self.unseen_classes)}"
        lines = [
            f"{k} clusters of held-out rows, {number_of(len(ari), 'fold')} ({learnt})",
            f"{'columns':<12}  {'adjusted Rand index (least to most)':<35}  silhouette of classes",
        ]
        for name in SPACES:
            of = ari[name]
            index = f"{of.mean():.3f} ({of.min():.3f} to {of.max():.3f})"
            lines.append(f"{name:<12}  {index:<35}  {apart[name]:.3f}")
        gap = ari["learnt"] - ari["raw"]
        ahead = f"in {(gap > 0).sum()} of {number_of(len(gap), 'fold')}, by {gap.mean():.3f} on average"
        return "\n".join([*lines, f"Learnt features are ahead of raw columns {ahead}."])

    @checked(path=FIGURE_FILE)
    def plot(self, path: PathLike | None = None) -> Figure:
        """Draw the rows of the first fold on two principal components: raw columns beside learnt features.

        Parameters
        ----------
        path : str or path, optional
            PNG or SVG file to write.

        Returns
        -------
        matplotlib.figure.Figure
        """
        figure = new_figure(9.4, 4.6)
        first = self.table[self.table["fold"] == 1].set_index("columns")["ari"]
        for axes, (name, title) in zip(figure.subplots(1, 2), DRAWN.items()):
            rows = self.points[self.points["columns"] == name]
            for i, class_name in enumerate(self.classes):
                own = rows[rows["class"] == class_name]
                look = {"color": COLOURS[(i + i // 6 * 3) % 6], "marker": MARKERS[i // 2 % 6]}
                axes.scatter(own["pc1"], own["pc2"], s=16, label=class_name, **look)
            middles = rows.groupby("cluster")[["pc1", "pc2"]].mean()
            axes.scatter(*middles.to_numpy().T, s=90, c="black", marker="x", label="mean of a cluster")
            axes.set_title(f"{title}: adjusted Rand index {first[name]:.2f}", fontsize=11)
            axes.set(xlabel="First principal component", ylabel="Second")
            plain_axes(axes)
        figure.legend(*axes.get_legend_handles_labels(), loc="outside right upper", frameon=False)
        return write_figure(figure, path)


@checked(
    units=list_of(whole(1)),
    epochs=whole(1),
    unseen_classes=list_of(label()).or_none(),
    folds=whole(2),
    seed=R_SEED,
)
def cluster_features(
    formula: str | RowsLike,
    data: RowsLike,
    units: Sequence[int] = (64, 32),
    epochs: int = 20,
    unseen_classes: Labels | None = None,
    folds: int = 5,
    seed: Seed = None,
) -> FeatureClusters:
    """Cluster held-out rows on raw columns and on the features that a net learnt from other rows.

    For each fold a net ("mlp", as `fit_net` fits it) learns the classes of the other folds' rows. The fold's
    own rows are then clustered by k-means, into as many clusters as there are classes among them: by their
    columns as they come, by the same columns standardised, and by what the net's last hidden layer makes of
    them. k-means sees no class, and is begun ten times, of which the tightest clusters count.

    Parameters
    ----------
    formula : str, data frame or array_like
        "outcome ~ terms", or the columns x with the outcome y as `data`; as in `fit_net`.
    data : data frame or array_like
        Rows; the outcome holds classes.
    units : sequence of int
        Of the hidden layers; the last gives the features.
    epochs : int
        Passes over the training rows, all of which are trained on.
    unseen_classes : list of labels, optional
        Classes whose rows no net learns from; then only their rows are clustered.
    folds : int
        Each has a net, rows and starts of k-means of its own.
    seed : int, optional
        Of the folds, the nets and k-means; drawn and kept if None.

    Returns
    -------
    FeatureClusters
        With table, points, classes, unseen_classes, accuracy, seed.

    Raises
    ------
    InputError
        If the outcome does not hold classes of two rows for each fold, fewer than two classes are left to
        learn or to cluster, or values are missing.

    Examples
    --------
    >>> import bineural as bn
    >>> iris = bn.load_dataset("iris")
    >>> clusters = bn.fundamentals.cluster_features("species ~ .", iris, units=[8], epochs=5, folds=2, seed=1)
    >>> clusters.table["columns"].tolist()
    ['raw', 'standardised', 'learnt', 'raw', 'standardised', 'learnt']
    """
    import pandas as pd
    from sklearn.metrics import adjusted_rand_score, silhouette_score

    problem = read_problem(formula, data)
    y, unseen = _check_outcome(problem.y, unseen_classes, folds)
    parts = make_folds(y, folds, strata=y, pool=0, seed=seed)
    pairs = [(train[~unseen[train]], test[unseen[test]] if unseen.any() else test) for train, test in parts]
    net = NetClassifier(architecture="mlp", units=units, epochs=epochs, validation=0, verbose=0)
    nets = _fit_nets(problem.ready(net), problem, [train for train, _ in pairs], parts.seed)
    table, points, right = [], [], []
    for fold, (net, (train, test)) in enumerate(zip(nets, pairs), 1):
        rows, labels = take_rows(problem.X, test), y[test]
        for name, values in _columns(net, problem, train, rows).items():
            clusters = find_clusters(values, len(np.unique(labels)), parts.seed + fold)
            agree, apart = adjusted_rand_score(labels, clusters), silhouette_score(values, labels)
            table.append((fold, name, len(test), agree, apart))
            if fold == 1 and name in DRAWN:
                points.append(_points(name, values, labels, clusters))
        right.append(np.nan if unseen.any() else np.mean(net.predict(rows) == labels))
    return FeatureClusters(
        table=pd.DataFrame(table, columns=["fold", "columns", "n_rows", "ari", "silhouette"]),
        points=pd.concat(points, ignore_index=True),
        classes=_texts(np.unique(y[unseen] if unseen.any() else y)),
        unseen_classes=_texts(np.unique(y[unseen])),
        accuracy=float(np.mean(right)),
        seed=int(parts.seed),
    )


def _count_classes(y):
    try:
        return np.unique(y, return_counts=True)
    except TypeError:
        kinds = listed(sorted({type(label).__name__ for label in y}))
        raise InputError(
            "The outcome's labels must be of one kind.", f"Found {kinds}.", "Convert the column to text."
        ) from None


def _check_outcome(y, unseen_classes, folds):
    """Return the labels, and which rows are of a class that no net is to learn."""
    y = plain_values(y)
    if np.ndim(y) != 1:
        raise InputError(
            "The outcome must be one column.", f"Its shape is {np.shape(y)}.", "Name it in the formula."
        )
    if is_missing(y).any():
        raise InputError(
            "The outcome must not be missing.",
            f"{is_missing(y).sum()} of {len(y)} rows have none.",
            "Leave those rows out.",
        )
    classes, counts = _count_classes(y)
    if counts.min() < 2 * folds:
        raise InputError(
            f"Each class of the outcome must have {2 * folds} rows, two for each fold.",
            f"{classes[counts.argmin()]!s} has {counts.min()}; there are {len(classes)} classes.",
            "Use fewer `folds`, or leave out rare classes; numbers must be cut into classes first.",
        )
    named = [] if unseen_classes is None else np.atleast_1d(unseen_classes).tolist()
    must = "`unseen_classes` must be classes of the outcome."
    unseen = np.isin(y, [match_event(label, classes.tolist(), must) for label in named]) & bool(named)
    n_clustered = len(np.unique(y[unseen]))
    if len(classes) - n_clustered < 2 or (named and n_clustered < 2):
        raise InputError(
            "Two classes at least must be learnt, and two clustered.",
            f"The classes are {listed(classes)}; unseen are {listed(named)}.",
            "Name two or more of them in `unseen_classes`, and leave two or more.",
        )
    return y, unseen


def _fit_nets(template, problem, trains, seed):
    """Fit a net to the rows of each fold, all at once."""
    from bineural.nets.many import NetRun, fit_runs

    runs = [NetRun(train, seed + i, {}, f"the net of fold {i}") for i, train in enumerate(trains, 1)]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Left out constant columns", DroppedWarning)  # as empty corners
        return fit_runs(template, problem.X, problem.y, runs, exclude=problem.exclude)


def _columns(net, problem, train, rows):
    """Return what is clustered: columns as they come, standardised, and the last hidden layer's outputs."""
    raw = Preparation(problem.terms, categories="onehot")
    raw.fit(take_rows(problem.X, train), outcome=list(problem.exclude))
    tables = raw.transform(rows), net.preparation_.transform(rows)
    return dict(zip(SPACES, (*(table.matrix for table in tables), net.predict_features(rows))))


def find_clusters(values, n_clusters, seed):
    """Find the clusters of k-means, numbered from 1."""
    from sklearn.cluster import KMeans

    return KMeans(n_clusters, n_init=STARTS, random_state=seed).fit_predict(values) + 1


def _points(name, values, labels, clusters):
    """Put rows on their first two principal components; the largest loading of each is positive."""
    import pandas as pd

    centred = values - values.mean(axis=0)
    axes = np.linalg.svd(centred, full_matrices=False)[2][:2]
    axes = axes * np.sign(axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)])[:, None]
    places = np.zeros((len(values), 2))
    places[:, : len(axes)] = centred @ axes.T
    return pd.DataFrame(
        {
            "columns": name,
            "class": _texts(labels),
            "cluster": clusters,
            "pc1": places[:, 0],
            "pc2": places[:, 1],
        }
    )


def _texts(labels):
    return [label_text(label) for label in labels.tolist()]
