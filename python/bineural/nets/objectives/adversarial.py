"""Two nets that compete: a generator makes rows of noise, a discriminator tells them from real ones."""

from bineural.nets.objectives.objective import Objective, register_objective


def _step():
    from bineural.nets.adversarial_step import adversarial_step

    return adversarial_step()


register_objective(
    Objective(
        "adversarial",
        "rows",
        loss="adversarial",
        step=_step,
        title="rows made of noise",
        endings=("linear",),
        unit="nats a row, of both nets",
        count_outputs=lambda n: 2,
        allow_outputs=lambda n: (2,),
        predict=lambda output, ending, state: output,
        task="samples",
        measure="two_sample",
    )
)
