"""Writes python/bineural/data/sdss2019.json, the frozen split behind the workshop's published AUROC of 0.719.

The workshop (SDSS 2019) set no seed. Its rsample (0.0.4, May 2019) sampled floor(n * 0.25) test rows of each
class; with R's present random stream, seed 10 does that with the published result: 46 of 64 pairs in order.
The same in R: set.seed(10); sort(sample(which(absent), 16)); sort(sample(which(present), 4)).
"""

import numpy as np

import bineural as bn
from bineural.splitting.r_random import RRandom
from bineural.splitting.resamples import other_rows

kyphosis = bn.load_dataset("kyphosis")
stream = RRandom(10)
test_ids = []
for level in ("absent", "present"):
    rows = np.flatnonzero(kyphosis["Kyphosis"] == level)
    test_ids.append(np.sort(rows[stream.sample(len(rows), len(rows) // 4)]))
test_ids = np.sort(np.concatenate(test_ids))
split = bn.Split(kyphosis, other_rows(test_ids, len(kyphosis)), test_ids, len(kyphosis), strata="Kyphosis")
print(bn.save_split(split, "python/bineural/data/sdss2019.json"), (test_ids + 1).tolist())
