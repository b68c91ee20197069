"""Contrastive divergence: what a row costs is the first output, the difference of two free energies."""

from bineural.nets.objectives.objective import Objective, register_objective


def contrast(inputs, y, outputs):
    """Return (batch,)."""
    return outputs[..., 0]


register_objective(
    Objective(
        "contrastive_divergence",
        "rows",
        loss=contrast,
        title="hidden units of rows",
        endings=("linear",),
        unit="free energy of the rows less that of made ones",
        rows_only=True,
        predict=lambda output, ending, state: output,
        task="rows",
    )
)
