"""A cluster whose workers die, played by a stand-in: what is tried again, what is named, and what ends."""

from collections import Counter

import pytest

import bineural as bn
from bineural.workers import clusters
from bineural.workers.calls import Heard


class StandIn:
    """A cluster that answers in an odd order, and whose workers die of some jobs so many times."""

    name = "The stand-in"

    def __init__(self, deaths=(), final=(), workers=True):
        self.deaths, self.final, self.workers = Counter(deaths), final, workers
        self.most, self.n_under_way, self.cancelled = 0, 0, None

    def submit(self, job):
        self.n_under_way += 1
        self.most = max(self.most, self.n_under_way)
        return object(), job

    def done(self, handles):
        return handles[-1:] if self.workers else []

    def result(self, handle):
        self.n_under_way -= 1
        job = handle[1]
        if self.deaths[job] > 0 or job in self.final:
            self.deaths[job] -= 1
            raise clusters.WorkerDiedError("killed", final=job in self.final)
        return Heard(job * 10, None, [])

    def has_workers(self):
        return self.workers

    def cancel(self, handles):
        self.cancelled = len(handles)


def run(cluster, n_workers=3, jobs=range(7)):
    jobs = list(jobs)
    return [heard.answer for heard in clusters.each(cluster, n_workers, jobs, [f"job {job}" for job in jobs])]


def test_answers_come_in_the_order_of_the_jobs_and_no_more_are_under_way_than_asked():
    cluster = StandIn()
    assert run(cluster) == [0, 10, 20, 30, 40, 50, 60]
    assert cluster.most == 3 and cluster.cancelled == 0


def test_a_worker_that_dies_once_costs_a_second_try():
    with pytest.warns(bn.BineuralWarning, match="A worker process died, and fits were done again"):
        assert run(StandIn({2: 1, 5: 1})) == [0, 10, 20, 30, 40, 50, 60]


@pytest.mark.filterwarnings("ignore:A worker process died")
@pytest.mark.parametrize("how", [{"deaths": {4: 2}}, {"final": [4]}])
def test_a_job_that_kills_its_workers_is_named(how):
    cluster = StandIn(**how)
    with pytest.raises(bn.InputError, match=r"job 4: a worker process must live.*\n.*alone too \(killed\)"):
        run(cluster)
    assert cluster.cancelled is not None


@pytest.mark.filterwarnings("ignore:A worker process died")
def test_a_job_that_loses_its_worker_with_another_is_not_blamed():
    class Both(StandIn):
        """All jobs that are under way are lost with the one that kills."""

        def result(self, handle):
            heard = None
            try:
                heard = super().result(handle)
            finally:
                if heard is None:
                    self.lost = self.n_under_way
            if getattr(self, "lost", 0) > 0:
                self.lost -= 1
                raise clusters.WorkerDiedError("lost")
            return heard

    assert run(Both({2: 1})) == [0, 10, 20, 30, 40, 50, 60]
    with pytest.raises(bn.InputError, match="job 2: a worker process must live"):
        run(Both({2: 2}))


def test_a_cluster_without_workers_ends_the_work(monkeypatch):
    monkeypatch.setattr(clusters, "PATIENCE", 0.05)
    with pytest.raises(
        bn.InputError, match="(?s)stand-in must have a worker.*7 jobs are left.*Start workers"
    ):
        run(StandIn(workers=False))
