"""What the detection reads: the last minutes, the past it learns from, and what shows a suspicion to be one."""
