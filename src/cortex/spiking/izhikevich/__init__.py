"""Networks of the cells of Izhikevich (2007) with four receptors, stepped in two schemes."""
