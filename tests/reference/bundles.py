"""Write one small bundle of each kind into tests/reference/bundles/, with its rows and what it predicts.

The files that are there were written by bineural 0.1.0 (format 1, no checksum) and are not to be written
again: "old bundles still load and predict the same" (tests/python/test_old_bundles.py) is only a test while
they are old. A later format gets a folder of its own: `python tests/reference/bundles.py FOLDER`.
"""

import json
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

import bineural as bn


def make_rows():
    """Make the training rows: numbers, text, an ordered category, truths, and gaps in one column."""
    random, n = np.random.default_rng(2019), 90
    table = pd.DataFrame(
        {
            "dose": random.gamma(2, 3, n).round(3),
            "age": random.integers(20, 80, n),
            "centre": random.choice(["Bern", "Genève", "Zürich"], n),
            "grade": random.choice(["low", "mid", "high"], n),
            "smoker": random.random(n) < 0.4,
        }
    )
    risk = 1 / (1 + np.exp(2 - 0.3 * table["dose"]))
    table["ill"] = np.where(random.random(n) < risk, "yes", "no")
    table["stage"] = random.choice([1, 2, 3], n)
    table["count"] = random.poisson(2, n)
    table["cost"] = random.gamma(2, 10, n).round(3)
    table["gaps"] = table["dose"].where(table.index % 7 > 0)
    return table


def as_table(columns):
    """Give columns that come from JSON the types of the training rows."""
    table = pd.DataFrame(columns)
    table["grade"] = pd.Categorical(table["grade"], ["low", "mid", "high"], ordered=True)
    table["gaps"] = table["gaps"].astype(float)
    return table


def make_images():
    """Make (24, 6, 6, 1) images and their labels."""
    random = np.random.default_rng(7)
    labels = np.arange(24) % 2
    return random.normal(size=(24, 6, 6, 1)) + labels[:, None, None, None], labels


GLMS = {
    "glm_binomial": {"formula": "ill ~ dose + age + centre", "event": "yes"},
    "glm_terms": {"formula": "ill ~ ns(dose, df = 3) + poly(age, 2) + smoker * centre", "event": "no"},
    "glm_ordered": {
        "formula": "ill ~ grade + log(dose + 1) + I(age^2) + factor(stage) + cut(age, c(0, 40, 100))",
        "event": "yes",
    },
    "glm_contrasts": {
        "formula": "ill ~ (grade + dose)^2 + bs(age, df = 4) + scale(cost) - 1",
        "event": "yes",
        "contrasts": {"grade": "helmert"},
    },
    "glm_dot": {"formula": "ill ~ . - gaps - cost", "event": "yes", "missing": "drop"},
    "glm_firth": {"formula": "ill ~ dose + smoker", "event": "yes", "method": "firth"},
    "glm_probit": {"formula": "ill ~ dose", "event": "yes", "link": "probit", "converge": "full"},
    "glm_ridge": {
        "formula": "ill ~ dose + age + centre",
        "event": "yes",
        "penalty": "ridge",
        "strength": 0.1,
    },
    "glm_impute": {"formula": "ill ~ gaps + centre", "event": "yes", "missing": "impute"},
    "glm_multinomial": {"formula": "stage ~ dose + centre", "classes": [1, 2, 3]},
    "glm_multinomial_lasso": {
        "formula": "stage ~ dose + centre",
        "classes": [1, 2, 3],
        "penalty": "lasso",
        "strength": 0.01,
    },
    "glm_gaussian": {"formula": "log(cost) ~ dose + centre + I(dose * 2)"},
    "glm_poisson": {"formula": "count ~ dose + offset(log(age))", "family": "poisson"},
    "glm_gamma": {"formula": "cost ~ centre", "family": "gamma", "link": "log"},
    "glm_separated": {"formula": "ill ~ I(dose > 5)", "event": "yes", "separated": True},
}
NETS = {
    "net_ensemble": {"formula": "ill ~ dose + age + centre", "event": "yes", "ensemble": 3},
    "net_mlp": {
        "formula": "ill ~ ns(dose, df = 2) + age + grade",
        "event": "yes",
        "architecture": "mlp",
        "batch_normalization": True,
        "dropout": 0.2,
        "l1": 0.001,
        "ensemble": 1,
        "class_weight": {"yes": 2, "no": 1},
        "patience": None,
        "monitor": "auroc",
    },
    "net_embedding": {
        "formula": "ill ~ dose + centre + grade",
        "event": "yes",
        "categories": "embed",
        "class_weight": "balanced",
    },
    "net_impute": {"formula": "ill ~ gaps + centre", "event": "yes", "missing": "impute", "validation": 0},
    "net_classes": {"formula": "stage ~ dose + centre", "classes": [1, 2, 3], "units": 4, "ensemble": 1},
    "net_regressor": {"formula": "cost ~ dose + centre", "ensemble": 2},
    "net_mixed": {"formula": "cost ~ dose", "precision": "mixed", "ensemble": 1},
}


