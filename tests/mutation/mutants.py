"""Small changes to a source file, one at a time: what a test suite that means something must notice.

Texts, f-strings, types and decorators stay as they are: words are held by tests of their own, types by mypy.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mutation.operators import FUNCTIONS, Enums, Gone, expressions, statements

_UNTOUCHED = {"returns", "decorator_list", "bases", "type_params"}
_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change to a file's tree.

    Attributes:
        scope: The function or class that it stands in, dotted; `module` outside of both.
        function: The outermost function around it, dotted; empty where it acts when the file is imported.
        lines: First and last line of the statement, without its block.
        text: The changed statement on one line; of a statement with a block the first line.
    """

    scope: str
    function: str
    lines: tuple[int, int]
    text: str
    _holder: Any
    _key: str | int
    _new: object

    def apply(self) -> None:
        """Change the tree."""
        _put(self._holder, self._key, self._new)


def enum_members(package: Path) -> Enums:
    """The members of every enum in a package, by the enum's name, in their order."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in sorted(package.rglob("*.py")))
    return {
        node.name: tuple(one.targets[0].id for one in node.body if isinstance(one, ast.Assign))
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and any(ast.unparse(base).endswith("Enum") for base in node.bases)
    }


class Mutator:
    """One file's tree, and every mutant of it in the order of the file."""

    def __init__(self, source: str, enums: Enums) -> None:
        self.tree = ast.parse(source)
        self._enums = enums
        self._found: dict[tuple[int, str], Mutant] = {}
        self._scope: list[Any] = []
        self._statement: Any = self.tree
        self._visit(self.tree)
        self.mutants = tuple(self._found.values())

    def _visit(self, node: Any) -> None:
        if isinstance(node, ast.JoinedStr):
            return
        outer = self._statement
        if isinstance(node, ast.stmt | ast.match_case | ast.ExceptHandler):
            self._statement = node
        scoped = isinstance(node, (*FUNCTIONS, ast.ClassDef))
        if scoped:
            self._scope.append(node)
        for name, value in _parts(node):
            if name == "annotation":
                for call in (part for part in ast.walk(value) if isinstance(part, ast.Call)):
                    self._visit(call)  # pydantic's bounds
            elif isinstance(value, list):
                self._visit_list(node, name, value)
            elif isinstance(value, ast.AST):
                self._change(node, name, value, condition=name == "test")
                self._visit(value)
        if scoped:
            self._scope.pop()
        self._statement = outer

    def _visit_list(self, node: ast.AST, name: str, items: list[Any]) -> None:
        for index, item in enumerate(items):
            if isinstance(item, ast.stmt):
                if index == 0 and isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant):
                    continue  # a docstring
                self._statement, outer = item, self._statement
                function = (self._functions() or [None])[-1]
                for new in statements(item, function, nested=not isinstance(node, FUNCTIONS)):
                    self._note(items, index, ast.copy_location(new, item))
                self._statement = outer
            elif isinstance(item, ast.AST):
                self._change(items, index, item, condition=name == "ifs")
            else:
                continue
            self._visit(item)

    def _change(self, holder: Any, key: str | int, node: ast.AST, *, condition: bool) -> None:
        if not isinstance(getattr(node, "ctx", None), ast.Store):
            in_function = bool(self._functions())
            for new in expressions(node, self._enums, in_function=in_function, condition=condition):
                self._note(holder, key, ast.copy_location(new, node))

    def _functions(self) -> list[Any]:
        """The functions around what is looked at, the outermost first; none whose default it is."""
        return [one for one in self._scope if isinstance(one, FUNCTIONS) and one is not self._statement]

    def _note(self, holder: Any, key: str | int, new: object) -> None:
        old = _put(holder, key, new)
        text = _first_line(new if isinstance(new, ast.stmt) else self._statement)
        if isinstance(new, ast.Return):
            text += f" for: {_first_line(old)}"
        _put(holder, key, old)
        names, around = [one.name for one in self._scope], self._functions()[:1]
        function = ".".join(names[: self._scope.index(around[0]) + 1]) if around else ""
        first, last = _lines(self._statement)
        # The same change made in two ways is one.
        self._found.setdefault(
            (first, text),
            Mutant(".".join(names) or "module", function, (first, last), text, holder, key, new),
        )


def _parts(node: ast.AST) -> Iterator[tuple[str, Any]]:
    for name, value in ast.iter_fields(node):
        of_class = name == "keywords" and isinstance(node, ast.ClassDef)
        if value is not None and name not in _UNTOUCHED and not of_class:
            yield name, value


def _put(holder: Any, key: Any, new: object) -> object:
    """Set an element of a list or an attribute; gives what stood there."""
    if isinstance(holder, list):
        old, holder[key] = holder[key], new
        return old
    old = getattr(holder, key)
    setattr(holder, key, new)
    return old


def _blocks(node: Any) -> list[list[Any]]:
    return [block for name in _BLOCKS if (block := getattr(node, name, None)) and isinstance(block, list)]


def _lines(statement: Any) -> tuple[int, int]:
    if isinstance(statement, ast.match_case):
        return statement.pattern.lineno, (statement.guard or statement.pattern).end_lineno
    blocks = _blocks(statement)
    return statement.lineno, _lines(blocks[0][0])[0] - 1 if blocks else statement.end_lineno


def _first_line(node: Any) -> str:
    if isinstance(node, Gone):
        return f"without: {_first_line(node.was)}"
    whole = ast.unparse(node)
    if not _blocks(node):
        return " ".join(whole.split())
    return next(line for line in whole.splitlines() if not line.startswith("@"))
