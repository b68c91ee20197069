"""Formulas as R reads them.

syntax (text to trees), guard (what is allowed), algebra and terms (products of variables), values (what trees
are worth: arithmetic, functions, categories, splines), variables, contrasts, layout (columns and names),
outcome (the left side).
"""
