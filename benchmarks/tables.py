"""Tables that several benchmarks compare models on: 41 of 81 to 20,000 rows, and their splits.

They come from R packages that install by name (mlbench, modeldata, kernlab, ggplot2, MASS, AER), scikit-learn
and this package; four are made. A table whose package is missing is left out, and said.
"""

import sys
import warnings
from typing import NamedTuple

import numpy as np
import pandas as pd

import bineural as bn
from programs import ProgramFailed

SEED = 2019  # of what is made or drawn


class Table(NamedTuple):
    """A table: its columns, its outcome (labels as text, or numbers), and where it is from."""

    X: pd.DataFrame
    y: pd.Series
    source: str

    @property
    def is_numbers(self):
        """Whether the outcome is a number."""
        return self.y.dtype.kind == "f"

    def split(self, number):
        """Return rows trained on (three quarters) and tested on; classes keep their shares."""
        from sklearn.model_selection import train_test_split

        rows, strata = np.arange(len(self.y)), None if self.is_numbers else self.y
        return train_test_split(rows, test_size=0.25, random_state=number, stratify=strata)


def _in(package, name, change="d"):
    code = f"{{data({name}, package = '{package}'); d <- as.data.frame({name}); {change}}}"
    return package, code


FROM_R = {  # name: ((package, R code), outcome)
    "birthwt": (_in("MASS", "birthwt", "d$race <- factor(d$race); d[names(d) != 'bwt']"), "low"),
    "Sonar": (_in("mlbench", "Sonar"), "Class"),
    "Ionosphere": (
        _in("mlbench", "Ionosphere", "d$V1 <- as.numeric(as.character(d$V1)); d[names(d) != 'V2']"),
        "Class",
    ),
    "Pima": (_in("mlbench", "PimaIndiansDiabetes"), "diabetes"),
    "BreastCancer": (
        _in(
            "mlbench",
            "BreastCancer",
            "d <- na.omit(d[-1]); d[1:9] <- lapply(d[1:9], function(x) as.numeric(as.character(x))); d",
        ),
        "Class",
    ),
    "Glass": (_in("mlbench", "Glass"), "Type"),
    "Vowel": (_in("mlbench", "Vowel"), "Class"),
    "Vehicle": (_in("mlbench", "Vehicle"), "Class"),
    "Satellite": (_in("mlbench", "Satellite"), "classes"),
    "LetterRecognition": (_in("mlbench", "LetterRecognition"), "lettr"),
    "BostonHousing": (_in("mlbench", "BostonHousing"), "medv"),
    "attrition": (_in("modeldata", "attrition"), "Attrition"),
    "credit_data": (_in("modeldata", "credit_data"), "Status"),
    "mlc_churn": (_in("modeldata", "mlc_churn"), "churn"),
    "wa_churn": (_in("modeldata", "wa_churn"), "churn"),
    "cells": (_in("modeldata", "cells", "d[names(d) != 'case']"), "class"),
    "hpc_data": (_in("modeldata", "hpc_data"), "class"),
    "lending_club": (_in("modeldata", "lending_club"), "Class"),
    "stackoverflow": (_in("modeldata", "stackoverflow"), "Remote"),
    "ames": (_in("modeldata", "ames"), "Sale_Price"),
    "concrete": (_in("modeldata", "concrete"), "compressive_strength"),
    "spam": (_in("kernlab", "spam"), "type"),
    "income": (_in("kernlab", "income"), "INCOME"),
    "diamonds": (_in("ggplot2", "diamonds", f"set.seed({SEED}); d[sample(nrow(d), 20000), ]"), "price"),
    "CPS1985": (_in("AER", "CPS1985"), "wage"),
    "HousePrices": (_in("AER", "HousePrices"), "price"),
    "Affairs": (_in("AER", "Affairs"), "affairs"),
    "HMDA": (_in("AER", "HMDA"), "deny"),
    "BankWages": (_in("AER", "BankWages"), "job"),
    "GSOEP9402": (_in("AER", "GSOEP9402"), "school"),
    "NMES1988": (_in("AER", "NMES1988"), "visits"),
}
FROM_SKLEARN = {
    "digits": "load_digits",
    "breast_cancer": "load_breast_cancer",
    "wine": "load_wine",
    "diabetes": "load_diabetes",
}


