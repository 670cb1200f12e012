"""Gives a process the changed code in place of the one on the disk."""

import ast
import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any


def before_import(root: Path, file: str, tree: ast.Module) -> None:
    """Have a module made from a tree when it is imported."""
    sys.meta_path.insert(0, _Server(_module(file), str(root / file), _compiled(root, file, tree)))


def in_memory(root: Path, file: str, tree: ast.Module, function: str) -> bool:
    """Give an imported function the code that it has in a tree; False where that cannot be done."""
    code, live = _compiled(root, file, tree), sys.modules.get(_module(file))
    for name in function.split("."):
        code = next(one for one in code.co_consts if isinstance(one, CodeType) and one.co_name == name)
        live = vars(live).get(name) if live is not None else None
    plain: Any = getattr(live, "fget", None) or getattr(live, "__func__", live)
    if not isinstance(plain, FunctionType) or plain.__code__.co_freevars != code.co_freevars:
        return False
    plain.__code__ = code
    return True


def _module(file: str) -> str:
    return ".".join(Path(file).with_suffix("").parts).removesuffix(".__init__")


def _compiled(root: Path, file: str, tree: ast.Module) -> CodeType:
    return compile(ast.fix_missing_locations(tree), root / file, "exec")


class _Server(MetaPathFinder):
    """Serves one module from code at hand."""

    def __init__(self, name: str, path: str, code: CodeType) -> None:
        self._name, self._path, self._code = name, path, code

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """As importlib asks."""
        if name != self._name:
            return None
        return spec_from_file_location(name, self._path, loader=_Loader(name, self._path, self._code))


class _Loader(SourceFileLoader):
    def __init__(self, name: str, path: str, code: CodeType) -> None:
        super().__init__(name, path)
        self._code = code

    def get_code(self, fullname: str) -> CodeType:
        return self._code
