"""One thread for matrix products: a course's are small, and on a busy machine a second thread only waits."""

import os


def one_blas_thread():
    """However the lab was started, and whether numpy is loaded or not; unless the environment gives a number.

    What is loaded is told by threadpoolctl, which comes with scikit-learn. Without it only what is loaded
    later listens.
    """
    if os.environ.setdefault("OPENBLAS_NUM_THREADS", "1") != "1":
        return
    try:
        from threadpoolctl import threadpool_limits
    except ImportError:
        return
    threadpool_limits(1, user_api="blas")
