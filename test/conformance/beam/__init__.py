"""The pipelines of the conformance list in Beam Python, a file for each of pipelines/*.ts."""
