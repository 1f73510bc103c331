"""Runs the nodes of a loaded model one after the other.

Rasa hands its graph to dask, which plans every run anew; for the dozen small nodes of a prediction the planning costs
more than the nodes. The order never changes, so it is worked out once.
"""

from typing import Any, Dict, List, Optional, Tuple

from rasa.engine.graph import GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner


class StraightRunner(DaskGraphRunner):
    """A graph runner over the nodes that another has already loaded."""

    def __init__(self, loaded: DaskGraphRunner) -> None:
        """Take over the nodes; nothing is loaded twice."""
        self.__dict__.update(vars(loaded))
        self._orders: Dict[Tuple[str, ...], List[Tuple[str, List[str]]]] = {}

    def run(self, inputs: Optional[Dict[str, Any]] = None, targets: Optional[List[str]] = None) -> Dict[str, Any]:
        """Return what the targets give for the inputs."""
        wanted = tuple(targets or self._graph_schema.target_names)
        if wanted not in self._orders:
            self._orders[wanted] = _order(self._graph_schema.minimal_graph_schema(list(wanted)))
        results: Dict[str, Tuple[str, Any]] = {name: (name, value) for name, value in (inputs or {}).items()}
        for name, needs in self._orders[wanted]:
            results[name] = self._instantiated_nodes[name](*(results[need] for need in needs))
        return {name: results[name][1] for name in wanted}


def _order(schema: GraphSchema) -> List[Tuple[str, List[str]]]:
    """Return the nodes with what each needs, every node after its needs."""
    ordered: Dict[str, List[str]] = {}

    def place(name: str) -> None:
        if name in ordered or name not in schema.nodes:
            return
        needs = list(dict.fromkeys(schema.nodes[name].needs.values()))
        for need in needs:
            place(need)
        ordered[name] = needs

    for name in schema.nodes:
        place(name)
    return list(ordered.items())
