"""Write `__init__.pyi` of the packages whose names are resolved lazily, for type checkers and editors.

Run by `make docs`; `tests/python/test_typing.py` fails where a stub has fallen behind.
"""

import importlib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ["bineural", "bineural.fundamentals"]


def stub(package):
    """Return the text of a package's stub: every public name from the file that holds it."""
    module = importlib.import_module(package)
    lines = [f'"""Public names of `{package}`; written by `tools/build_stubs.py`."""', ""]
    homes = {}
    for name in module.__all__:
        if name in ("__version__", "fundamentals"):
            continue
        homes.setdefault(getattr(module, name).__module__, []).append(name)
    if "fundamentals" in module.__all__:
        lines.append("from bineural import fundamentals as fundamentals")
    for home, names in sorted(homes.items()):
        lines += [f"from {home} import {name} as {name}" for name in sorted(names)]
    if "__version__" in module.__all__:
        lines += ["", "__version__: str"]
    return "\n".join(lines) + "\n"


def path_of(package):
    """Return where a package's stub stands."""
    return ROOT / "python" / Path(*package.split(".")) / "__init__.pyi"


if __name__ == "__main__":
    for package in PACKAGES:
        path_of(package).write_text(stub(package))
