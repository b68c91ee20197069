"""Ctrl-C at R's prompt during `fit_net()` gives the net that was reached, and later works as ever in R."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import rjudge  # noqa: F401  (skips or fails where R is missing)

ROOT = Path(__file__).parents[2]
CODE = r"""
suppressMessages(pkgload::load_all("ROOT", quiet = TRUE))
kyphosis <- load_dataset("kyphosis")
reticulate::py_run_string("
import time
from bineural.training import run, stack_run
def slowly(kind, method):
    original = getattr(kind, method)
    def chunk(self, *arguments):
        found = original(self, *arguments)
        print('chunk is over', flush=True)
        time.sleep(0.2)
        return found
    setattr(kind, method, chunk)
slowly(run.Run, '_chunk')
slowly(stack_run.StackRun, '_round')
run._FIRST_STEPS, run._CHUNK_SECONDS, stack_run._ROUND_WORK = 30, 0.0, 0
def wait(train=None, test=None):
    print('chunk is over', flush=True)
    for i in range(6000): time.sleep(0.1)
")
fit <- function(...) {
  fit_net(Kyphosis ~ Age + Number + Start, kyphosis,
    event = "present", units = 4, epochs = 2000, patience = NULL, seed = 1, verbose = 0, ...
  )
}
tell <- function(net) {
  shown <- any(grepl("Interrupted", capture.output(print(net))))
  finite <- all(is.finite(predict(net, kyphosis, "prob")[[1]]))
  cat("found:", net$interrupted, shown, nrow(net$history) < 2000, finite, "\n")
}
interrupted <- function(code) {
  cat("found:", tryCatch({ code; "nothing" }, interrupt = function(e) "interrupt"), "\n")
}
tell(fit())
tell(fit(ensemble = 20))
compare <- function(model) {
  comparison <- compare_models(
    list(glm = fit_glm(Kyphosis ~ Start, kyphosis, event = "present"), late = model), kyphosis,
    folds = 3, repeats = 1, seed = 1, verbose = 0
  )
  cat("found:", comparison$models, "without", comparison$unfinished, "\n")
}
compare(make_net(Kyphosis ~ Start, event = "present", units = 4, epochs = 2000, patience = NULL))
compare(reticulate::py$wait)
compare(function(train, test) {
  cat("chunk is over\n")
  Sys.sleep(600)
})
interrupted({ cat("chunk is over\n"); Sys.sleep(600) })
interrupted(reticulate::py_run_string("wait()"))
"""


class Terminal:
    """R at a terminal of its own."""

    def __init__(self, script):
        self.master, theirs = pty.openpty()
        libraries = os.pathsep.join([str(ROOT / ".Rlib"), os.environ.get("R_LIBS", "")])
        environment = {**os.environ, "RETICULATE_PYTHON": sys.executable, "R_LIBS": libraries, "TERM": "dumb"}
        environment.pop("R_HOME", None)  # rpy2 sets it for its own R
        program = ["R", "--vanilla", "--quiet", "--no-echo", "--interactive"]
        self.process = subprocess.Popen(
            program, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True
        )
        os.close(theirs)
        self.text, self.seen = "", 0
        os.write(self.master, f'source("{script}")\n'.encode())

    def wait_for(self, pattern, seconds=600):
        """Read on until the pattern comes; return its groups."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = re.compile(pattern).search(self.text, self.seen)
            if found:
                self.seen = found.end()
                return found.groups()
            if select.select([self.master], [], [], 1.0)[0]:
                self.text += os.read(self.master, 65536).decode(errors="replace").replace("\r", "")
        raise TimeoutError(f"{pattern} after {self.text[-3000:]}")


@pytest.mark.long
def test_ctrl_c_at_the_prompt(tmp_path):
    script = tmp_path / "code.R"
    script.write_text(CODE.replace("ROOT", str(ROOT)))
    r = Terminal(script)
    try:
        found = []
        for _ in range(7):
            r.wait_for("chunk is over")
            r.process.send_signal(signal.SIGINT)
            found += r.wait_for(r"found: (.*?) *\n")
        part = "glm null without late"
        assert found == ["TRUE TRUE TRUE TRUE"] * 2 + [part] * 3 + ["interrupt"] * 2, r.text
        r.wait_for("Training was interrupted after [0-9]+ of at most 2000 epochs")
        r.wait_for("20 of 20 members had begun")
    finally:
        r.process.kill()
        r.process.wait()
        os.close(r.master)
