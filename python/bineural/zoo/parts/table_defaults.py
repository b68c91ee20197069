"""Defaults of the architectures for tables; `benchmarks/bench_tables.py` says what speaks for them."""

LEARNING_RATE = 0.01  # of Adam; columns are standardised
PRIOR_PRECISION = 1.0  # of normal weights a priori, which the default penalty stands for
PRECISIONS = (0.1, 1.0, 10.0)  # that an ensemble chooses among by the rows it watches
UNITS_BY_ROWS = ((0, (64, 32)),)  # from so many rows trained on, hidden layers of these widths
BATCH_BY_ROWS = ((0, 32), (1_000, 64), (2_000, 128), (10_000, 256))  # and so many rows in a step
