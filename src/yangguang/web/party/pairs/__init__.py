"""谈心谈话: who talked with whom this year and which pairings are missing, without a word of what was said."""
