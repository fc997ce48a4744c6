"""Graphs without weights, which ship: how an architecture's steps look in OpenVINO, made once by torch (`openvino_export`), filled here without it.

A template belongs to an architecture and its configuration, not to weights: every number that comes from a tensor of the model file is left out and named.
So weights lie in the program once, in the model file, and new weights of the same network need no new template. All are some 100 kB.
`scripts/make_graphs.py` writes them; a test holds that they are what the networks' code gives.

A template is a zip with `index.json`, and for each graph its `.xml` as OpenVINO writes it and the numbers that are no weights (`.literals`).
"""

from __future__ import annotations

import importlib.resources
import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import openvino

from pip_backend.errors import DeviceError

from .openvino_files import cpu_settings, structure_digest
from .openvino_steps import load_openvino

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from pip_backend.models.descriptor import Descriptor

_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
"""Date of what lies in a template: the same content is the same file."""


@dataclass(frozen=True)
class Graph:
    """One graph without its weights."""

    xml: bytes
    size: int
    """Of the file of its numbers, bytes."""
    tensors: tuple[tuple[int, int, str], ...]
    """Where in that file, and how long, which tensor of the model lies, in float32."""
    literals: tuple[tuple[int, bytes], ...]
    """Where in it which other numbers lie."""

    def filled(self, tensors: Mapping[str, NDArray[Any]], core: Any) -> Any:
        """Return the graph with a model's weights; `KeyError` where one is missing, `ValueError` where one does not fit."""
        numbers = bytearray(self.size)
        for offset, length, name in self.tensors:
            piece = tensors[name].tobytes()
            if len(piece) != length:
                raise ValueError(f"{name} has another size")
            numbers[offset : offset + length] = piece
        for offset, piece in self.literals:
            numbers[offset : offset + len(piece)] = piece
        return core.read_model(self.xml, bytes(numbers))


@dataclass(frozen=True)
class Template:
    """The graphs of an architecture."""

    code: str
    """Digest of what the networks' code does that they were made with (`meaning_digest`)."""
    openvino: str
    """Version that made them; later ones read them."""
    graphs: dict[str, Graph]

    def filled(self, tensors: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
        """Return the graphs with a model's weights, constants folded.

        Raises
        ------
        DeviceError
            The tensors are not those of the architecture.

        """
        core = load_openvino()
        try:
            graphs = {name: graph.filled(tensors, core) for name, graph in self.graphs.items()}
        except (KeyError, ValueError) as error:
            raise DeviceError(f"The model's tensors do not fit its architecture ({error}).") from error
        for graph in graphs.values():
            fold_constants(graph, core)
        return graphs

    def to_bytes(self) -> bytes:
        """Return it as a file."""
        index: dict[str, Any] = {"code": self.code, "openvino": self.openvino, "graphs": {}}
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for name, graph in self.graphs.items():
                index["graphs"][name] = {
                    "size": graph.size,
                    "tensors": graph.tensors,
                    "literals": [(offset, len(piece)) for offset, piece in graph.literals],
                }
                _add(archive, f"{name}.xml", graph.xml)
                _add(archive, f"{name}.literals", b"".join(piece for _, piece in graph.literals))
            _add(archive, "index.json", json.dumps(index, separators=(",", ":")).encode())
        return file.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> Template:
        """Read what `to_bytes` gave."""
        graphs = {}
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            index = json.loads(archive.read("index.json"))
            for name, told in index["graphs"].items():
                numbers = io.BytesIO(archive.read(f"{name}.literals"))
                graphs[name] = Graph(
                    archive.read(f"{name}.xml"),
                    told["size"],
                    tuple((offset, length, tensor) for offset, length, tensor in told["tensors"]),
                    tuple((offset, numbers.read(length)) for offset, length in told["literals"]),
                )
        return cls(index["code"], index["openvino"], graphs)


def templates_folder() -> Path:
    """Return where templates lie that came with the program."""
    return Path(str(importlib.resources.files("pip_resources"))) / "graphs"


def template_path(descriptor: Descriptor) -> Path:
    """Return where the template of a model's architecture lies, or would."""
    return templates_folder() / f"{descriptor.architecture}-{structure_digest(descriptor)[:12]}.zip"


def find_template(descriptor: Descriptor) -> Template | None:
    """Return the template of a model's architecture; None where none came with the program."""
    try:
        return Template.from_bytes(template_path(descriptor).read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise DeviceError(
            f"The graphs of {descriptor.architecture} are damaged.", hint="Install pip-editor again."
        ) from error


def fold_constants(graph: Any, core: Any) -> None:
    """Replace what depends on no input by its value.

    Not left to OpenVINO: its processor plugin (2026.4.1) does so in memory that later steps write into, so that the second context step of a prompt network
    had other numbers than the first.
    """
    varying: set[str] = set()
    fixed: dict[tuple[str, int], tuple[Any, list[Any]]] = {}  # an output, and the inputs that take it
    for operation in graph.get_ordered_ops():
        sources = [(port, port.get_source_output()) for port in operation.inputs()]
        names = [source.get_node().get_name() for _, source in sources]
        if operation.get_type_name() != "Parameter" and varying.isdisjoint(names):
            continue
        varying.add(operation.get_name())
        for (port, source), name in zip(sources, names, strict=True):
            if name not in varying and source.get_node().get_type_name() != "Constant":
                fixed.setdefault((name, source.get_index()), (source, []))[1].append(port)
    if not fixed:
        return
    outputs = [source for source, _ in fixed.values()]
    values = core.compile_model(openvino.Model(outputs, [], "fixed"), "CPU", cpu_settings(bf16=False))([])
    for index, (_, ports) in enumerate(fixed.values()):
        constant = openvino.opset13.constant(np.array(values[index]))
        for port in ports:
            port.replace_source_output(constant.output(0))
    graph.validate_nodes_and_infer_types()


def save_graphs(graphs: Mapping[str, Any], folder: Path) -> None:
    """Write graphs into a folder, an `.xml` and a `.bin` each, in fp32."""
    for name, graph in graphs.items():
        openvino.save_model(graph, folder / f"{name}.xml", compress_to_fp16=False)


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, _LONG_AGO), content, zipfile.ZIP_DEFLATED, 9)


__all__ = ["Graph", "Template", "find_template", "fold_constants", "save_graphs", "template_path", "templates_folder"]
