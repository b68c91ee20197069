"""How soon a fresh process has its first net and its first GLM, beside `import keras` alone and statsmodels.

Whole scripts in fresh processes that take turns; medians. The net is the first default `fit_net` on kyphosis
(81 rows), timed by the clock from the start of Python to its end. The GLM is given in seconds of the
processor, all threads together: of the first call alone (with what that call imports), and of the whole
script with Python, imports and reading the rows.
"""

import json
import statistics

from programs import ProgramFailed, in_turns
from running import failed_row, read_command, write

FORMULA = "Kyphosis ~ Age + Number + Start"
ROWS = "import json, time\nimport bineural as bn\ndata = bn.load_dataset('kyphosis')\n"
CALL = """begun = time.perf_counter(), time.process_time()
{call}
print(json.dumps([time.perf_counter() - begun[0], time.process_time() - begun[1]]))
"""
KERAS, NET, GLM, STATSMODELS = "import keras", "first fit_net", "first fit_glm", "first GLM of statsmodels"
PROGRAMS = {
    KERAS: "import keras",
    NET: ROWS + CALL.format(call=f"bn.fit_net('{FORMULA}', data, event='present')"),
    GLM: ROWS + CALL.format(call=f"bn.fit_glm('{FORMULA}', data, event='present')"),
    STATSMODELS: "import json, time\nimport pandas, statsmodels.api as sm, statsmodels.formula.api as smf\n"
    "import bineural as bn\ndata = bn.load_dataset('kyphosis')\n"
    "data['y'] = (data['Kyphosis'] == 'present').astype(int)\n"
    + CALL.format(call="smf.glm('y ~ Age + Number + Start', data, family=sm.families.Binomial()).fit()"),
}
OWED = {
    "first fit_net in a fresh process / import keras": "<= 1.3x",
    "first fit_glm, processor time of the call": "<= 1 s",
    "first fit_glm, processor time of the whole script": "reported",
}


def summarise(answers):
    """Return medians: the whole process by the clock and of the processor, then the call alone, or None."""
    whole = [statistics.median(run[i] for run in answers) for i in (0, 1)]
    calls = [json.loads(printed.splitlines()[-1]) for _, _, printed in answers if printed]
    return [*whole, *(statistics.median(call[i] for call in calls) if calls else None for i in (0, 1))]


def main():
    quick = read_command(__doc__).quick
    repeats, lines = 1 if quick else 5, []
    heads = ["script", "whole, clock s", "whole, processor s", "call, clock s", "call, processor s"]
    lines = [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    runs, medians = in_turns(PROGRAMS, repeats), {}
    for name, answers in runs.items():
        if isinstance(answers, ProgramFailed):
            lines.append(failed_row(name, answers, len(heads)))
            continue
        medians[name] = summarise(answers)
        lines.append(f"| {name} | {' | '.join('' if s is None else f'{s:.2f}' for s in medians[name])} |")
    print("\n".join(lines))
    measured = dict.fromkeys(OWED)
    if NET in medians and KERAS in medians:
        measured["first fit_net in a fresh process / import keras"] = medians[NET][0] / medians[KERAS][0]
    if GLM in medians:
        measured["first fit_glm, processor time of the call"] = medians[GLM][3]
        measured["first fit_glm, processor time of the whole script"] = f"{medians[GLM][1]:.2f} s"
    if not quick:
        about = f"Medians of {repeats} turns, 81 rows, three columns. A call includes what it imports."
        write("bench_first", "A first result", about, ["\n".join(lines)], measured)


if __name__ == "__main__":
    main()
