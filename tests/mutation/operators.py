"""What is changed about a single expression or statement."""

import ast
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Enums = Mapping[str, tuple[str, ...]]
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)

_COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_RECKONED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_CALLED = {"min": "max", "max": "min", "any": "all", "all": "any"}


def expressions(node: ast.AST, enums: Enums, *, in_function: bool, condition: bool) -> Iterator[ast.expr]:
    """What may stand in an expression's place.

    Args:
        node: The expression; any other node has none.
        enums: Members of every enum, by its name.
        in_function: Outside of functions `|` joins types.
        condition: It is the whole of what an `if` or a `while` asks.
    """
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr) and not in_function:
        return
    if change := _CHANGES.get(type(node)):
        yield from change(node)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        members = enums.get(node.value.id, ())
        if node.attr in members and len(members) > 1:
            other = members[(members.index(node.attr) + 1) % len(members)]
            yield ast.Attribute(node.value, other, ast.Load())
    if condition and isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.NamedExpr):
        yield ast.UnaryOp(ast.Not(), node)


def _compare(node: ast.Compare) -> Iterator[ast.expr]:
    for index, op in enumerate(node.ops):
        for other in _COMPARED[type(op)]:
            yield ast.Compare(
                node.left, [*node.ops[:index], other(), *node.ops[index + 1 :]], node.comparators
            )


def _reckon(node: ast.BinOp) -> Iterator[ast.expr]:
    if other := _RECKONED.get(type(node.op)):
        yield ast.BinOp(node.left, other(), node.right)


def _join(node: ast.BoolOp) -> Iterator[ast.expr]:
    yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    for index in range(len(node.values)):
        rest = node.values[:index] + node.values[index + 1 :]
        yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)


def _unary(node: ast.UnaryOp) -> Iterator[ast.expr]:
    if isinstance(node.op, ast.Not | ast.USub):
        yield node.operand


def _constant(node: ast.Constant) -> Iterator[ast.expr]:
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int):
        yield ast.Constant(node.value + 1)
        yield ast.Constant(node.value - 1)


def _call(node: ast.Call) -> Iterator[ast.expr]:
    if ast.unparse(node.func) == "TypeVar":
        return
    if isinstance(node.func, ast.Name) and node.func.id in _CALLED:
        yield ast.Call(ast.Name(_CALLED[node.func.id], ast.Load()), node.args, node.keywords)
    for index, keyword in enumerate(node.keywords):
        turned = isinstance(keyword.value, ast.Constant) and isinstance(keyword.value.value, bool)
        if not turned:  # else it is turned round by `_constant`
            yield ast.Call(node.func, node.args, node.keywords[:index] + node.keywords[index + 1 :])


_CHANGES: dict[type[ast.AST], Callable[[Any], Iterator[ast.expr]]] = {
    ast.Compare: _compare,
    ast.BinOp: _reckon,
    ast.BoolOp: _join,
    ast.UnaryOp: _unary,
    ast.Constant: _constant,
    ast.Call: _call,
}


def statements(statement: ast.stmt, function: Any, *, nested: bool) -> Iterator[ast.stmt]:
    """What may stand in a statement's place, `Gone` included.

    Args:
        statement: Which one.
        function: The innermost function around it, or None.
        nested: It stands in a block of that function and not in its body itself.
    """
    match statement:
        case ast.Return(value=ast.expr() as value):
            returns = getattr(function, "returns", None)
            yes_or_no = returns is not None and ast.unparse(returns) == "bool"
            for other in (True, False) if yes_or_no else (None,):
                if not (isinstance(value, ast.Constant) and value.value is other):
                    yield ast.Return(ast.Constant(other))
        case ast.AugAssign(op=op) if other := _RECKONED.get(type(op)):
            yield ast.AugAssign(statement.target, other(), statement.value)
    if _may_go(statement, function, nested=nested):
        yield Gone(statement)


def _may_go(statement: ast.stmt, function: Any, *, nested: bool) -> bool:
    """Whether the lack of a statement shows only in what is done; a name that is missing shows at once."""
    match statement:
        case ast.Expr() | ast.AugAssign() | ast.Raise() | ast.Continue() | ast.Break() | ast.Delete():
            return True
        case ast.Return():
            return nested
        case ast.Assign(targets=[target]) | ast.AnnAssign(target=target, value=ast.expr()):
            return isinstance(target, ast.Attribute | ast.Subscript) or _bound_again(target, function)
    return False


def _bound_again(target: ast.expr, function: Any) -> bool:
    if function is None:
        return False
    names = {node.id for node in ast.walk(target) if isinstance(node, ast.Name)}
    stored = [
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id in names
    ]
    return len(stored) > len(names)


class Gone(ast.Pass):
    """Stands for a statement that was taken out."""

    def __init__(self, was: ast.stmt) -> None:
        super().__init__()
        self.was = was
