"""How staff prove who they are: counted attempts, second factor, sign-in from outside, and what stands between."""
