"""After the opening (投标保证金): what became of every bond, and by when it has to be returned."""
