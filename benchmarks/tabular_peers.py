"""Fit RealMLP and TabM (pytabkit) to one table; run by the Python that has them, prints a line of JSON a fit.

`python tabular_peers.py FOLDER SPLIT MODEL [MODEL ...]`: FOLDER holds the table as `bench_tables.py` wrote
it. This file imports nothing of bineural.
"""

import json
import sys
import time
import warnings
from pathlib import Path


def main(folder, split, *models):
    """Fit the models to the rows of one split; predictions go to FOLDER/<model>.npy."""
    import numpy as np
    import pandas as pd
    import pytabkit
    import torch

    warnings.simplefilter("ignore")
    torch.set_num_threads(1)  # seconds are of the processor
    about = json.loads((Path(folder) / "about.json").read_text())
    categories = about["categories"]
    data = pd.read_csv(Path(folder) / "rows.csv", dtype=dict.fromkeys(categories, "category"))
    X, y = data.drop(columns="outcome"), data["outcome"]
    y = y.astype(float) if about["is_numbers"] else y.astype(str)
    numbers = [name for name in X if name not in categories]
    for name in numbers:  # pytabkit takes no missing numbers: median, as for scikit-learn's net
        X[name] = X[name].astype("float64").fillna(X[name].median())
    for name in categories:
        X[name] = X[name].cat.add_categories("missing").fillna("missing")
    train, test = (np.asarray(about["splits"][split][part]) for part in ("train", "test"))
    kind = "Regressor" if about["is_numbers"] else "Classifier"
    for name in models:
        for_log_loss = kind == "Classifier" and name.startswith("RealMLP")
        settings = {"val_metric_name": "cross_entropy", "use_ls": False} if for_log_loss else {}
        estimator = getattr(pytabkit, f"{name}_{kind}")(device="cpu", random_state=0, **settings)
        clock, busy = time.perf_counter(), time.process_time()
        estimator.fit(X.iloc[train], y.iloc[train].to_numpy(), cat_col_names=categories)
        seconds = {"clock": time.perf_counter() - clock, "processor": time.process_time() - busy}
        if about["is_numbers"]:
            predicted, classes = np.asarray(estimator.predict(X.iloc[test])), None
        else:
            predicted, classes = estimator.predict_proba(X.iloc[test]), [str(c) for c in estimator.classes_]
        np.save(Path(folder) / f"{name}.npy", np.asarray(predicted, dtype=float))
        print(json.dumps({"model": name, "classes": classes, **seconds}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
