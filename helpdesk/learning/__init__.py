"""From accepted examples to the model in use: files, a candidate trained apart, the comparison, the swap and back."""
