"""`bineural forecast`: the next steps of the series in a file, or forecasters compared over origins."""

from bineural.checks import check_count
from bineural.cli.arguments import add_data, read_data, words
from bineural.cli.command import Command
from bineural.cli.own_options import add_own_options, read_own_options
from bineural.errors import InputError

_NAMES = "naive, snaive, drift, mean, ar, ets, arima, net, or the architecture of a net"
_PLACE = ("season", "time", "series", "known", "seed")


def _add_arguments(parser):
    add_data(parser, exclude=True)
    add = parser.add_argument
    add("--outcome", required=True, help="column that is forecast")
    add("--horizon", type=int, required=True, help="steps to forecast, such as 12")
    add("--season", type=int, help="steps in a season: 12 for months (default: none)")
    add("--time", help="column of times, equally far apart (default: the rows are in order)")
    add("--series", help="column that says which series a row is of")
    add("--known", type=words, help="columns of numbers that are known ahead: holiday,price")
    add("--calendar", type=words, help="waves of the calendar: hour, weekday, month, year_day")
    add("--lags", type=int, help="past values that a window has")
    add("--architecture", default="mlp", help=f"{_NAMES.replace(' net,', '')} (default: mlp)")
    add_own_options(parser)
    add("--level", type=float, default=0.95, help="level of the intervals (default: 0.95)")
    add("--origins", type=int, help="past origins: for the intervals, or with --compare that are compared")
    add("--seed", type=int, help="the same seed gives the same numbers, in Python and in R")
    add("--out", help="CSV file for the forecasts (default: they are printed)")
    add("--save", help="file for the fitted forecaster, for example model.bineural")
    add("--compare", type=words, metavar="MODELS", help=f"compare over origins instead: {_NAMES}")
    add("--step", type=int, default=1, help="with --compare: times from one origin to the next (default: 1)")
    add("--measure", help="with --compare: mase, rmsse or pinball (default: mase)")
    add("--report", help="with --compare: file to write, for example report.html")
    add("--checkpoint", help="with --compare: file kept as models are finished, to go on from")


def _run(arguments):
    check_count(arguments.horizon, "--horizon", hint="Try 12.")
    data = read_data(arguments)
    return _compare(arguments, data) if arguments.compare else _forecast(arguments, data)


def _forecast(arguments, data):
    from bineural.files import check_writable, write_atomically
    from bineural.forecasting.fitting import fit_forecast
    from bineural.forecasting.methods import METHODS
    from bineural.saving.models import save_model

    given = [f"--{name}" for name in ("report", "checkpoint", "measure") if getattr(arguments, name)]
    if given:
        raise InputError(
            "What is for a comparison must come with `--compare`.",
            f"Found {', '.join(given)}.",
            "Leave that out, or name the forecasters, as in --compare net,ar.",
        )
    for file, name in ((arguments.out, "--out"), (arguments.save, "--save")):
        if file:
            check_writable(file, name)
    architecture = "mlp" if arguments.architecture == "net" else arguments.architecture
    options = {name: getattr(arguments, name) for name in (*_PLACE, "calendar", "lags", "origins", "horizon")}
    names = [] if architecture in METHODS else [architecture]
    options |= read_own_options(arguments, names).get(architecture, {})
    model = fit_forecast(data, arguments.outcome, architecture=architecture, **options)
    forecasts = model.forecast(level=arguments.level)
    print(model.summary())
    if arguments.save:
        path = save_model(model, arguments.save)
        print(f"Wrote {path} ({path.stat().st_size:,} bytes).")
    if arguments.out:
        path = write_atomically(arguments.out, forecasts.to_csv(index=False).encode())
        print(f"Wrote {path} ({len(forecasts):,} forecasts).")
    else:
        print()
        print(forecasts.to_string(index=False, float_format=lambda number: f"{number:.6g}"))
    return 0


def _compare(arguments, data):
    from bineural.comparing.compare import compare_models
    from bineural.nets.values import make_net
    from bineural.reporting.report import REPORT_FILE, write_report
    from bineural.zoo.architecture import architecture_names

    given = [f"--{name}" for name in ("out", "save", "calendar", "lags") if getattr(arguments, name)]
    if given:
        raise InputError(
            "`--compare` must come without what is for one forecaster.",
            f"Found {', '.join(given)}.",
            "Leave that out, or leave --compare out.",
        )
    if arguments.report:
        REPORT_FILE(arguments.report, "--report")
    names = (*_PLACE, "origins", "horizon", "step", "measure", "level", "checkpoint")
    options = {name: getattr(arguments, name) for name in names}
    names = [name for name in arguments.compare if name in (architecture_names() if arguments.option else ())]
    own = read_own_options(arguments, names)
    models = {
        name: make_net(architecture=name, **own[name]) if name in own else name for name in arguments.compare
    }
    comparison = compare_models(models if own else arguments.compare, data, arguments.outcome, **options)
    print(comparison)
    if arguments.report:
        path = write_report(comparison, arguments.report, source=arguments.data)
        print(f"\nWrote {path} ({path.stat().st_size:,} bytes).")
    print(f"\n{comparison.verdict}")
    return 0


COMMAND = Command(
    "Forecast the series in a file, or compare forecasters over past origins", _add_arguments, _run, place=5
)
