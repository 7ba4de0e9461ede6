"""What the texts under figures say: named values and claims, computed from the figure's tables."""
