"""`import bineural` and `bineural --help` are light: they load none of the heavy libraries."""

import os
import subprocess
import sys

import pytest

import bineural
from public import PUBLIC

HEAVY = {"tensorflow", "keras", "sklearn", "statsmodels", "pandas"}
HEAVY |= {"scipy", "matplotlib", "numpy"}


def loaded_after(code):
    """Run code in a fresh Python and return the top-level modules it loaded."""
    program = f"{code}\nimport sys\nprint('loaded', *sorted({{m.split('.')[0] for m in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split()[1:])


def test_import_loads_nothing_heavy():
    assert not HEAVY & loaded_after("import bineural; dir(bineural); bineural.InputError")


def test_help_loads_nothing_heavy():
    code = "from bineural.cli import main\ntry:\n    main(['--help'])\nexcept SystemExit:\n    pass"
    assert not HEAVY & loaded_after(code)


def test_sitrep_loads_nothing_heavy():
    assert not {"tensorflow", "keras", "sklearn", "pandas"} & loaded_after(
        "import bineural; bineural.sitrep()"
    )


def test_measures_need_numpy_alone():
    code = "import bineural\nbineural.auroc([0, 1, 0, 1], [0.1, 0.4, 0.2, 0.8])"
    assert not {"tensorflow", "keras", "sklearn", "pandas"} & loaded_after(code)


@pytest.mark.parametrize("name", list(PUBLIC))
def test_every_public_name_resolves_and_is_documented(name):
    assert (PUBLIC[name].__doc__ or "").strip()


def test_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no_such_name"):
        bineural.no_such_name  # noqa: B018


@pytest.mark.long
def test_tensorflow_starts_without_a_word():
    code = "import bineural.training\nbineural.training.list_devices()"
    environment = {k: v for k, v in os.environ.items() if k != "TF_CPP_MIN_LOG_LEVEL"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
