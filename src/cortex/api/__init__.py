"""Daily work on one network in a notebook: a line each; `import cortex` offers these names.

A network at one state is a `NetworkCase`; a result prints as a table and draws itself.
"""