def make_models(table):
    """Yield (name, fitted model, rows that it takes)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, options in GLMS.items():
            options = dict(options)
            own = table.assign(ill=np.where(table["dose"] > 5, "yes", "no"))
            rows = own if options.pop("separated", False) else table
            yield name, bn.fit_glm(options.pop("formula"), rows, **options), table
        numbers = table[["dose", "age", "cost"]].to_numpy()
        yield "glm_array", bn.GLMClassifier().fit(numbers, (table["ill"] == "yes").to_numpy()), numbers
        for name, options in NETS.items():
            yield name, fit_net(data=table, **options), table
        yield from own_nets(table)


def fit_net(formula, data, **options):
    """Fit a small net for a moment."""
    return bn.fit_net(formula, data, **{"units": (3, 2), "epochs": 2, "seed": 1, "verbose": 0} | options)


def own_nets(table):
    """Yield nets around Keras models of the user's own, of many layers, and one with an optimizer object."""
    from bineural._tensorflow import keras

    layers = keras.layers
    x = keras.Input((5,), name="columns")
    h = layers.Dense(4, activation="tanh", kernel_regularizer=keras.regularizers.L2(0.01))(x)
    h = layers.BatchNormalization()(h)
    h = layers.Concatenate()([h, layers.LayerNormalization()(x)])
    h = layers.Dropout(0.1)(layers.LeakyReLU()(h))
    h = layers.Add()([layers.Dense(3)(h), layers.Dense(3, kernel_initializer="he_normal")(x)])
    branched = keras.Model(x, layers.Dense(1, activation="sigmoid")(h), name="branched")
    formula = "ill ~ dose + age + centre"
    yield "net_functional", fit_net(formula, table, event="yes", architecture=branched), table

    scaled = layers.Normalization(axis=-1)
    scaled.adapt(np.random.default_rng(1).normal(3, 2, (50, 5)).astype("float32"))
    nested = keras.Sequential([keras.Input((3,)), layers.Dense(3, "selu")], name="nested")
    parts = [keras.Input((5,)), scaled, layers.Dense(3, "relu"), nested, layers.Dense(3), layers.Softmax()]
    own = {"architecture": keras.Sequential(parts), "optimizer": keras.optimizers.SGD(0.05, momentum=0.5)}
    formula = "stage ~ dose + age + centre"
    yield "net_sequential", fit_net(formula, table, classes=[1, 2, 3], ensemble=1, **own), table

    images, labels = make_images()
    x = keras.Input((6, 6, 1))
    h = layers.Conv2D(2, 3, padding="same", activation="relu")(x)
    h = layers.SeparableConv2D(3, 3)(layers.MaxPooling2D()(layers.ZeroPadding2D(1)(h)))
    h = layers.UpSampling2D(2)(h)
    h = layers.GlobalAveragePooling2D()(layers.SpatialDropout2D(0.1)(h))
    pictures = keras.Model(x, layers.Dense(1)(h))
    net = bn.NetClassifier(event=1, architecture=pictures, epochs=1, seed=1, verbose=0).fit(images, labels)
    yield "net_images", net, images

    x = keras.Input((6, 6))
    h = layers.LSTM(3, return_sequences=True)(layers.Reshape((6, 6))(layers.Flatten()(x)))
    h = layers.Bidirectional(layers.GRU(2))(layers.MultiHeadAttention(2, 2)(h, h))
    sequences = keras.Model(x, layers.Dense(1, activation="sigmoid")(layers.Dense(2, "gelu")(h)))
    net = bn.NetClassifier(event=1, architecture=sequences, epochs=1, seed=1, verbose=0)
    yield "net_sequences", net.fit(images[..., 0], labels), images[..., 0]

    def build(input_shape, n_outputs):
        x = keras.Input(input_shape)
        return keras.Model(x, layers.Dense(n_outputs)(layers.Dense(3, "relu")(x)))

    yield "net_builder", fit_net("cost ~ dose + age", table, architecture=build, ensemble=2), table


def main(folder):
    """Write the bundles, `rows.json` and `predictions.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    columns = {k: [None if v != v else v for v in c.tolist()] for k, c in make_rows().items()}
    table, predictions = as_table(columns), {}
    for name, model, rows in make_models(table):
        bn.save_model(model, folder / f"{name}.bineural")
        predict = getattr(model, "predict_proba", model.predict)
        predictions[name] = np.asarray(predict(rows)).tolist()
        print(name, (folder / f"{name}.bineural").stat().st_size)
    (folder / "rows.json").write_text(json.dumps(columns) + "\n")
    (folder / "predictions.json").write_text(json.dumps(predictions) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_suffix(""))
