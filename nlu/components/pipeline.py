"""The pipeline of config.yml: thin Rasa components around the plain modules beside this one.

Each keeps what it knows in its folder of the model as JSON and arrays: nothing in a model is ever unpickled, and a
model reads the same wherever it is loaded.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, Dict, List

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from nlu.components.calibration import calibration
from nlu.components.decision import Decision
from nlu.components.entities import Entities
from nlu.components.meaning import Meaning
from nlu.components.normaliser import Normaliser as Spelling
from nlu.components.prior import Prior
from nlu.fingerprint import fingerprint

logger = logging.getLogger(__name__)

NORMALISED = "normalised"
ALSO = "also"
PRIOR = "prior"


class Kept(GraphComponent):
    """A component whose knowledge is learned once and read back from its folder in the model."""

    def __init__(self, knows: Any, storage: ModelStorage, resource: Resource) -> None:
        """Hold what is known (nothing before training) and the folder where it is kept."""
        self._knows = knows
        self._storage = storage
        self._resource = resource

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Kept:
        """Make an untrained component."""
        return cls(None, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Kept:
        """Read a trained component from the model."""
        with model_storage.read_from(resource) as folder:
            return cls(cls._read(Path(folder)), model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: Dict[str, Any]) -> str:
        """Tell Rasa's cache what else a component is made of: the plain modules and word lists beside this one."""
        return fingerprint()

    def train(self, training_data: TrainingData) -> Resource:
        """Learn, and keep what was learned in the model."""
        self._knows = self._learn(training_data)
        with self._storage.write_to(self._resource) as folder:
            self._write(Path(folder))
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Add to each message what this component reads in it."""
        for message in messages:
            if message.get(TEXT):
                self._add_to(message)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Do to the training messages what is done to every message."""
        self.process(training_data.training_examples)
        return training_data

    @staticmethod
    def _read(folder: Path) -> Any:
        raise NotImplementedError

    def _write(self, folder: Path) -> None:
        raise NotImplementedError

    def _learn(self, training_data: TrainingData) -> Any:
        raise NotImplementedError

    def _add_to(self, message: Message) -> None:
        raise NotImplementedError


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class Normaliser(Kept):
    """Brings every message to one spelling."""

    @staticmethod
    def _read(folder: Path) -> Spelling:
        return Spelling.loads((folder / "spelling.json").read_text(encoding="utf-8"))

    def _write(self, folder: Path) -> None:
        (folder / "spelling.json").write_text(self._knows.dumps(), encoding="utf-8")

    def _learn(self, training_data: TrainingData) -> Spelling:
        return Spelling.from_words()

    def _add_to(self, message: Message) -> None:
        message.set(NORMALISED, self._knows(message.get(TEXT)), add_to_output=True)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class Classifier(Kept):
    """Says what is meant, what else is meant, or that it must be asked."""

    @staticmethod
    def _read(folder: Path) -> Decision:
        return Decision.load(folder)

    def _write(self, folder: Path) -> None:
        self._knows.save(folder)

    def _learn(self, training_data: TrainingData) -> Decision:
        examples = [e for e in training_data.intent_examples if e.get(NORMALISED)]
        meaning = Meaning.learn([e.get(NORMALISED) for e in examples], [_meanings(e) for e in examples], _log_progress)
        texts, labels = calibration(Spelling.from_words())
        return Decision.chosen(meaning.calibrated(texts, labels), texts, labels)

    def _add_to(self, message: Message) -> None:
        decided = self._knows.on(message.get(NORMALISED), Prior.read(message.get(METADATA)))
        message.set(INTENT, decided["intent"], add_to_output=True)
        message.set(INTENT_RANKING_KEY, decided["ranking"], add_to_output=True)
        message.set(ALSO, decided["also"], add_to_output=True)
        message.set(PRIOR, decided.get("prior", []), add_to_output=True)


def _meanings(example: Message) -> List[str]:
    """Return the intent of a training message, and the others that it carries."""
    of_intent = (example.get(METADATA) or {}).get("intent") or {}
    return [example.get(INTENT), *of_intent.get("also", [])]


def _log_progress(done: int, of: int) -> None:
    if done * 10 // of != (done - 100) * 10 // of:
        logger.info("learning: %d of %d batches", done, of)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class EntityExtractor(Kept):
    """Finds what the message names."""

    @staticmethod
    def _read(folder: Path) -> Entities:
        return Entities.loads((folder / "entities.json").read_text(encoding="utf-8"))

    def _write(self, folder: Path) -> None:
        (folder / "entities.json").write_text(self._knows.dumps(), encoding="utf-8")

    def _learn(self, training_data: TrainingData) -> Entities:
        return Entities.from_words()

    def _add_to(self, message: Message) -> None:
        message.set(ENTITIES, self._knows.found_in(message.get(TEXT)), add_to_output=True)
