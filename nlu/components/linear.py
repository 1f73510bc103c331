"""The plain half of the model: one linear machine an intent, each drawing a line between its messages and the rest.

It errs differently from the network, mostly by being less sure of itself, so the two together are surer where they
agree and ask where they do not (docs/understanding.md has the figures of each alone and of both).
"""

from typing import Any, Tuple

import numpy as np

SOFTNESS = 0.15


def learn(matrix: Any, carries: np.ndarray) -> Tuple[np.ndarray, np.ndarray]:
    """Return weights (terms x intents) and biases, from messages x terms and what each message carries."""
    from joblib import Parallel, delayed

    matrix = matrix.astype(np.float64)
    machines = Parallel(n_jobs=2, prefer="threads")(
        delayed(_machine)(matrix, carries[:, number]) for number in range(carries.shape[1])
    )
    weights = np.stack([weights for weights, _ in machines], axis=1)
    return weights.astype(np.float32), np.array([bias for _, bias in machines], np.float32)


def _machine(matrix: Any, carries: np.ndarray) -> Tuple[np.ndarray, float]:
    from scipy.sparse import csr_matrix
    from sklearn.svm import LinearSVC

    # scipy tidies a matrix when it is looked at, which two threads must not do to the same one
    own = csr_matrix((matrix.data, matrix.indices, matrix.indptr), shape=matrix.shape)
    fitted = LinearSVC(C=SOFTNESS, random_state=0).fit(own, carries)
    return fitted.coef_[0], float(fitted.intercept_[0])
