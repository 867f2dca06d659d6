"""The records' own rules, on the trial modules of ``tests/core/declaration``."""
