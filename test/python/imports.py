"""Prints the imports of each module of a package, as JSON; imports in functions and under conditions count too."""

import ast
import json
import sys
from pathlib import Path
from typing import Iterator, Set


def main() -> None:
    root = Path(sys.argv[1])
    files = {".".join((root.name, *module_path(file.relative_to(root)))): file for file in root.rglob("*.py")}
    print(json.dumps({module: sorted(imports(module, file, set(files))) for module, file in files.items()}))


def module_path(file: Path) -> Iterator[str]:
    yield from file.parent.parts
    if file.stem != "__init__":
        yield file.stem


def imports(module: str, file: Path, modules: Set[str]) -> Set[str]:
    found: Set[str] = set()
    package = module if file.stem == "__init__" else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = absolute(package, node.level, node.module or "")
            for alias in node.names:
                submodule = f"{source}.{alias.name}"
                found.add(submodule if submodule in modules else source)
    return found


def absolute(package: str, level: int, name: str) -> str:
    if level == 0:
        return name
    above = package.split(".")
    return ".".join([*above[: len(above) - level + 1], *([name] if name else [])])


if __name__ == "__main__":
    main()
