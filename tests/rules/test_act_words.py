"""Every act that the code writes into the audit has a Chinese word."""

import ast
from collections.abc import Iterator

from publisher.report import ACT_WORDS
from tests.factories import ROOT

LONGEST = 32


def acts_written() -> set[str]:
    found: set[str] = set()
    for path in (ROOT / "publisher").rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        found |= set(_given(tree))
    return found


def _given(tree: ast.Module) -> Iterator[str]:
    """What is given as `act`: by name, by its place in a function of the file, or through a name
    of its own.
    """
    places = {
        node.name: [one.arg for one in node.args.args].index("act")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and "act" in [one.arg for one in node.args.args]
    }
    for node in ast.walk(tree):
        match node:
            case ast.keyword(arg="act"):
                yield from _words(node.value)
            case ast.Assign(targets=[ast.Name(id="act" | "_ACTS")]):
                yield from _words(node.value)
            case ast.Call(func=ast.Name(id=name)) if name in places:
                yield from (word for one in node.args[places[name] :][:1] for word in _words(one))


def _words(value: ast.expr) -> Iterator[str]:
    match value:
        case ast.Constant(value=str(word)):
            yield word
        case ast.IfExp():
            yield from _words(value.body)
            yield from _words(value.orelse)
        case ast.Dict():
            for one in value.values:
                yield from _words(one)


def test_every_act_has_a_word() -> None:
    written = acts_written()
    assert {"submitted", "withdrawn", "told_not_out", "resent", "login_throttled"} <= written
    assert not written - ACT_WORDS.keys()


def test_every_act_has_room_in_its_column() -> None:
    assert all(len(act) <= LONGEST for act in ACT_WORDS)
    assert len(set(ACT_WORDS.values())) == len(ACT_WORDS), "two acts would look the same"
