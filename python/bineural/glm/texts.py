"""GLMs of texts: a ridge on sparse tf-idf, its strength chosen within the training rows."""

import numpy as np

from bineural import irls
from bineural.errors import InputError
from bineural.formula.design import TableRows
from bineural.inputs.estimator import Training
from bineural.inputs.given_rows import read_rows
from bineural.inputs.sklearn_columns import note_columns


def is_of_texts(model):
    """Say whether a GLM is of texts, whose columns are sparse."""
    return model.input_ is not None and model.input_.kind == "tfidf"


def begin_texts(model, kind, X, y, sample_weight, offset, exclude):
    """Check the rows, learn terms and outcome, and return the rows as `Training` with a sparse matrix.

    Parameters
    ----------
    model : GLMClassifier or GLMRegressor
        Its `input_`, and what it knows of columns and outcome, are set.
    kind : type
        The kind of input.
    X, y, sample_weight, offset, exclude
        As for `TableModel._begin_fit`.
    """
    given = read_rows(X, y, sample_weight, offset, missing=model.missing, owner=type(model).__name__)
    asked = {"missing": model.missing, "unseen": model.unseen, "exclude": exclude}
    model.preparation_ = None
    model.input_, prepared = kind.learn(given.X, weights=given.weights, formula=model.formula, **asked)
    note_columns(model, model.input_)
    given = given.kept(prepared.rows)
    model.has_offset_ = given.offset is not None
    offset = given.offset
    if prepared.offset is not None:
        offset = prepared.offset if offset is None else offset + prepared.offset
    model._levels = given.levels
    y = model._learn_outcome(given.y)
    model.n_rows_ = len(y)
    return Training(prepared.inputs, np.zeros((len(y), 0), np.int32), y, given.weights, offset)


def text_rows(prepared):
    """Return what an input of texts made of rows as the rows that a GLM takes."""
    codes = np.zeros((len(prepared), 0), np.int32)
    return TableRows(prepared.inputs, codes, prepared.offset, prepared.rows)


def solve_texts(model, training):
    """Fit the ridge, of the strength that was asked for or of one that is chosen."""
    options = model._penalised_family(training)
    link = "logit" if options["family"] == "multinomial" else model.link
    usual = {"binomial": "logit", "gaussian": "identity", "poisson": "log"}.get(options["family"])
    if (
        model.penalty == "lasso"
        or getattr(model, "method", "ml") != "ml"
        or link not in (None, "logit", usual)
    ):
        asked = [model.penalty, getattr(model, "method", "ml"), model.link]
        raise InputError(
            "A GLM of texts must be a ridge with the usual link.",
            f"Found penalty={asked[0]!r}, method={asked[1]!r}, link={asked[2]!r}.",
            "Leave them out, or make columns of the texts by `features`.",
        )
    return irls.fit_sparse_ridge(
        training.matrix,
        model._target(training),
        strength=model.strength,
        **options,
        **model._common(training),
    )
