"""Solves (K + 1e-3 I) X = B for a polynomial kernel and ten right-hand sides with scipy's Cholesky factorisation,
float64, overwriting its copy of the matrix: what a careful SciPy user writes.

    apt-get install python3-scipy libopenblas0-pthread
    python3 scipy_cholesky.py N
"""
import json, resource, sys, time
import numpy as np
from scipy.linalg import cho_factor, cho_solve

n = int(sys.argv[1])
rng = np.random.default_rng(0)
x = rng.standard_normal((n, 64))
k = (1 + x @ x.T / 64) ** 3
y = rng.standard_normal((n, 10))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
start = time.perf_counter()
a = k.copy()
a[np.diag_indices(n)] += 1e-3
solution = cho_solve(cho_factor(a, lower=True, overwrite_a=True), y)
seconds = time.perf_counter() - start
residual = k @ solution + 1e-3 * solution - y
print(json.dumps({
    "peer": "scipy", "n": n, "seconds": seconds,
    "residual": float(np.linalg.norm(residual) / np.linalg.norm(y)),
    "rss_before_bytes": before,
    "peak_rss_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
}))
