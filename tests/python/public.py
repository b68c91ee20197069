"""Every public name of the package: those at the top, and the mechanisms in `bineural.fundamentals`."""

import bineural

PUBLIC = {
    name: getattr(bineural, name) for name in bineural.__all__ if name not in ("__version__", "fundamentals")
}
PUBLIC |= {name: getattr(bineural.fundamentals, name) for name in bineural.fundamentals.__all__}
