"""The mean box: what is predicted of every image where its pixels are not looked at."""

import numpy as np

from bineural.detection.coding import N_CODED


def mean_box(y, weights=None):
    """Return the mean box of the training images with the most frequent label, coded: (n_coded,).

    Its score is how many objects there are in an image, at most 1.
    """
    coded = y.reshape(len(y), -1, N_CODED)
    images, places = np.nonzero(coded[..., 0] >= 0)
    rows, each = coded[images, places], np.ones(len(y)) if weights is None else weights
    labels, codes = np.unique(rows[:, 0], return_inverse=True)
    label = labels[np.argmax(np.bincount(codes, each[images]))]
    score = min(1.0, each[images].sum() / each.sum())
    box = np.average(rows[:, 1:5], axis=0, weights=each[images])
    answer = np.zeros((coded.shape[1], N_CODED))
    answer[:, 0] = -1
    answer[0] = [label, *box, score]
    return answer.ravel()
