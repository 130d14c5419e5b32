"""Stand-ins for the parts of Rasa that need packages which Palmwise does without, TensorFlow above all.

Rasa imports all its components and channels, though only those of `config.yml` and `credentials.yml` ever run. What
the others need (TensorFlow, scikit-learn, matplotlib, clients of clouds and messengers) is 1.2 GB installed, most of
the time that Rasa takes to start, and half of its memory. `requirements/app-overrides.in` leaves these packages out of
the lock, and the modules of Rasa that cannot be imported without them are replaced by the ones made here, which refuse
to work:

- a component tells Rasa that a package is missing, so that a configuration that names it is refused by Rasa's own
  check, in Rasa's words;
- a channel raises `MissingPackageError` when `credentials.yml` asks for it;
- anything else can be imported, subclassed and named in an `except`, and raises `MissingPackageError` when it is used.

A package that is installed is used: then nothing stands in for the parts that need it. Only Rasa 3.6.21 is stood in
for, since other releases import other things. Every interpreter of the environment has the stand-ins from its start, by
a `.pth` file that `tools/environment.py` writes, so that `rasa` itself works as well. Hence nothing is imported here
that takes time.
"""

from __future__ import annotations

import sys
from functools import cache
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any, NoReturn

from palmwise.errors import MissingPackageError

RASA_VERSION = "3.6.21"
"""The release whose imports are known here, and whose private parts `palmwise.server.runtime.patches` replaces."""

COMPONENTS = {
    "rasa.core.policies.ted_policy": ("tensorflow", "TEDPolicy"),
    "rasa.core.policies.unexpected_intent_policy": ("tensorflow", "UnexpecTEDIntentPolicy"),
    "rasa.nlu.classifiers.diet_classifier": ("tensorflow", "DIETClassifier"),
    "rasa.nlu.classifiers.logistic_regression_classifier": ("sklearn", "LogisticRegressionClassifier"),
    "rasa.nlu.featurizers.dense_featurizer.convert_featurizer": ("tensorflow", "ConveRTFeaturizer"),
    "rasa.nlu.featurizers.dense_featurizer.lm_featurizer": ("tensorflow", "LanguageModelFeaturizer"),
    "rasa.nlu.featurizers.sparse_featurizer.count_vectors_featurizer": ("sklearn", "CountVectorsFeaturizer"),
    "rasa.nlu.selectors.response_selector": ("tensorflow", "ResponseSelector"),
}
"""Module of Rasa -> the package that it needs, and the component in it."""
CHANNELS = {
    "rasa.core.channels.facebook": ("fbmessenger", "FacebookInput"),
    "rasa.core.channels.hangouts": ("cachecontrol", "HangoutsInput"),
    "rasa.core.channels.slack": ("slack_sdk", "SlackInput"),
    "rasa.core.channels.telegram": ("aiogram", "TelegramInput"),
    "rasa.core.channels.twilio": ("twilio", "TwilioInput"),
    "rasa.core.channels.twilio_voice": ("twilio", "TwilioVoiceInput"),
    "rasa.core.channels.webexteams": ("webexteamssdk", "WebexTeamsInput"),
}
"""Module of Rasa -> the package that it needs, and the channel in it. A channel is called as its module is."""
NEVER_SERVED = {
    "rasa.core.channels.console": ("questionary", "CmdlineInput"),
    "rasa.core.channels.socketio": ("socketio", "SocketIOInput"),
}
"""The same of channels that the server does without even where their packages are installed: `rasa shell` needs them.
Together they are an eighth of what the server imports, in time."""
HIDDEN = frozenset({"rich"})
"""Packages that the server seems not to have: structlog would paint tracebacks with it, and the server prints none."""
OTHERS = {
    # Helpers of the components above, and the plots of `rasa test`.
    "rasa.utils.plotting": "matplotlib",
    "rasa.utils.tensorflow.model_data": "sklearn",
    "rasa.utils.tensorflow.model_data_utils": "sklearn",
    "rasa.utils.train_utils": "tensorflow",
    # What the module of Rasa's tracker stores imports for DynamoDB and MongoDB.
    "boto3": "boto3",
    "boto3.dynamodb": "boto3",
    "boto3.dynamodb.conditions": "boto3",
    "botocore": "botocore",
    "botocore.exceptions": "botocore",
    "pymongo": "pymongo",
    "pymongo.collection": "pymongo",
    "pymongo.errors": "pymongo",
}
"""Module -> the package that it needs."""
PACKAGES = {module: package for module, (package, _) in {**COMPONENTS, **CHANNELS}.items()} | OTHERS
"""Module that can be stood in for -> the package without which it is."""


