"""Kernel ridge regression with scikit-learn on a precomputed kernel, one fit for every value of the ridge from 1e-3 to
1e3; ten outputs, float64.

    apt-get install python3-sklearn libopenblas0-pthread
    python3 sklearn_krr.py N LAMBDAS
Prints one line of JSON.
"""
import json, resource, sys, time
import numpy as np
from sklearn.kernel_ridge import KernelRidge

n, count = int(sys.argv[1]), int(sys.argv[2])
rng = np.random.default_rng(0)
x = rng.standard_normal((n, 64))
k = (1 + x @ x.T / 64) ** 3
y = rng.standard_normal((n, 10))
start = time.perf_counter()
for ridge in np.logspace(-3, 3, count):
    KernelRidge(alpha=ridge, kernel="precomputed").fit(k, y)
print(json.dumps({
    "peer": "scikit-learn", "n": n, "lambdas": count, "seconds": time.perf_counter() - start,
    "peak_rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
}))
