"""What the graph components of this package have in common."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage

from palmwise import resources


class Component(GraphComponent):
    """A component that keeps what it learned in files of its own folder of the model; never as pickled objects."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        """`config` is the component's part of `config.yml`."""
        self._config = {**self.get_default_config(), **config}
        self._storage = storage
        self._resource = resource

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003 - Rasa passes it by name
    ) -> Component:
        """An untrained component."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003 - Rasa passes it by name
        **kwargs: Any,  # noqa: ARG003 - Rasa may pass more
    ) -> Component:
        """The component as it was trained."""
        component = cls(config, model_storage, resource)
        # Rasa loads those that learn nothing too; they have no folder.
        if cls.read is not Component.read:
            with model_storage.read_from(resource) as folder:
                component.read(Path(folder))
        return component

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:  # noqa: ARG003 - Rasa passes it
        """Sum of everything that shapes a component beside the training data: a change of it trains anew."""
        return _sum_of_sources()

    def read(self, folder: Path) -> None:
        """Reads what `keep` wrote; a component that learns nothing has nothing to read."""

    def kept(self, write: Callable[[Path], None]) -> Resource:
        """Lets `write` put files into the component's folder."""
        with self._storage.write_to(self._resource) as folder:
            write(Path(folder))
        return self._resource


@lru_cache(maxsize=1)
def _sum_of_sources() -> str:
    here = Path(__file__).parent
    files = [*here.glob("*.py"), *here.glob("*.yml"), *here.with_name("language").glob("*.py")]
    files += (resources.content_folder() / "safety").glob("phrases_*.yml")
    return sha256(b"".join(file.read_bytes() for file in sorted(files))).hexdigest()


def write(path: Path, text: str) -> None:
    """Writes a text file."""
    path.write_text(text, encoding="utf-8")
