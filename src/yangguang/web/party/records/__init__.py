"""One record (台账记录) with its roll, links, files, signatures and what may be done with it."""
