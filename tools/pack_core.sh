#!/usr/bin/env bash
# Packs the Python core of a copy of the sources into inst/python.tar.xz, as a built R package has it: a third of the
# size. `tools/pack_core.sh build/check/bineural`; a checkout itself keeps its link to the sources.
set -euo pipefail
cd "$1"
test -L inst/python || { echo "$1/inst/python must be the link to the sources of a copy." >&2; exit 1; }
tar -chJf inst/python.tar.xz --exclude=__pycache__ --sort=name --owner=0 --group=0 --mtime=@0 -C python bineural
rm inst/python
