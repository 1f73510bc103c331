"""The control API: acting as people, switching faults, reading the ground truth."""
