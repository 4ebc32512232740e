"""The harness: lets workers live and die until all is done, then audits."""

import multiprocessing
import random
from collections.abc import Callable, Sequence
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.crash import worker
from tests.crash.audit import audit
from tests.crash.scene import Scene, Snapshot
from tests.crash.table import Table
from tests.crash.worker import DONE, RAISED, Death

Choose = Callable[[Sequence[str]], list[Death]]
_PATIENCE = 90.0
_KILLED = -9


def life(scene: Scene, death: Death | None = None, *, side_by_side: bool = False) -> BaseProcess:
    """A worker at work. It is forked from a clean process that has read our program before."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.crash.worker"])
    process = context.Process(
        target=worker.work,
        args=(scene.config, scene.clock, death),
        kwargs={"side_by_side": side_by_side},
    )
    process.start()
    return process


def ended(process: BaseProcess) -> int:
    process.join(_PATIENCE)
    if process.exitcode is None:
        process.kill()
        process.join()
        raise AssertionError("a worker found no end")
    return process.exitcode


def in_peace(scene: Scene) -> list[str]:
    """Let a worker live; the steps it took, each by the thread of its channel."""
    code = ended(life(scene))
    assert code == DONE, code
    return (scene.folder / "steps").read_text().split()


def run(scene: Scene, death: Death, table: Table) -> None:
    """Killed once at a step; a second worker does the rest.

    A step that only asks whether something has ended may not be needed this time: then nobody dies.
    """
    code = ended(life(scene, death))
    assert code in {_KILLED, DONE}, (death, code)
    table.kills += code == _KILLED
    table.raised += ended(life(scene)) == RAISED


def sweep(
    at_rest: Snapshot, scratch: Path, table: Table, choose: Choose, *, every: int = 1
) -> None:
    """Kill at each step chosen of what is to be done in this scene."""
    scene = at_rest.play(scratch / "clean")
    steps = in_peace(scene)
    clean = audit(scene)
    assert not clean.troubles, clean.troubles
    assert not clean.unknown
    scene.end()
    table.steps += len(steps)
    for death in choose(steps)[::every]:
        scene = at_rest.play(scratch / "killed")
        run(scene, death, table)
        table.add(audit(scene), str(death))
        scene.end()


def every_step(steps: Sequence[str]) -> list[Death]:
    """Before and after each commit."""
    numbered = [(name, steps[:place].count(name) + 1) for place, name in enumerate(steps)]
    return [Death(*step, before=before) for step in numbered for before in (True, False)]


def around_calls(steps: Sequence[str]) -> list[Death]:
    """On either side of each channel's first call: intent committed, and outcome not yet."""
    moments = ((1, False), (2, True))
    return [
        Death(name, commit, before=before)
        for name in dict.fromkeys(steps)
        for commit, before in moments
    ]


def harass(scene: Scene, table: Table, dice: random.Random, *, kills: int, workers: int) -> None:
    """Workers side by side, of which the first is killed at random moments, again and again.

    The others come at half-time, else the one that lives would have done all the work.
    """
    others: list[BaseProcess] = []
    for number in range(kills):
        if number == kills // 2:
            others = [life(scene, side_by_side=True) for _ in range(workers - 1)]
        victim = life(scene, side_by_side=True)
        victim.join(dice.uniform(0.05, 0.6))
        if victim.exitcode is not None:
            break
        victim.kill()
        table.kills += ended(victim) == _KILLED
    codes = [ended(life(scene, side_by_side=True)), *(ended(one) for one in others)]
    assert set(codes) <= {DONE, RAISED}, codes
    table.raised += codes.count(RAISED)
