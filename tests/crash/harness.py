"""The harness: lets workers live and die until all is done, then audits."""

import multiprocessing
import random
from collections.abc import Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path

from tests.crash import worker
from tests.crash.audit import audit
from tests.crash.scene import Scene, Snapshot
from tests.crash.table import Table
from tests.crash.worker import DONE, RAISED, Death

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


def steps_of(scene: Scene) -> int:
    """Let a worker live in peace; how many steps it took."""
    code = ended(life(scene))
    assert code == DONE, code
    return int((scene.folder / "steps").read_text())


def run(scene: Scene, death: Death, table: Table) -> None:
    """Killed once at a step; a second worker does the rest."""
    code = ended(life(scene, death))
    assert code == _KILLED, (death, code)
    table.kills += 1
    table.raised += ended(life(scene)) == RAISED


def sweep(at_rest: Snapshot, scratch: Path, table: Table, *, every: int = 1) -> None:
    """Kill at every step of what is to be done in this scene, before it and after it."""
    scene = at_rest.play(scratch / "clean")
    steps = steps_of(scene)
    clean = audit(scene)
    assert not clean.troubles, clean.troubles
    assert not clean.unknown
    scene.end()
    table.steps += steps
    for death in list(_deaths(steps))[::every]:
        scene = at_rest.play(scratch / "killed")
        run(scene, death, table)
        side = "before" if death.before else "after"
        table.add(audit(scene), f"{side} commit {death.commit} of {steps}")
        scene.end()


def _deaths(steps: int) -> Iterator[Death]:
    for number in range(1, steps + 1):
        for before in (True, False):
            yield Death(number, before)


def harass(scene: Scene, table: Table, dice: random.Random, *, kills: int, workers: int) -> None:
    """Workers side by side, of which the first is killed at random moments, again and again."""
    others = [life(scene, side_by_side=True) for _ in range(workers - 1)]
    for _ in range(kills):
        victim = life(scene, side_by_side=True)
        victim.join(dice.uniform(0.05, 0.6))
        if victim.exitcode is not None:
            break
        victim.kill()
        table.kills += ended(victim) == _KILLED
    codes = [ended(life(scene, side_by_side=True)), *(ended(one) for one in others)]
    assert set(codes) <= {DONE, RAISED}, codes
    table.raised += codes.count(RAISED)
