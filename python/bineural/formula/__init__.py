"""Formulas as R reads them: syntax (trees), guard (what is allowed), terms (algebra), values, splines, contrasts."""
