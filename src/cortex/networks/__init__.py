"""From a network file and the name of a state to a network that can be worked on."""
