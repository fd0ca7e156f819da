"""The ``bankbot`` command."""
