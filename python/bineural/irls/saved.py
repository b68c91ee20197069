"""What the records of fits must be when they come from a file (see `bundles/schema.py`)."""

from bineural.bundles.schema import array, list_of, may_lack, number, one_of, optional, text, truth, whole

_numbers = array("f", ndim=None)
_count = whole()

IRLS_FIT = {
    **dict.fromkeys(("coef", "std_error", "statistic", "p_value", "fitted", "linear_predictor"), array("f")),
    "vcov": array("f", ndim=2),
    "aliased": array("b"),
    **dict.fromkeys(
        ("deviance", "null_deviance", "aic", "bic", "log_lik", "dispersion", "last_step"), number()
    ),
    **dict.fromkeys(("rank", "df_null", "iterations", "n_rows"), _count),
    "df_residual": whole(-(2**63)),
    "converged": truth,
    "boundary": truth,
    "beyond_r": may_lack(truth),
    "statistic_name": one_of("z", "t"),
    "family": text,
    "link": text,
    "intercept": truth,
    "theta_error": may_lack(optional(number())),
}
MULTINOMIAL_FIT = {
    **dict.fromkeys(("coef", "std_error", "statistic", "p_value", "vcov", "fitted"), array("f", ndim=2)),
    "aliased": array("b"),
    **dict.fromkeys(("deviance", "null_deviance", "aic", "bic", "log_lik", "last_step"), number()),
    **dict.fromkeys(("rank", "n_parameters", "iterations", "n_rows"), _count),
    **dict.fromkeys(("df_residual", "df_null"), whole(-(2**63))),
    "converged": truth,
    "intercept": truth,
}
PENALISED_FIT = {
    "coef": _numbers,
    "fitted": _numbers,
    "deviance": number(),
    "n_nonzero": _count,
    "centers": array("f"),
    "scales": array("f"),
    "converged": truth,
    "family": text,
    "link": text,
    "penalty": text,
    "strength": number(),
    "intercept": truth,
    "n_rows": _count,
}
SEPARATION = {
    "kind": one_of("none", "quasi", "complete"),
    "columns": list_of(text),
    "direction": optional(array("f")),
}
