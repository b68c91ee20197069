"""Work in other processes, here or on a cluster: joblib says where, and how many at the same time.

`in_workers` runs one function on many jobs. What all jobs share travels once. A process that dies costs a
second try of what it did, or an error that names it; nothing waits for ever.
"""

from bineural.workers.calls import in_a_worker
from bineural.workers.running import count_workers, in_workers

__all__ = ["count_workers", "in_a_worker", "in_workers"]
