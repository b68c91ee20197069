"""A handler for vetiver: `VetiverModel(model, "net", prototype_data=rows)` takes fitted models.

Call `register_handler()` once before.

Its service answers with probabilities of each class, or numbers, by the names that `bineural predict` gives.
A model goes to a board as its bundle does: pickled whole by joblib, with the weights of its nets.
"""

from bineural.exporting.extras import need
from bineural.serving.predicting import predict_table


def register_handler():
    """Let vetiver know the models of bineural; done once is enough.

    Returns
    -------
    type
        The handler.

    Raises
    ------
    InputError
        If vetiver is not there.
    """
    need("vetiver")
    import pandas as pd
    from vetiver.handlers.base import BaseHandler

    from bineural.inputs.estimator import TableModel

    class BineuralHandler(BaseHandler):
        """Fitted models of bineural in vetiver."""

        model_class = staticmethod(lambda: TableModel)
        pip_name = "bineural"

        def describe(self):
            """Describe the model: what it is, and of what formula."""
            formula = getattr(self.model, "formula_", None)
            return f"A bineural {type(self.model).__name__}{f' of {formula}' if formula else ''}"

        def handler_predict(self, input_data, check_prototype):
            """Predict rows: a list of dicts, {".pred_<class>": probability, ...} or {".pred": number}."""
            if not isinstance(input_data, pd.DataFrame):
                rows = input_data if isinstance(input_data, list) else [input_data]
                input_data = pd.DataFrame(
                    [row.model_dump() if hasattr(row, "model_dump") else row for row in rows]
                )
            table, _ = predict_table(self.model, input_data)
            return table.astype(object).where(table.notna(), None).to_dict("records")

    return BineuralHandler
