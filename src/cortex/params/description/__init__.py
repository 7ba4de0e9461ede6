"""A network as data: the blocks of a network file, and the normal form they return."""
