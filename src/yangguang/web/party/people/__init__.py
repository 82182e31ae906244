"""人员: the roll of a unit with posts and terms, appointing somebody and ending a post."""
