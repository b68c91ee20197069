"""Sparse matrices in many fits at once: the same nets as of the rows with their zeros written out."""

import numpy as np
import pandas as pd
import pytest
import scipy.sparse

import bineural as bn
from long_cases import long_but

SPARSE = scipy.sparse.random_array((80, 5), density=0.4, rng=1, format="csr")
DENSE = SPARSE.toarray()
Y = np.where(DENSE[:, 0] > DENSE[:, 1], "yes", "no")
QUICK = {"event": "yes", "epochs": 2, "ensemble": 1, "units": (3,), "seed": 1}


def test_a_stack_of_nets_is_that_of_dense_rows():
    of_sparse, of_dense = (
        bn.fit_nets(x, Y, folds=bn.make_folds(x, 2, strata=Y, seed=1), **QUICK).nets for x in (SPARSE, DENSE)
    )
    for a, b in zip(of_sparse, of_dense):
        np.testing.assert_array_equal(a.predict_event(SPARSE), b.predict_event(DENSE))


@pytest.mark.parametrize("kind", long_but(["csc_array", "coo_matrix", "dok_array"], "coo_matrix"))
def test_tuning_takes_them_of_every_kind(kind):
    x = getattr(scipy.sparse, kind)(SPARSE)
    settings = [{"l2": 0.1}, {"l2": 1.0}]
    tables = [bn.tune_net(rows, Y, settings, folds=2, **QUICK).table for rows in (x, DENSE)]
    pd.testing.assert_frame_equal(*tables)
