"""What is watched at Corner: the checkout service and, beside it, its fraud model."""
