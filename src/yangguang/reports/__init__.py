"""Reports (报告): metrics, outlines, checks and official papers, all written from the records."""
