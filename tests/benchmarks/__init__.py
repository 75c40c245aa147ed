"""Benchmarks: bplib beside its peers, measured in one run. `python -m tests.benchmarks --help` says how.

Not a part of the test suite: how fast a machine is does not make a change right or wrong.
"""

import os

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[threads] = "1"  # the same for everybody, and before numpy is imported
