"""The pages of imports and exports, and their API. Each step is a page of its own; what was said is kept with the run."""
