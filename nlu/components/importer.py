"""What Rasa learns from, read in one go: the topic folders of nlu/training, its rules, and nlu/domain.

Rasa's own importers look into every file four times with a slow YAML reader, and merge the files in pairs, copying all
that was merged before: with a file an intent that takes longer than the learning itself.
"""

from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Text

import yaml
from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers import utils
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_model_configuration

RULES = "rules.yml"
BULLET = "- "


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
        return TrainingData([message for path in sorted(self._training.glob("*/*.yml")) for message in _read(path)])


def _read(path: Path) -> Iterator[Message]:
    content: Dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    for block in content["nlu"]:
        for text in _examples(path, block):
            yield Message.build(text, block["intent"], intent_metadata=block.get("metadata"))


def _examples(path: Path, block: Dict[str, Any]) -> List[str]:
    """Return the examples of a block; a line that is none is named instead of being lost."""
    lines = [line for line in block["examples"].splitlines() if line.strip()]
    for line in lines:
        if not line.startswith(BULLET) or not line[len(BULLET) :].strip():
            raise ValueError(f'{path}: "{line}" is no example; an example begins with "{BULLET}".')
    return [line[len(BULLET) :].strip() for line in lines]