def install(*, serving: bool = False) -> None:
    """Stand in for missing packages in this process from now on; a second call changes nothing.

    `serving`: also for `NEVER_SERVED`, before Rasa is imported.
    """
    finders = [finder for finder in sys.meta_path if isinstance(finder, StandInFinder)] or [StandInFinder()]
    if finders[0] not in sys.meta_path:
        sys.meta_path.insert(0, finders[0])
    finders[0].serving |= serving


class StandInFinder(MetaPathFinder):
    """Finds a stand-in for a module whose package is missing."""

    serving = False
    """Whether there is a server in this process."""

    def find_spec(
        self,
        fullname: str,
        path: object = None,  # noqa: ARG002 - Python's signature
        target: object = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        """The stand-in's spec; None for all other modules, which the next finder finds."""
        if self.serving and fullname in HIDDEN:
            raise ModuleNotFoundError(f"The server does without {fullname}.", name=fullname)
        if self.serving and fullname in NEVER_SERVED:
            return ModuleSpec(fullname, _StandInLoader(NEVER_SERVED[fullname][0]))
        package = PACKAGES.get(fullname)
        if package is None or not _is_missing(package):
            return None
        # A package of somebody else has submodules, which are looked for here as well.
        return ModuleSpec(fullname, _StandInLoader(package), is_package=not fullname.startswith("rasa."))


class _StandInLoader(Loader):
    """Fills a stand-in: with its component or channel, and with a placeholder for whatever else is asked of it."""

    def __init__(self, package: str) -> None:
        self._package = package

    def exec_module(self, module: ModuleType) -> None:
        name, package = module.__name__, self._package

        def placeholder(wanted: str) -> type[Exception]:
            if wanted.startswith("__"):
                raise AttributeError(f"module {name!r} has no attribute {wanted!r}")
            return _placeholder(name, wanted, package)

        for make, table in ((_component, COMPONENTS), (_channel, CHANNELS), (_channel, NEVER_SERVED)):
            if name in table:
                title = table[name][1]
                setattr(module, title, make(title, package, name))
        setattr(module, "__getattr__", placeholder)  # noqa: B010 - mypy forbids the assignment


@cache
def _is_missing(package: str) -> bool:
    """Whether the package is not installed beside the Rasa that is known here."""
    # Imported late because it takes 20 ms, which an interpreter that never imports Rasa does not need to spend.
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

    try:
        return PathFinder.find_spec(package) is None and version("rasa") == RASA_VERSION
    except PackageNotFoundError:
        return False


def _refuse(what: str, package: str) -> NoReturn:
    raise MissingPackageError(
        f"{what} needs the package {package!r}, which Palmwise does without (requirements/app-overrides.in)."
    )


def _placeholder(module: str, name: str, package: str) -> type[Exception]:
    """A class that can be subclassed, named in an `except` and used as an annotation, but not be called."""

    def refuse(*_: object, **__: object) -> NoReturn:
        _refuse(f"{module}.{name}", package)

    return type(name, (Exception,), {"__new__": refuse, "__module__": module})


def _component(title: str, package: str, module: str) -> type[Any]:
    """A component that Rasa finds by its name and refuses, because a package is missing."""
    # Imported late because Rasa is only being imported when this is called.
    from rasa.core.policies.policy import Policy  # noqa: PLC0415
    from rasa.engine.graph import GraphComponent  # noqa: PLC0415
    from rasa.engine.recipes.default_recipe import DefaultV1Recipe  # noqa: PLC0415

    is_policy = ".policies." in module
    kinds = DefaultV1Recipe.ComponentType
    kind = kinds.POLICY_WITHOUT_END_TO_END_SUPPORT if is_policy else kinds.INTENT_CLASSIFIER

    base: type[GraphComponent] = Policy if is_policy else GraphComponent

    class StandIn(base):  # type: ignore[misc, valid-type]
        """A component whose package is missing."""

        @staticmethod
        def required_packages() -> list[str]:
            """The package; Rasa's check of a configuration reports it."""
            return [package]

        @classmethod
        def create(cls, *_: Any, **__: Any) -> NoReturn:
            """Raise `MissingPackageError`."""
            _refuse(f"The component {title}", package)

    StandIn.__name__, StandIn.__module__ = title, module
    DefaultV1Recipe.register(kind, is_trainable=True)(StandIn)
    return StandIn


def _channel(title: str, package: str, module: str) -> type[Any]:
    """A channel that refuses to be opened."""
    from rasa.core.channels.channel import InputChannel  # noqa: PLC0415

    class StandIn(InputChannel):
        """A channel whose package is missing."""

        @classmethod
        def name(cls) -> str:
            """The name that credentials.yml knows it by."""
            return module.rpartition(".")[2]

        @classmethod
        def from_credentials(cls, _: object) -> NoReturn:
            """Raise `MissingPackageError`."""
            _refuse(f"The channel {cls.name()!r}", package)

    StandIn.__name__, StandIn.__module__ = title, module
    return StandIn
