"""What Rasa learns from, read in one go: the topic folders of nlu/training, its rules, and nlu/domain.

Rasa's own importers look into every file four times with a slow YAML reader, and merge the files in pairs, copying all
that was merged before: with a file an intent that takes longer than the learning itself.
"""

from hashlib import sha256
from pathlib import Path
from typing import Any, Dict, Optional, Text

from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers import utils
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.constants import INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_model_configuration

from nlu.components.training_files import Example, examples_of

RULES = "rules.yml"


class Taught(Message):
    """A training message that is cheap to copy and to know again.

    Rasa copies and fingerprints every message several times on the way to the components, to the bottom of its data;
    nothing below the first level is ever changed.
    """

    @classmethod
    def of(cls, example: Example) -> "Taught":
        """Return an example as Rasa wants it."""
        also = {METADATA: {"intent": {"also": example.also}}} if example.also else {}
        return cls({TEXT: example.text, INTENT: example.intent, **also})

    def __deepcopy__(self, memo: Dict[int, Any]) -> "Taught":
        return Taught(dict(self.data), set(self.output_properties), self.time, list(self.features))

    def fingerprint(self) -> Text:
        """Return the hash of what it says."""
        return sha256(repr(sorted(self.data.items())).encode()).hexdigest()


class TopicFiles(TrainingDataImporter):
    """Imports the folders nlu/training and nlu/domain beside the configuration file."""

    def __init__(self, config_file: Text, domain_path: Optional[Text] = None, training_data_paths: Any = None) -> None:
        """Take the configuration; where the rest stands is fixed."""
        self._config = Path(config_file)
        self._training = self._config.resolve().parent / "nlu" / "training"
        self._domain = self._config.resolve().parent / "nlu" / "domain"

    def get_config(self) -> Dict[Text, Any]:
        """Return the model configuration."""
        config: Dict[Text, Any] = read_model_configuration(str(self._config))
        return config

    def get_config_file_for_auto_config(self) -> Text:
        """Return the one configuration file."""
        return str(self._config)

    def get_domain(self) -> Domain:
        """Return the domain."""
        return Domain.load(str(self._domain))

    def get_stories(self, exclusion_percentage: Optional[int] = None) -> StoryGraph:
        """Return the rules; there are no stories."""
        return utils.story_graph_from_paths([str(self._training / RULES)], self.get_domain(), exclusion_percentage)

    def get_conversation_tests(self) -> StoryGraph:
        """Return nothing: conversations are tested through the whole system."""
        return StoryGraph([])

    def get_nlu_data(self, language: Optional[Text] = "id") -> TrainingData:
        """Return the training messages."""
        return TrainingData([Taught.of(example) for example in examples_of(self._training)])
