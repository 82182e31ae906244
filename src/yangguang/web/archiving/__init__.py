"""归档包下载: the archive of an ended trade as one file, for those who answer for it."""
