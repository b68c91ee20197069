"""Writes R/nets-options.R from the table of options in python/bineural/nets/options.py."""

from pathlib import Path

from bineural.nets.options_in_r import r_source

Path(__file__).parents[1].joinpath("R/nets-options.R").write_text(r_source())
