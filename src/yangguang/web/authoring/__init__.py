"""编制招标文件: the tender document as data, its scoring tried on samples, its papers, publication and changes."""
