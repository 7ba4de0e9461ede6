"""The steps of work on any network: predict, simulate, observe, LFP, compare.

Each takes a `NetworkCase` and returns tables: name -> SI columns, as the schemas of
`cortex.io.schemas.network` list them.
"""
