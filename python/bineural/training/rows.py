"""The old place of `training_rows`."""

from bineural.training.training_rows import some_rows  # noqa: F401
