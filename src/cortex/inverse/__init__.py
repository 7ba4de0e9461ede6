"""The way back: what each parameter does, networks for a wanted activity, networks of a record."""
