#!/usr/bin/env bash
# Sets up a browser for the tests of pages and slides: a Chromium or Chrome that is there (or $BINEURAL_CHROMIUM), else Debian's.
# Whether one works is asked of the tests' own driver, tests/python/browser.py: it must show a page.
set -euo pipefail
cd "$(dirname "$0")/.."
say() { printf 'setup (browser): %s\n' "$*"; }
fail() { printf 'setup failed at the layer: %s\n  what mends it: %s\n' "$1" "$2" >&2; exit 1; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; elif sudo -n true 2>/dev/null; then sudo -n "$@"; else return 1; fi; }
can_apt() { command -v apt-get >/dev/null && as_root true; }
apt_install() {
  as_root apt-get update -qq >/dev/null
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

log=$(mktemp); trap 'rm -f "$log"' EXIT
find_browser() { browser=$(.venv/bin/python tests/python/browser.py 2>"$log"); }
why() { head -n 3 "$log" | cut -c 1-200 | paste -sd ';'; }

# Of the recommended packages only fonts: without them letters are wider than readers have them. Playwright needs libatomic.
debs="chromium fonts-liberation libatomic1"
if [ -n "${BINEURAL_CHROMIUM:-}" ]; then
  find_browser || fail "browser (BINEURAL_CHROMIUM: $(why))" "set BINEURAL_CHROMIUM to a Chromium or Chrome that starts, or unset it"
elif find_browser; then
  say "a browser is there already"
else
  if can_apt; then
    say "installing $debs with apt-get"
    apt_install $debs || say "apt-get could not install them"
  fi
  find_browser || fail "browser ($(why))" "one of
    Debian: as root, apt-get install --no-install-recommends $debs
    Ubuntu, whose chromium is a snap that can't see the tests' files: .venv/bin/playwright install --with-deps chromium
    macOS, Fedora and others: install Chrome (google.com/chrome), or run .venv/bin/playwright install chromium
    any other place: BINEURAL_CHROMIUM=/path/to/chromium"
fi
printf '%s\n' "$browser" >.stamps/browser
say "done: $("$browser" --version 2>/dev/null | head -n 1) ($browser)"
