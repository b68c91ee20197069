"""What verbs return that is no fitted model: what it is called in messages, and where the model is."""

_OF_MODELS = {  # what is asked of fitted models, and not of what else verbs return
    *("predict", "predict_proba", "predict_event", "predict_link", "predict_spread", "predict_features"),
    *("decision_function", "residuals", "coef", "coefficients", "confint", "vcov", "glance", "summary"),
    *("coef_", "intercept_", "classes_", "history_", "weights_", "keras_model_", "n_weights_"),
}


class NotAModel:
    """Parent of records that a user may take for a fitted model.

    Attributes
    ----------
    called : str
        What it is, to follow "It is": "a net that make_net() described".
    instead : str
        Sentence that says where the model is.
    """

    called = "no fitted model"
    instead = "Fit one with fit_glm or fit_net."

    def __getattr__(self, name):
        """Say of what fitted models have that this has none."""
        if name in _OF_MODELS:
            sentences = f"`{name}` must be asked of a fitted model.", f"It is {self.called}.", self.instead
            raise AttributeError("\n".join(sentences), name=name, obj=self)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self)


def called(value):
    """Say what something is that is no fitted model, to follow "It is"."""
    return value.called if isinstance(value, NotAModel) else f"of type {type(value).__name__}"


def instead(value, hint):
    """Return the sentence that says where the model is, or `hint` of what has none."""
    return value.instead if isinstance(value, NotAModel) else hint


def is_fitted(model):
    """Say whether an estimator is fitted; True of what is none."""
    from sklearn.exceptions import NotFittedError
    from sklearn.utils.validation import check_is_fitted

    try:
        check_is_fitted(model)
    except NotFittedError:
        return False
    except TypeError:  # no estimator of scikit-learn's
        pass
    return True
