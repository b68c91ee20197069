#!/usr/bin/env bash
# Runs the tests of models and files with the lowest version of every package that pyproject.toml allows, in .venv-lowest.
set -euo pipefail
cd "$(dirname "$0")/.."
tests="test_glm test_net test_nets test_saving test_encoding test_hostile_bundles test_fuzz_files test_datasets test_frames
 test_formula test_preparation test_splitting test_time_order test_labels test_manifests test_evaluation test_comparing test_fingerprint"
uv() { VIRTUAL_ENV="$PWD/.venv-lowest" .venv/bin/uv --quiet "$@"; }
locked() { grep -E "^($1)==" requirements.lock | sed 's/ .*//'; }  # what only the tests use is not tested itself

if [ ! -e .stamps/lowest ] || [ pyproject.toml -nt .stamps/lowest ]; then
  echo "lowest versions: making .venv-lowest"
  rm -rf .venv-lowest
  .venv/bin/python -m venv .venv-lowest
  .venv/bin/uv --quiet pip compile pyproject.toml --resolution lowest-direct --no-header --no-emit-index-url -o .stamps/lowest.txt >/dev/null
  uv pip install -r .stamps/lowest.txt $(locked "pytest|pytest-timeout|pytest-xdist|playwright|polars|statsmodels|gymnasium|farama-notifications")
  uv pip install "rpy2==$(.venv/bin/python -c 'from importlib.metadata import version; print(version("rpy2"))')"
  touch .stamps/lowest
fi

.venv-lowest/bin/python - <<'CHECK'
import re
from importlib.metadata import version

text = open("pyproject.toml").read().split("dependencies = [")[1].split("]")[0]
for name, floor in re.findall(r'"([\w-]+)>=([\d.]+)', text):
    try:
        found = version(name)
    except Exception:
        continue  # of another processor
    parts = lambda v: [int(p) for p in v.split(".")[:3]]
    if (parts(found) + [0, 0])[:3] != (parts(floor) + [0, 0])[:3]:
        raise SystemExit(f"{name} is {found}, the lowest allowed is {floor}: state the version that is tested.")
    print(f"lowest versions: {name} {found}")
CHECK
export PYTHONPATH=python RETICULATE_PYTHON="$PWD/.venv-lowest/bin/python"
files=""
for name in $tests; do [ -e "tests/python/$name.py" ] && files="$files tests/python/$name.py"; done
.venv-lowest/bin/python -m pytest -q -n auto --dist loadfile $files
