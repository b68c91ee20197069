#!/usr/bin/env bash
# Sets up R for bineural: R, the packages DESCRIPTION names, reticulate >= 1.41. Each step runs only if the one before did not suffice.
set -euo pipefail
cd "$(dirname "$0")/.."
LIB="$PWD/.Rlib"
export R_LIBS="$LIB${R_LIBS:+:$R_LIBS}"
RETICULATE_MIN=1.41

packages="testthat knitr rmarkdown ggplot2 rsample recipes hardhat generics tibble broom pROC mlbench modeldata \
rpart mgcv MASS nnet roxygen2 pkgload lintr bench Rcpp RcppTOML here jsonlite png rappdirs rlang withr Matrix cli"

say() { printf 'setup (R): %s\n' "$*"; }
fail() { printf 'setup failed at the layer: %s\n  what mends it: %s\n' "$1" "$2" >&2; exit 1; }

missing_packages() {
  command -v Rscript >/dev/null || { echo "R"; return; }
  Rscript --vanilla -e 'p <- commandArgs(TRUE); cat(p[!vapply(p, requireNamespace, NA, quietly = TRUE)])' $packages 2>/dev/null || echo "R"
}
reticulate_ok() {
  Rscript --vanilla -e "q(status = !(requireNamespace('reticulate', quietly = TRUE) && packageVersion('reticulate') >= '$RETICULATE_MIN'))" 2>/dev/null
}
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; elif sudo -n true 2>/dev/null; then sudo -n "$@"; else return 1; fi; }
can_apt() { command -v apt-get >/dev/null && as_root true; }

apt_install() {
  as_root apt-get update -qq >/dev/null
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# 1. R and the packages: what is there already, else Debian's prebuilt ones, else the user's CRAN mirror
missing=$(missing_packages)
if [ -z "$missing" ]; then
  say "R and its packages are there already"
else
  debs="r-base-core r-base-dev pandoc"
  for p in $packages; do debs="$debs r-cran-$(printf %s "$p" | tr '[:upper:]' '[:lower:]')"; done
  if can_apt; then
    say "installing R packages with apt-get ($(printf %s "$missing" | wc -w) missing)"
    apt_install $debs || fail "R packages by apt-get" "apt-get install --no-install-recommends $debs"
  elif [ "$missing" = R ]; then
    fail "R itself" "as root: apt-get install --no-install-recommends $debs"
  fi
  missing=$(missing_packages)
  if [ -n "$missing" ]; then
    say "installing from the configured CRAN mirror: $missing"
    mkdir -p "$LIB"
    timeout 900 Rscript -e 'p <- commandArgs(TRUE); r <- getOption("repos"); if (is.na(r["CRAN"]) || r["CRAN"] == "@CRAN@") q(status = 1)
      install.packages(p, lib = .libPaths()[1])' $missing >/dev/null 2>&1 || true
    missing=$(missing_packages)
    [ -z "$missing" ] || fail "R packages ($missing)" "install.packages(c($(printf "'%s'," $missing | sed 's/,$//')))"
  fi
fi

# 2. reticulate: Debian stable's is too old for NumPy 2
if reticulate_ok; then
  say "reticulate >= $RETICULATE_MIN is there already"
else
  mkdir -p "$LIB"
  say "building reticulate >= $RETICULATE_MIN into .Rlib"
  timeout 300 Rscript -e "r <- getOption('repos'); if (is.na(r['CRAN']) || r['CRAN'] == '@CRAN@') q(status = 1)
    install.packages('reticulate', lib = '$LIB')" >/dev/null 2>&1 || true
  if ! reticulate_ok && command -v apt-get >/dev/null; then
    # the next release's source package, through apt itself and the mirror this machine already uses
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep '/debian/\?$' | head -n 1 || true)
    [ -n "$mirror" ] || fail "reticulate >= $RETICULATE_MIN (no CRAN mirror answered)" "Rscript -e 'install.packages(\"reticulate\", lib = \"$LIB\")'"
    work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
    mkdir -p "$work/lists/partial" "$work/src"
    echo "deb-src $mirror trixie main" > "$work/src.list"
    opts="-o Dir::Etc::SourceList=$work/src.list -o Dir::Etc::SourceParts=/dev/null -o Dir::State::Lists=$work/lists -o APT::Sandbox::User=root"
    apt-get $opts update -qq >/dev/null || fail "reticulate's source (apt-get update)" "Rscript -e 'install.packages(\"reticulate\")'"
    (cd "$work" && apt-get $opts source -qq --tar-only --download-only r-cran-reticulate >/dev/null 2>&1) ||
      fail "reticulate's source (apt-get source)" "Rscript -e 'install.packages(\"reticulate\")'"
    tar xf "$work"/r-cran-reticulate_*.orig.tar.xz -C "$work/src" --strip-components=1
    R CMD INSTALL --no-docs --library="$LIB" "$work/src" >"$work/log" 2>&1 || { tail -n 20 "$work/log" >&2; fail "reticulate (build)" "apt-get install r-base-dev"; }
  fi
  reticulate_ok || fail "reticulate >= $RETICULATE_MIN" "Rscript -e 'install.packages(\"reticulate\")'"
fi
say "done: $(Rscript --vanilla -e 'cat(R.version.string, "| reticulate", format(packageVersion("reticulate")))')"
