"""投票: a secret ballot of a branch, for whoever is due to vote."""