def read_from_r(code):
    """Return an R data frame as a pandas one.

    Raises
    ------
    ProgramFailed
        If rpy2, R or the package is missing.
    """
    try:
        import rpy2.robjects as robjects
        from rpy2.robjects import pandas2ri

        with (robjects.default_converter + pandas2ri.converter).context():
            return robjects.r(code).reset_index(drop=True)
    except Exception as error:
        raise ProgramFailed(["R", code], "can't be read", str(error)) from None


def _make_hastie():
    from sklearn.datasets import make_hastie_10_2

    X, y = make_hastie_10_2(4000, random_state=SEED)
    return pd.DataFrame(X).add_prefix("x"), pd.Series(np.where(y > 0, "outside", "inside"))


def _make_xor():
    random = np.random.default_rng(SEED)
    X = random.normal(size=(2000, 4))
    share = np.where(X[:, 0] * X[:, 1] > 0, 0.92, 0.08)
    return pd.DataFrame(X).add_prefix("x"), pd.Series(np.where(random.random(2000) < share, "same", "other"))


def _make_sine():
    random = np.random.default_rng(SEED)
    x = random.uniform(-3, 3, 1000)
    return pd.DataFrame({"x": x}), pd.Series(np.sin(3 * x) + random.normal(0, 0.25, 1000))


def _make_friedman():
    from sklearn.datasets import make_friedman1

    X, y = make_friedman1(1000, noise=1.0, random_state=SEED)
    return pd.DataFrame(X).add_prefix("x"), pd.Series(y)


MADE = {"hastie": _make_hastie, "xor": _make_xor, "sine": _make_sine, "friedman": _make_friedman}


def table_names():
    """Return the names of all tables."""
    return ["kyphosis", "sacramento", *FROM_R, *FROM_SKLEARN, *MADE]


def read_tables(names=None):
    """Return {name: Table}, from the smallest to the largest; what can't be had is said and left out."""
    tables = {}
    for name in names or table_names():
        try:
            tables[name] = _tidy(*_read(name))
        except ProgramFailed as failure:
            print(f"{name} is left out: {failure.reason}", file=sys.stderr)
    return dict(sorted(tables.items(), key=lambda item: item[1].X.size))


def _read(name):
    if name in MADE:
        return *MADE[name](), "made"
    if name in FROM_SKLEARN:
        from sklearn import datasets

        bunch = getattr(datasets, FROM_SKLEARN[name])()
        X = pd.DataFrame(bunch.data, columns=[str(c).replace(" ", "_") for c in bunch.feature_names])
        y = pd.Series(bunch.target)
        return X, y.astype(float) if name == "diabetes" else y.astype(str), "scikit-learn"
    if name in FROM_R:
        (package, code), outcome = FROM_R[name]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            data, source = read_from_r(code), f"R: {package}"
    else:
        data, outcome, source = bn.load_dataset(name), {"kyphosis": "Kyphosis"}.get(name, "price"), "bineural"
    return data.drop(columns=outcome), data[outcome], source


def _tidy(X, y, source):
    """Leave out rows without an outcome and columns of one value; text becomes categories."""
    kept = y.notna().to_numpy()
    X, y = X[kept].reset_index(drop=True), y[kept].reset_index(drop=True)
    is_class = y.dtype.kind not in "if" or y.nunique() == 2
    X = X[[name for name in X if X[name].nunique() > 1]].copy()
    for name in X:
        if X[name].dtype.kind == "b":
            X[name] = X[name].astype(int)
        elif X[name].dtype.kind not in "if":
            X[name] = pd.Categorical(X[name].astype(object))
    return Table(X, y.astype(str) if is_class else y.astype(float), source)
