"""What the municipality knows: coverage and the measure of Målbild 4 (measure.md)."""
