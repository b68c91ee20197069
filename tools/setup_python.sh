#!/usr/bin/env bash
# Sets up Python for bineural: .venv with the locked packages, bineural itself (editable) and, where R is there, rpy2 for the tests.
set -euo pipefail
cd "$(dirname "$0")/.."
say() { printf 'setup (Python): %s\n' "$*"; }
fail() { printf 'setup failed at the layer: %s\n  what mends it: %s\n' "$1" "$2" >&2; exit 1; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; elif sudo -n true 2>/dev/null; then sudo -n "$@"; else return 1; fi; }
apt_install() {
  command -v apt-get >/dev/null && as_root apt-get update -qq >/dev/null &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# 1. an interpreter, 3.11 or newer
PYTHON=${PYTHON:-}
for candidate in $PYTHON python3 python3.14 python3.13 python3.12 python3.11; do
  if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then PYTHON=$candidate; break; fi
done
[ -n "$PYTHON" ] && command -v "$PYTHON" >/dev/null || fail "Python 3.11 or newer" "apt-get install python3 python3-venv   (or set PYTHON=/path/to/python3)"

# 2. a virtual environment and uv in it
if [ ! -x .venv/bin/python ]; then
  say "making .venv with $("$PYTHON" --version)"
  "$PYTHON" -m venv .venv >/dev/null 2>&1 || {
    rm -rf .venv
    apt_install python3-venv && "$PYTHON" -m venv .venv
  } || fail "virtual environment" "as root: apt-get install python3-venv"
fi
[ -x .venv/bin/uv ] || .venv/bin/python -m pip install -q --disable-pip-version-check uv 2>/dev/null || .venv/bin/python -m pip install -q uv ||
  fail "uv (needs the Python package index)" ".venv/bin/python -m pip install uv"
uv() { VIRTUAL_ENV="$PWD/.venv" .venv/bin/uv --quiet "$@"; }

# 3. the locked packages, compiled once rather than at every start where Python may not write, then bineural
say "installing the locked packages"
uv pip install --compile-bytecode -r requirements.lock || fail "Python packages" "VIRTUAL_ENV=.venv .venv/bin/uv pip install -r requirements.lock"
uv pip install --no-deps -e . || fail "bineural itself" "VIRTUAL_ENV=.venv .venv/bin/uv pip install --no-deps -e ."

# 4. rpy2, with which R judges our numbers in the tests; its version follows R's
if command -v Rscript >/dev/null; then
  if ! .venv/bin/python -c 'import rpy2' 2>/dev/null; then
    if Rscript --vanilla -e 'q(status = getRversion() < "4.5")'; then spec='rpy2>=3.6'; else spec='rpy2==3.5.17'; fi
    say "installing $spec (built against this R)"
    headers=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("include"))')
    [ -f "$headers/Python.h" ] && command -v gcc >/dev/null || apt_install r-base-dev python3-dev gcc || true
    log=$(mktemp)
    uv pip install "$spec" >"$log" 2>&1 || { tail -n 20 "$log" >&2; fail "$spec" "as root: apt-get install r-base-dev python3-dev gcc"; }
    rm -f "$log"
  fi
fi
say "done: $(.venv/bin/python --version)"
