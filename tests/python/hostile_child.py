"""Load each file of a folder and use what was loaded; one line of JSON says how it went. Run as a script.

Memory is bound to what the imports took and `ROOM` more; work on a file is cut off after `SECONDS` of the
processor, however busy the machine is.
"""

import json
import resource
import signal
import sys
import time
import warnings
from pathlib import Path

ROOM = 700 * 2**20
SECONDS = 10


def try_file(path, rows):
    """Load a file and use it: return ("refused" or "used", text)."""
    from bineural import splitting
    from bineural.errors import SavingError
    from bineural.saving import models as saving

    try:
        if path.suffix == ".json":
            repr(splitting.load_split(path))
            return "used", ""
        model = saving.load_model(path)
    except SavingError as error:
        cause = error
        while cause is not None:
            if isinstance(cause, (MemoryError, TimeoutError)):
                return type(cause).__name__, str(error)
            cause = cause.__cause__ or cause.__context__
        return "refused" if error.must and error.found and error.hint else "without three sentences", str(
            error
        )
    model.predict(rows), model.summary(), repr(model)
    return "used", ""


def main(folder, with_keras):
    """Try all files of a folder."""
    import numpy as np
    import pandas as pd

    from bineural.saving import models as saving  # noqa: F401

    if with_keras:
        from bineural._tensorflow import keras
        from bineural.nets import layouts  # noqa: F401

        keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]).predict(np.zeros((1, 2)), verbose=0)
    columns = json.loads((Path(__file__).parents[1] / "reference/bundles/rows.json").read_text())
    rows = pd.DataFrame(columns)[:5]
    pages = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (pages + ROOM, pages + ROOM))
    signal.signal(signal.SIGPROF, stop)
    for path in sorted(Path(folder).glob("*.*")):
        before, begun = peak(), time.process_time()
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                outcome, said = try_file(path, rows)
        except BaseException as error:  # whatever it is, it is told
            outcome, said = type(error).__name__, str(error)
        signal.setitimer(signal.ITIMER_PROF, 0)
        seconds, grown = time.process_time() - begun, peak() - before
        print(json.dumps([path.name, outcome, said[:500], round(seconds, 2), grown]), flush=True)
    print(json.dumps(["modules", "tensorflow" in sys.modules]))


def stop(*_):
    """Cut off work that takes too long."""
    raise TimeoutError("took too long")


def peak():
    """Return the most memory so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] == "keras")
