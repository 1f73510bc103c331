"""Where staff sit: the queue, conversations with their evidence, and the PMO's trends, as server-rendered pages."""
