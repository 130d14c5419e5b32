"""Rasa works without TensorFlow and its like, and says so where somebody asks for them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rasa.core.channels import BUILTIN_CHANNELS
from rasa.engine.exceptions import GraphSchemaValidationException
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.validation import validate

from palmwise.errors import MissingPackageError
from palmwise.stand_ins import CHANNELS, COMPONENTS, PACKAGES

TOKENS = [{"name": "WhitespaceTokenizer"}]


def refusal(**config: list[dict[str, Any]]) -> str:
    """What Rasa says of a configuration before it trains."""
    recipe = DefaultV1Recipe().graph_config_for_recipe({"recipe": "default.v1", "language": "en", **config}, {})
    with pytest.raises(GraphSchemaValidationException) as error:
        validate(recipe)
    return str(error.value)


@pytest.mark.parametrize(("module", "component"), sorted((module, name) for module, (_, name) in COMPONENTS.items()))
def test_a_configuration_with_a_component_that_needs_more_is_refused(module: str, component: str) -> None:
    named = [{"name": component}]
    said = refusal(policies=named) if ".policies." in module else refusal(pipeline=[*TOKENS, *named])
    assert said == (
        f"Component '{component}' requires the following packages which are currently not installed: "
        f"{COMPONENTS[module][0]}."
    )


@pytest.mark.parametrize("component", ["CRFEntityExtractor", "SklearnIntentClassifier"])
def test_components_that_import_late_are_refused_by_rasa_itself(component: str) -> None:
    assert f"Component '{component}' requires the following packages" in refusal(
        pipeline=[*TOKENS, {"name": component}]
    )


@pytest.mark.parametrize("module", sorted(CHANNELS))
def test_a_channel_that_needs_more_is_refused(module: str) -> None:
    package, title = CHANNELS[module]
    channel = BUILTIN_CHANNELS[module.rpartition(".")[2]]
    assert channel.__name__ == title
    with pytest.raises(MissingPackageError, match=f"needs the package '{package}'"):
        channel.from_credentials({})


def test_a_model_with_such_a_component_is_refused() -> None:
    from rasa.nlu.classifiers.diet_classifier import DIETClassifier  # noqa: PLC0415

    with pytest.raises(MissingPackageError, match="The component DIETClassifier needs the package 'tensorflow'"):
        DIETClassifier.load({}, None, None, None)  # type: ignore[arg-type]


def test_the_command_of_rasa_runs_anywhere_without_these_packages(tmp_path: Path) -> None:
    missing = sorted(set(PACKAGES.values()))
    script = (
        "import sys\nimport rasa.__main__, rasa.nlu.test, rasa.model_testing, rasa.engine.recipes.default_components\n"
        f"print([name for name in {missing!r} if getattr(sys.modules.get(name), '__spec__', None) "
        "and sys.modules[name].__spec__.origin])"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", script], cwd=tmp_path, capture_output=True, check=True)
    assert done.stdout.decode().strip() == "[]"
