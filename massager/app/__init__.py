"""The composition root: builds every object of a core by hand. Each module is imported by its own name."""
